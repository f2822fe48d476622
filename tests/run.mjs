// Runs the suites and counts: `node tests/run.mjs [suite …]`, two suites at a time where they do
// not disturb each other. A suite is a list of programs that speak TAP; a program that dies, says
// less than its plan, or leaves a sanitizer's report has failed. Ends with "N passed, N failed".
// Tests that wait for real time to pass can be late on a busy machine: what fails in a suite with
// `again` runs once more, alone, and a third time if it must, and the last run decides; a sanitizer's
// complaint is never forgiven.
// Cases side by side in one file (tests/e2e/lib/at_once.mjs) do the same within it.
// Each such second run is told at the end: one that shows up often is a fault to be mended.
//   BUILD=build/san   the tree under test     RECORD=1   write tests/COUNT anew
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
process.chdir(root);
const BUILD = process.env.BUILD ?? 'build/san';
const NORMAL = process.env.NORMAL ?? 'build';
const FUZZ_SECONDS = process.env.FUZZ_SECONDS ?? '5';
const OUT = resolve(NORMAL, 'test');
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

const ls = (dir, want) => (existsSync(dir) ? readdirSync(dir).filter((f) => want.test(f)).sort() : []);

// Tests of a folder as their sources stand there; a source without its program is a failure.
const programs = (kind, tree, want = () => true) =>
  ls(`tests/${kind}`, /^test_.*\.c$/)
    .filter((f) => want(`tests/${kind}/${f}`))
    .map((f) => basename(f, '.c'))
    .map((name) => ({ name: `${kind}/${name}`, command: [`${tree}/${kind}/${name}`], timeout: 600 }));

const nodeTests = (kind, tree, want = () => true) =>
  ls(`tests/${kind}`, /\.test\.mjs$/)
    .filter((f) => want(f))
    .map((f) => ({
      name: `${kind}/${f}`,
      command: ['node', '--test', '--test-reporter=tap', `tests/${kind}/${f}`],
      env: { BUILD: tree },
      node: true,
      timeout: 900,
    }));

// Threads are what ThreadSanitizer is for: the C tests of tests/threaded.sh, and the bridge with its
// helpers (tests/e2e/bridge-*: what a bridge does with no other program around it).
const threaded = new Set(execFileSync('tests/threaded.sh', { encoding: 'utf8' }).trim().split('\n'));

function fuzzers() {
  return ls('tests/fuzz', /^fuzz_.*\.c$/).map((f) => {
    const name = basename(f, '.c');
    const seeds = `tests/fuzz/corpus/${name.replace(/^fuzz_/, '')}`;
    const grown = join(OUT, 'corpus', name);
    mkdirSync(grown, { recursive: true });
    return {
      name: `fuzz/${name}`,
      command: [`${NORMAL}/fuzz/${name}`, `-max_total_time=${FUZZ_SECONDS}`, '-timeout=10', '-rss_limit_mb=2048',
        '-print_final_stats=0', `-artifact_prefix=${OUT}/`, grown, ...(existsSync(seeds) ? [seeds] : [])],
      whole: true,
      timeout: Number(FUZZ_SECONDS) + 120,
    };
  });
}

// `alone`: not while another suite runs (it listens, measures or fills both cores).
// `lanes`: so many of its jobs at once; end-to-end tests mostly wait for real time to pass.
const suites = {
  check: { jobs: () => [{ name: 'lint', command: ['bash', 'tests/lint/run.sh'], timeout: 2400 }] },
  unit: { again: true, jobs: () => programs('unit', BUILD) },
  sql: { jobs: () => programs('sql', BUILD) },
  page: { jobs: () => programs('page', BUILD) },
  fuzz: { jobs: fuzzers },
  judge: { jobs: () => [{ name: 'judge', command: ['node', 'tests/eval/score.mjs', '--tap'], env: { BUILD: NORMAL }, timeout: 300 }] },
  tsan: {
    alone: true,
    again: true,
    lanes: 2,
    jobs: () => [...programs('unit', `${NORMAL}/tsan`, (f) => threaded.has(f)), ...programs('sql', `${NORMAL}/tsan`, (f) => threaded.has(f)),
      ...nodeTests('e2e', `${NORMAL}/tsan`, (f) => /^bridge/.test(f)).map((j) => ({ ...j, name: `tsan ${j.name}`, env: { ...j.env, AT_ONCE: '4' } }))],
  },
  e2e: { alone: true, again: true, lanes: 3, jobs: () => nodeTests('e2e', BUILD) },
  web: { alone: true, again: true, jobs: () => nodeTests('web', NORMAL) },
};

