// Pages and API reads through nginx with a million calls in the database, beside the same of an
// empty one: p99 of each, and the ratio. Both stacks run at once and are asked in turns, so that
// what else the machine does hits both.   node tests/bench/million.mjs [calls] [rounds]
import { execFileSync } from 'node:child_process';
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

const rows = [['/calls', 'session'], ['/reports', 'session'], ['/reports this month', 'session'], ['/reports last month', 'session'],
  ['/callbacks', 'session'], ['/v1/calls', 'token'], ['/v1/callbacks', 'token'], ['/v1/contacts', 'token'], ['/exceptions', 'token']];

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function main() {
  const many = await filled(calls);
  const none = await filled(0);
  process.stdout.write(many.told);
  try {
    const { text } = await many.ask('/reports', { cookie: many.session });
    const month = (label) => new RegExp(`href="(/reports[^"]*)"[^>]*>${label}<`).exec(text)[1].replaceAll('&amp;', '&');
    console.log(`${'through nginx, ms'.padEnd(32)}${['p50', 'p99', 'empty p50', 'empty p99', 'ratio p99'].map((h) => h.padStart(11)).join('')}`);
    for (const [name, how] of rows) {
      const path = / month$/.test(name) ? month(name.includes('this') ? 'This month' : 'Last month') : name;
      const times = [[], []];
      for (let i = 0; i < rounds + 20; i++) {
        for (const [k, s] of [many, none].entries()) {
          const headers = how === 'session' ? { cookie: s.session } : { authorization: `Bearer ${s.token}` };
          const r = await s.ask(path, headers);
          if (r.status !== 200 && r.status !== 429) throw new Error(`${path}: ${r.status} ${r.text.slice(0, 200)}`);
          if (i >= 20 && r.status === 200) times[k].push(r.ms);
        }
      }
      for (const t of times) t.sort((a, b) => a - b);
      if (!times.every((t) => t.length)) throw new Error(`${path}: nothing was answered`);
      const [m, n] = times;
      console.log(`${name.padEnd(32)}${[at(m, 0.5), at(m, 0.99), at(n, 0.5), at(n, 0.99), at(m, 0.99) / at(n, 0.99)]
        .map((v) => v.toFixed(2).padStart(11)).join('')}`);
    }
  } finally {
    for (const s of [many, none]) {
      s.agent.destroy();
      await s.stop();
    }
  }
}

await main();
