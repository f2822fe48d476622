// The webhook of a call that comes in, through nginx: its rate beside that of an empty FastCGI
// program behind the same nginx. In turns, so that what else the machine does hits both.
//   node tests/bench/hooks.mjs [seconds] [turns]
//
// On a machine that does other things rates say little; "CPU us" is the time on the processor that
// one answer takes the server (nginx and all threads).
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../e2e/stack.mjs';
import { start } from '../web/lib/stack.mjs';

const seconds = Number(process.argv[2] ?? 3);
const turns = Number(process.argv[3] ?? 3);
const CONNECTIONS = 16;
const token = 'bench-token';
process.env.TWILIO_AUTH_TOKEN = token;
process.env.LOOP_CALLS = '0';

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

const behindNginx = async (name, hook) => {
  const s = await start({ seed: (login, password) => [join(build, 'bench/million'), ['0', login, password]], programs: ['admin', hook] });
  return { name, base: s.base, port: Number(new URL(s.base).port), pids: s.pids, stop: s.stop };
};

const run = (s, rate) => new Promise((done, fail) => {
  const before = work(s.pids);
  execFile(join(build, 'bench/hook_load'), [s.port, s.base, seconds, CONNECTIONS, rate].map(String), (e, out) => {
    if (e) return fail(e);
    const r = JSON.parse(out);
    done({ ...r, us: (work(s.pids) - before) / 1000 / r.answered });
  });
});

const middle = (v) => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];

async function main() {
  const all = [await behindNginx('ours', 'hook'), await behindNginx('empty FastCGI program', ['hook', join(build, 'bench/empty_fcgi')])];
  try {
    const most = all.map(() => []);
    for (let i = 0; i < turns + 1; i++) {
      for (const [k, s] of all.entries()) {
        const r = await run(s, 0);
        if (r.bad) throw new Error(`${s.name}: ${r.bad} were not answered as they should be`);
        if (i) most[k].push(r); // the first turn warms up
      }
    }
    const rate = most.map((v) => middle(v.map((r) => r.rate)));
    const us = most.map((v) => middle(v.map((r) => r.us)));
    console.log(`${'POST /voice/incoming'.padEnd(26)}${['a second', 'to ours', 'CPU us', 'to ours', 'p99 ms', 'half: p99'].map((h) => h.padStart(11)).join('')}`);
    for (const [k, s] of all.entries()) {
      const half = await run(s, rate[k] / 2);
      console.log(`${s.name.padEnd(26)}${[rate[k], rate[k] / rate[0], us[k], us[k] / us[0], middle(most[k].map((r) => r.p99_ms)), half.p99_ms]
        .map((v) => v.toFixed(2).padStart(11)).join('')}`);
    }
  } finally {
    for (const s of all) await s.stop();
  }
}

await main();