const env = (job, reports) => ({
  ...process.env,
  CMOCKA_MESSAGE_OUTPUT: 'TAP',
  ASAN_OPTIONS: `detect_leaks=1:abort_on_error=0:log_path=${reports}`,
  UBSAN_OPTIONS: `print_stacktrace=1:log_path=${reports}`,
  TSAN_OPTIONS: `second_deadlock_stack=1:log_path=${reports}`,
  LSAN_OPTIONS: existsSync('tests/lsan.supp') ? `suppressions=${resolve('tests/lsan.supp')}:print_suppressions=0` : '',
  ...job.env,
});

function run(job, reports) {
  return new Promise((done) => {
    let out = '';
    let late = false;
    const child = spawn(job.command[0], job.command.slice(1), { env: env(job, reports), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const timer = setTimeout(() => {
      late = true;
      try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has just ended */ }
    }, job.timeout * 1000);
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { out += d; });
    child.on('error', (e) => { clearTimeout(timer); done({ out: String(e), code: 127 }); });
    child.on('close', (code, signal) => { clearTimeout(timer); done({ out, code: late ? `timeout after ${job.timeout} s` : signal ?? code }); });
  });
}

// TAP, top level only: {pass, fail, skip, plan, failed: [names]}
function tap(out) {
  const t = { pass: 0, fail: 0, skip: 0, plan: null, failed: [], skipped: [] };
  for (const line of out.split('\n')) {
    const plan = /^1\.\.(\d+)/.exec(line);
    if (plan) t.plan = (t.plan ?? 0) + Number(plan[1]);
    const m = /^(not )?ok \d+(?: -)? (.*)$/.exec(line);
    if (!m) continue;
    if (/# SKIP/i.test(m[2])) { t.skip++; t.skipped.push(m[2]); }
    else if (m[1]) { t.fail++; t.failed.push(m[2]); }
    else t.pass++;
  }
  return t;
}

// node's own sums count the tests inside of describe() too.
function nodeSums(out, t) {
  const sum = (word) => Number([...out.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? NaN);
  if (Number.isNaN(sum('tests'))) return;
  t.pass = sum('pass');
  t.fail = sum('fail') + sum('cancelled');
  t.skip = sum('skipped') + sum('todo');
  t.failed = [...out.matchAll(/^\s*not ok \d+ - (.*)$/gm)].map((m) => m[1]);
  t.skipped = [...out.matchAll(/^\s*ok \d+ - (.*# SKIP.*)$/gm)].map((m) => m[1]);
  t.plan = t.pass + t.fail + t.skip;
}

// What a reader wants of a log: of TAP the failures with their reasons, else its end.
function gist(out) {
  const lines = out.split('\n').filter((l) => !/^#\d+\s+(NEW|REDUCE|pulse|INITED)/.test(l));
  const bad = lines.flatMap((l, i) => (/^\s*not ok /.test(l) ? [lines.slice(i, i + 40)] : []))
    .map((b) => b.slice(0, 1 + (b.slice(1).findIndex((l) => /^\s*(\.\.\.|(not )?ok )/.test(l)) + 1 || 40)));
  return (bad.length ? bad.flat().slice(0, 160) : lines.slice(-60)).join('\n').trim();
}

const totals = { pass: 0, fail: 0, skipped: [], details: [], again: [], counts: {} };

async function runSuite(name) {
  const start = Date.now();
  const s = { pass: 0, fail: 0, skip: 0, took: [] };
  const one = async (job, last) => {
    const begun = Date.now();
    const prefix = `report.${job.name.replace(/\W+/g, '_')}`;
    const { out, code } = await run(job, join(OUT, prefix));
    writeFileSync(join(OUT, `${job.name.replace(/\W+/g, '_')}${last && suites[name].again ? '.again' : ''}.log`), out);
    totals.again.push(...[...out.matchAll(/^\s*# again: (.*)$/gm)].map((m) => `${job.name}: ${m[1]}`));
    s.took.push(`${((Date.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${job.name}`);
    const t = job.whole ? { pass: code === 0 ? 1 : 0, fail: 0, skip: 0, plan: 1, failed: [], skipped: [] } : tap(out);
    if (job.node) nodeSums(out, t);
    const reports = ls(OUT, new RegExp(`^${prefix}\\.\\d+$`)).map((f) => readFileSync(join(OUT, f), 'utf8')).join('\n');
    const loud = /ERROR: (Address|Leak|Thread|Undefined)\w*Sanitizer|WARNING: ThreadSanitizer|: runtime error: /;
    const complaint = loud.test(reports) || loud.test(out);
    const short = !t.fail && (code !== 0 || t.pass + t.skip < (t.plan ?? 1));
    const what = t.fail ? `failed: ${t.failed.join('; ')}` : short ? `ended with ${code}, ${t.pass + t.skip} of ${t.plan ?? '?'} tests` : '';
    if (what && !complaint && !last) return what; // not counted: it runs again
    s.pass += t.pass; s.fail += t.fail + (complaint || short ? 1 : 0); s.skip += t.skip;
    totals.skipped.push(...t.skipped.map((x) => `${job.name}: ${x}`));
    if (complaint) totals.details.push(`--- ${job.name}: a sanitizer complained\n${(reports || out).split('\n').slice(0, 80).join('\n')}`);
    if (what) totals.details.push(`--- ${job.name}: ${what}\n${gist(out)}`);
    return '';
  };
  const late = [];
  const queue = suites[name].jobs();
  const lane = async () => {
    for (let job; (job = queue.shift());) {
      const what = await one(job, !suites[name].again);
      if (what) late.push([job, what]);
    }
  };
  await Promise.all(Array.from({ length: suites[name].lanes ?? 1 }, lane));
  for (const [job, what] of late) {
    totals.again.push(`${job.name}: ${what}`);
    const alone = { ...job, env: { ...job.env, AT_ONCE: '1' }, timeout: 2 * job.timeout };
    const still = await one(alone, false);
    if (!still) continue;
    totals.again.push(`${job.name}: ${still}`);
    await one(alone, true);
  }
  writeFileSync(join(OUT, `times.${name}`), `${s.took.sort().reverse().join('\n')}\n`);
  totals.pass += s.pass; totals.fail += s.fail;
  totals.counts[name] = s.pass + s.fail + s.skip;
  const secs = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`${name.padEnd(6)} ${String(s.pass).padStart(5)} passed ${String(s.fail).padStart(3)} failed${s.skip ? ` ${s.skip} skipped` : ''}  ${secs} s`);
}

function recorded() {
  if (!existsSync('tests/COUNT')) return {};
  return Object.fromEntries(readFileSync('tests/COUNT', 'utf8').trim().split('\n').filter((l) => l && l[0] !== '#').map((l) => l.split(/\s+/)));
}

function compareCounts(names) {
  const was = recorded();
  for (const name of names)
    if (totals.counts[name] < Number(was[name] ?? 0)) {
      totals.fail++;
      totals.details.push(`--- ${name}: ran ${totals.counts[name]} tests, tests/COUNT says ${was[name]} (make count, if that is meant)`);
    }
}

function record(names) {
  const all = { ...recorded(), ...Object.fromEntries(names.map((n) => [n, totals.counts[n]])) };
  writeFileSync('tests/COUNT', '# Tests per suite; fewer is a failure. Written by: make count\n' +
    Object.keys(suites).filter((n) => all[n] !== undefined).map((n) => `${n} ${all[n]}\n`).join(''));
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites);
const unknown = names.filter((n) => !suites[n]);
if (unknown.length) {
  console.error(`no such suite: ${unknown.join(' ')} (there are: ${Object.keys(suites).join(' ')})`);
  process.exit(2);
}
const together = names.filter((n) => !suites[n].alone);
const lane = async () => { for (let n; (n = together.shift());) await runSuite(n); };
await Promise.all([lane(), lane()]);
for (const n of names.filter((x) => suites[x].alone)) await runSuite(n);

if (process.env.RECORD) record(names);
else compareCounts(names);
for (const d of totals.details) console.log(`\n${d}`);
if (totals.again.length) console.log(`\n${totals.again.length} second and third runs, alone, after:\n  ${totals.again.join('\n  ')}`);
if (totals.skipped.length) console.log(`\n${totals.skipped.length} skipped:\n  ${totals.skipped.join('\n  ')}`);
console.log(`${totals.pass} passed, ${totals.fail} failed`);
process.exit(totals.fail ? 1 : 0);
