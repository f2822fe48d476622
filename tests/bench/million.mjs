// Pages and API reads through nginx with a million calls in the database, beside the same of an
// empty one: p99 of each, and the ratio. Both stacks run at once and are asked in turns, so that
// what else the machine does hits both.   node tests/bench/million.mjs [calls] [rounds]
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { build, program } from '../e2e/stack.mjs';
import { start } from '../web/lib/stack.mjs';

const calls = Number(process.argv[2] ?? 1000000);
process.env.API_RATE_PER_MINUTE = '1000000'; // who asks in turns asks often
const rounds = Number(process.argv[3] ?? 300);

async function filled(n) {
  const kept = n && process.env.MILLION; // a data folder that was filled before
  const s = await start({ seed: (login, password, data) => (kept ? ['cp', ['-a', kept, data]]
    : [join(build, 'bench/million'), [String(n), login, password]]),
    programs: ['admin', 'api'] });
  const env = { ...process.env, ...s.env };
  const token = /\S{43}/.exec(execFileSync(program, ['token', 'new', 'bench', '--scope', 'read personal'], { env, encoding: 'utf8' }))[0];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path, headers = {}, body = undefined) => new Promise((done, fail) => {
    const began = process.hrtime.bigint();
    const r = http.request(s.base + path, { agent, headers, method: body ? 'POST' : 'GET' }, (reply) => {
      const parts = [];
      reply.on('data', (d) => parts.push(d));
      reply.on('end', () => done({ status: reply.statusCode, headers: reply.headers, text: Buffer.concat(parts).toString(),
        ms: Number(process.hrtime.bigint() - began) / 1e6 }));
    });
    r.on('error', fail);
    r.end(body);
  });
  const page = await ask('/login');
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const cookie = (r) => (r.headers['set-cookie'] ?? []).map((c) => c.split(';')[0]).join('; ');
  const form = new URLSearchParams({ login: s.login, password: s.password, csrf }).toString();
  const signed = await ask('/login', { 'content-type': 'application/x-www-form-urlencoded', cookie: cookie(page) }, form);
  if (signed.status !== 303) throw new Error(`cannot sign in: ${signed.status}`);
  return { ...s, ask, agent, session: cookie(signed), token };
}

// Every page of the owner, and reads of programs. "one": there must be a call, so it is compared
// with a database of one call.
const rows = [
  ['/', 'session'], ['/calls', 'session'], ['/calls?show=urgent', 'session'], ['/calls?show=callback', 'session'],
  ['/calls?show=messages', 'session'], ['one call', 'one'], ['/callbacks', 'session'], ['/messages', 'session'],
  ['/calendar', 'session'], ['/leads', 'session'], ['/people', 'session'], ['/exceptions', 'session'],
  ['/reports', 'session'], ['/reports this month', 'session'], ['/reports last month', 'session'],
  ['/attention', 'session'], ['/search?q=kitchen', 'session'],
  ['/v1/calls', 'token'], ['/v1/callbacks', 'token'], ['/v1/contacts', 'token'], ['/v1/messages', 'token'],
  ['/v1/leads', 'token'], ['/v1/appointments', 'token'], ['/exceptions', 'token']];

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

// ns on the processor of all threads of a stack's programs, nginx and its workers among them:
// whatever else the machine does is not in it.
const work = (pids) => {
  let ns = 0;
  for (const pid of pids) {
    const kids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    for (const p of [pid, ...kids]) {
      for (const t of readdirSync(`/proc/${p}/task`)) ns += Number(readFileSync(`/proc/${p}/task/${t}/schedstat`, 'utf8').split(' ')[0]);
    }
  }
  return ns;
};

async function pathOf(name, s) {
  const { text } = await s.ask(name === 'one call' ? '/calls' : '/reports', { cookie: s.session });
  if (name === 'one call') return /href="(\/calls\/call_[^"]*)"/.exec(text)[1];
  const month = name.includes('this') ? 'This month' : 'Last month';
  return new RegExp(`href="(/reports[^"]*)"[^>]*>${month}<`).exec(text)[1].replaceAll('&amp;', '&');
}

async function row(name, how, stacks) {
  const times = [[], []];
  const spent = [0, 0];
  const asks = await Promise.all(stacks.map(async (s) => ({ s, path: name.startsWith('/') && !/ month$/.test(name) ? name : await pathOf(name, s) })));
  for (let i = 0; i < rounds + 20; i++) {
    for (const [k, { s, path }] of asks.entries()) {
      const headers = how === 'token' ? { authorization: `Bearer ${s.token}` } : { cookie: s.session, accept: 'text/html' };
      const before = work(s.pids);
      const r = await s.ask(path, headers);
      if (r.status !== 200 && r.status !== 429) throw new Error(`${path}: ${r.status} ${r.text.slice(0, 200)}`);
      if (i < 20 || r.status !== 200) continue;
      times[k].push(r.ms);
      spent[k] += work(s.pids) - before;
    }
  }
  for (const t of times) t.sort((a, b) => a - b);
  if (!times.every((t) => t.length)) throw new Error(`${name}: nothing was answered`);
  const [m, n] = times;
  const cpu = spent.map((ns, k) => ns / 1e6 / times[k].length);
  console.log(`${name.padEnd(26)}${[at(m, 0.5), at(m, 0.99), at(n, 0.5), at(n, 0.99), at(m, 0.99) / at(n, 0.99), cpu[0], cpu[1], cpu[0] / cpu[1]]
    .map((v) => v.toFixed(2).padStart(10)).join('')}`);
}

async function main() {
  const many = await filled(calls);
  const none = await filled(0);
  const one = await filled(1);
  process.stdout.write(many.told);
  try {
    console.log(`${'through nginx, ms'.padEnd(26)}${['p50', 'p99', 'empty p50', 'empty p99', 'ratio p99', 'CPU', 'empty CPU', 'ratio CPU'].map((h) => h.padStart(10)).join('')}`);
    for (const [name, how] of rows) await row(name, how, [many, how === 'one' ? one : none]);
  } finally {
    for (const s of [many, none, one]) {
      s.agent.destroy();
      await s.stop();
    }
  }
}

await main();
