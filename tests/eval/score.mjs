// Scores what `frontdesk judge` makes of the development halves in this folder (what their fields
// mean: README.md here), and holds each figure against the last recorded one.
//   node tests/eval/score.mjs [SET …] [--record] [--tap] [--errors N]     all sets, or some
//   node tests/eval/score.mjs SET GOLD.jsonl PRED.jsonl [--errors N]      one file of predictions
// Every figure comes with its 95 % Wilson interval. A figure that is worse than tests/eval/RECORD
// says is a failure, and so is a line without a prediction.
// blind/SET_N are more lines for a set, written before anybody looked at what judges them.
// conversations and conversations_own are folders of callers, played by `frontdesk practice` against
// the example businesses.
//   BUILD=build   whose bin/frontdesk judges
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const RECORD = join(here, 'RECORD');

const lines = (text) => text.split('\n').filter((l) => l.trim()).map((l) => JSON.parse(l));
const count = (list, is) => list.reduce((n, x) => n + (is(x) ? 1 : 0), 0);

export function wilson(k, n, z = 1.96) {
  if (!n) return [0, 0];
  const p = k / n;
  const d = 1 + (z * z) / n;
  const mid = (p + (z * z) / (2 * n)) / d;
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / d;
  return [Math.max(0, mid - half), Math.min(1, mid + half)];
}

// ---- dates: instants, and days on which a profile opens ---------------------------------------

// A time without offset is one of that zone: the offset that holds at it is found by trying.
function instant(text, zone) {
  if (!text) return null;
  if (/(Z|[+-]\d\d:\d\d)$/.test(text)) return Date.parse(text);
  const civil = Date.parse(`${text}Z`);
  const part = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric',
    day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  const offset = (at) => {
    const v = Object.fromEntries(part.formatToParts(at).map((x) => [x.type, Number(x.value)]));
    return Date.UTC(v.year, v.month - 1, v.day, v.hour, v.minute, v.second) - at;
  };
  const first = civil - offset(civil);
  return civil - offset(first);
}

const businesses = JSON.parse(readFileSync(join(here, 'businesses.json'), 'utf8'));
const likes = { denver: 'smart_home', newyork: 'plumbing' };
const weekday = (day) => ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][new Date(`${day}T00:00Z`).getUTCDay()];

function opens(profile, day) {
  if (profile === 'denver24') return true;
  if (profile === 'london')
    return !businesses.dates_profiles.london.closures.includes(day) && !['sat', 'sun'].includes(weekday(day));
  const b = businesses[likes[profile]];
  return !b.closures.includes(day) && (day in b.special || weekday(day) in b.weekly);
}

function openDays(profile, from, to, not = []) {
  const out = [];
  const end = Date.parse(`${(to ?? from).slice(0, 10)}T00:00Z`);
  const begin = Date.parse(`${from.slice(0, 10)}T00:00Z`);
  if (end - begin > 400 * 86400e3) return '';
  for (let at = begin; at <= end; at += 86400e3) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (!not.includes(day) && opens(profile, day)) out.push(day);
  }
  return out.join(' ');
}

function sameWindow(x, y, want) {
  const [s, t, ys, yt] = [want.start, want.end, y.start, y.end].map((v) => instant(v, x.zone));
  if (ys === null || Number.isNaN(ys)) return false;
  if (x.flex) return ys <= s && s <= (yt ?? ys) && (yt ?? ys) - ys <= 7200e3;
  if (t === null) return s <= ys && ys <= s + 3600e3;
  return s === t ? ys === s : ys === s && yt === t; // an exact start: the end may be the job's
}

function sameDate(x, y, want) {
  if (y.kind !== want.kind) return false;
  if (want.kind === 'ask' || want.kind === 'reject') return true;
  if (want.kind === 'slot_window') return sameWindow(x, y, want);
  return Boolean(y.start) && openDays(x.profile, want.start, want.end, want.exclude) ===
    openDays(x.profile, y.start, y.end ?? y.start, y.exclude ?? []);
}

// ---- masking ------------------------------------------------------------------------------------

const escaped = (w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const holds = (text, w) => new RegExp(`(?<![a-z0-9])${escaped(w.toLowerCase())}(?![a-z0-9])`).test(text) ||
  (w.length > 5 && text.includes(w.toLowerCase()));

// ---- the sets: right (strict), right (an alternative will do), and figures of their own ---------
// A figure is [name, how many, of how many, 'up' | 'down': which way is better].

const triggersOf = (x) => [x.expect_triggers, x.optional_triggers ?? []];
const alerts = ['P1', 'P2'];
const bad = new Set(['scam', 'robocall', 'sales', 'phish']);
const isNumber = (v) => typeof v === 'string' && v.startsWith('+');

export const sets = {
  emergency: {
    right: (x, y) => y.severity === x.severity,
    nearly: (x, y) => (x.accept ?? [x.severity]).includes(y.severity),
    shown: (y) => y.severity,
    figures(all) {
      const p1 = all.filter(({ x }) => x.severity === 'P1');
      const alert = all.filter(({ x }) => alerts.includes(x.severity));
      const quiet = all.filter(({ x }) => !alerts.includes(x.severity));
      const none = all.filter(({ x }) => x.severity === 'none');
      const called = (list) => count(list, ({ y }) => alerts.includes(y.severity));
      return [
        ['P1 recall', count(p1, ({ y }) => y.severity === 'P1'), p1.length, 'up'],
        ['P1 answered as P1 or P2', called(p1), p1.length, 'up'],
        ['alert recall (P1, P2)', called(alert), alert.length, 'up'],
        ['false alerts (P3, none)', called(quiet), quiet.length, 'down'],
        ['none called P1', count(none, ({ y }) => y.severity === 'P1'), none.length, 'down'],
      ];
    },
  },
  routing: {
    right: (x, y) => y.script === x.expect_script && y.action === x.expect_action,
    nearly: (x, y) => [x.expect_script, ...(x.accept_script ?? [])].includes(y.script) &&
      [x.expect_action, ...(x.accept_action ?? [])].includes(y.action),
    shown: (y) => `${y.script} ${y.action}`,
    figures(all) {
      const friends = all.filter(({ x }) => x.caller === 'exception');
      const others = all.filter(({ x }) => x.caller !== 'exception');
      const bypass = ({ y }) => y.action === 'transfer_exception';
      return [
        ['script', count(all, ({ x, y }) => y.script === x.expect_script), all.length, 'up'],
        ['action', count(all, ({ x, y }) => y.action === x.expect_action), all.length, 'up'],
        ['exceptions put through', count(friends, bypass), friends.length, 'up'],
        ['bypass given to others', count(others, bypass), others.length, 'down'],
      ];
    },
  },
  dates: {
    right: (x, y) => sameDate(x, y, x.expect),
    nearly: (x, y) => [x.expect, ...(x.accept ?? [])].some((want) => sameDate(x, y, want)),
    shown: (y) => `${y.kind} ${y.start ?? ''} ${y.end ?? ''}`,
    figures(all) {
      const careful = all.filter(({ x }) => ['ask', 'reject'].includes(x.expect.kind));
      return [['booked although ask or reject',
        count(careful, ({ y, nearly }) => !nearly && ['slot_window', 'date'].includes(y.kind)), careful.length, 'down']];
    },
  },
  screening: {
    right: (x, y) => y.decision === x.expect,
    nearly: (x, y) => [x.expect, ...(x.accept ?? [])].includes(y.decision),
    shown: (y) => y.decision,
    figures(all) {
      const urgent = all.filter(({ x }) => x.expect === 'transfer');
      const unwanted = all.filter(({ x }) => x.tags.some((t) => bad.has(t)));
      return [
        ['urgent calls not ended', count(urgent, ({ y }) => ['transfer', 'ask_once'].includes(y.decision)), urgent.length, 'up'],
        ['scam or sales put through', count(unwanted, ({ y }) => y.decision === 'transfer'), unwanted.length, 'down'],
      ];
    },
  },
  escalation: {
    right: (x, y) => [...(y.triggers ?? ['missing'])].sort().join() === [...x.expect_triggers].sort().join(),
    nearly(x, y) {
      const [want, optional] = triggersOf(x);
      const plain = (list) => list.filter((t) => !optional.includes(t)).sort().join();
      return plain(y.triggers ?? ['missing']) === plain(want);
    },
    shown: (y) => (y.triggers ?? []).join(' '),
    figures(all) {
      const clean = all.filter(({ x }) => !x.expect_triggers.length);
      const left = count(clean, ({ x, y }) => !(y.triggers ?? []).some((t) => !triggersOf(x)[1].includes(t)));
      const names = [...new Set(all.flatMap(({ x }) => x.expect_triggers))].sort();
      const recall = names.map((t) => {
        const meant = all.filter(({ x }) => x.expect_triggers.includes(t) && !triggersOf(x)[1].includes(t));
        return [`${t} found`, count(meant, ({ y }) => (y.triggers ?? []).includes(t)), meant.length, 'up'];
      });
      return [['clean texts left clean', left, clean.length, 'up'], ...recall];
    },
  },
  phones: {
    right: (x, y) => y.e164 === x.expect_e164,
    nearly: (x, y) => y.e164 === x.expect_e164,
    shown: (y) => y.e164,
    figures(all) {
      const none = all.filter(({ x }) => x.expect_e164 === null);
      const some = all.filter(({ x }) => isNumber(x.expect_e164));
      return [
        ['invented a number', count(none, ({ y }) => isNumber(y.e164)), none.length, 'down'],
        ['wrong number instead of none', count(some, ({ y, right }) => isNumber(y.e164) && !right), some.length, 'down'],
      ];
    },
  },
  masking: {
    right: (x, y) => sets.masking.nearly(x, y) && x.must_contain.every((w) => y.text.toLowerCase().includes(w.toLowerCase())),
    nearly: (x, y) => typeof y.text === 'string' && !x.must_not_contain.some((w) => holds(y.text.toLowerCase(), w)),
    shown: (y) => y.text,
    figures(all) {
      const secret = all.filter(({ x }) => x.must_not_contain.length);
      const needed = all.filter(({ x }) => x.must_contain.length);
      const lost = ({ x, y }) => typeof y.text === 'string' && !x.must_contain.every((w) => y.text.toLowerCase().includes(w.toLowerCase()));
      return [
        ['texts that leak', count(secret, ({ nearly }) => !nearly), secret.length, 'down'],
        ['texts that lost needed words', count(needed, lost), needed.length, 'down'],
      ];
    },
  },
};

export function score(name, gold, predictions) {
  const by = new Map(predictions.map((y) => [y.id, y]));
  const all = gold.map((x) => {
    const y = by.get(x.id) ?? {};
    return { x, y, missing: !by.has(x.id), right: sets[name].right(x, y), nearly: sets[name].nearly(x, y) };
  });
  return {
    all,
    missing: count(all, (r) => r.missing),
    figures: [
      ...sets[name].figures(all),
      ['accuracy strict', count(all, (r) => r.right), all.length, 'up'],
      ['accuracy lenient', count(all, (r) => r.nearly), all.length, 'up'],
    ],
  };
}

const percent = (v) => (100 * v).toFixed(1);
function row([name, k, n]) {
  const [low, high] = wilson(k, n);
  return `${name.padEnd(32)} ${String(k).padStart(4)}/${String(n).padEnd(4)} = ${percent(n ? k / n : 0).padStart(5)} %   (95 %: ${percent(low)}-${percent(high)})`;
}

function wrong(name, all, most) {
  for (const { x, y } of all.filter((r) => !r.nearly).slice(0, most)) {
    const want = x.severity ?? x.expect ?? x.expect_e164 ?? x.expect_triggers ?? (x.expect_action ? `${x.expect_script} ${x.expect_action}` : '');
    console.log(`    ${x.id} ${JSON.stringify(x.text ?? x.input).slice(0, 110)} | want ${JSON.stringify(want)} | got ${sets[name].shown(y)}`);
  }
}

// ---- against the record -----------------------------------------------------------------------

const key = (set, figure) => `${set}: ${figure}`;

function recorded() {
  if (!existsSync(RECORD)) return new Map();
  const rows = readFileSync(RECORD, 'utf8').split('\n').map((l) => /^(.+?: .+?) +(\d+)\/(\d+)$/.exec(l)).filter(Boolean);
  return new Map(rows.map(([, name, k, n]) => [name, [Number(k), Number(n)]]));
}

// Worse than recorded, as a share: the sets may grow.
function worse([, k, n, better], was) {
  if (!was || !n || !was[1]) return Boolean(was && was[1] && !n);
  return better === 'up' ? k * was[1] < was[0] * n : k * was[1] > was[0] * n;
}

// blind/emergency_1 is judged and counted as emergency is.
const kindOf = (name) => name.replace(/^blind\//, '').replace(/_\d+$/, '');
const blind = readdirSync(join(here, 'blind')).filter((f) => f.endsWith('.jsonl')).sort().map((f) => `blind/${f.slice(0, -6)}`);

function judge(name, gold) {
  const program = join(process.env.BUILD ?? 'build', 'bin/frontdesk');
  const got = spawnSync(program, ['judge', kindOf(name), gold], { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (got.error) throw got.error;
  return { ...got, predictions: got.status === 2 ? [] : lines(got.stdout) };
}

// One set: what was found, as {figures, problems}; printed unless quiet.
function run(name, was, { errors, say }) {
  const gold = join(here, `${name}.jsonl`);
  const got = judge(name, gold);
  if (got.status === 2) { // a set that no program judges yet is no failure until it is recorded
    say(`${name}: ${got.stderr.trim()}`);
    return { figures: [], problems: [...was.keys()].some((k) => k.startsWith(`${name}: `)) ? [`${name} is not judged any more`] : [] };
  }
  const { all, missing, figures } = score(kindOf(name), lines(readFileSync(gold, 'utf8')), got.predictions);
  const { problems } = compare(name, all.length, figures, was, say);
  if (missing || got.status) problems.push(`${name}: ${missing} lines without a prediction ${got.stderr.trim()}`);
  if (errors) wrong(kindOf(name), all, errors);
  return { figures, problems };
}

// Each figure against the last recorded one.
function compare(name, n, figures, was, say) {
  const problems = [];
  say(`${name}: ${n} lines`);
  for (const f of figures) {
    const before = was.get(key(name, f[0]));
    const fell = worse(f, before);
    if (fell) problems.push(`${key(name, f[0])} is ${f[1]}/${f[2]}, was ${before[0]}/${before[1]}`);
    say(`  ${row(f)}${fell ? `   WORSE than ${before[0]}/${before[1]}` : ''}`);
  }
  for (const k of was.keys())
    if (k.startsWith(`${name}: `) && !figures.some((f) => key(name, f[0]) === k)) problems.push(`${k} is not measured any more`);
  return { problems };
}

// ---- callers: what came of each is compared by the program that plays them -----------------------

const callers = ['conversations', 'conversations_own'];

function play(name, was, { errors, say }) {
  const program = join(process.env.BUILD ?? 'build', 'bin/frontdesk');
  const nobody = mkdtempSync(join(tmpdir(), 'frontdesk-judge-')); // no database: the examples are played
  const got = spawnSync(program, ['practice', '--json', join(here, name)],
    { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, FRONTDESK_DATA: nobody } });
  rmSync(nobody, { recursive: true });
  if (got.error) throw got.error;
  const all = lines(got.stdout);
  const checks = all.reduce((n, x) => n + x.checks, 0);
  const failed = all.reduce((n, x) => n + x.reasons.length, 0);
  const figures = [['callers that end as they should', count(all, (x) => x.green), all.length, 'up'], ['single checks', checks - failed, checks, 'up']];
  const { problems } = compare(name, all.length, figures, was, say);
  if (!all.length || got.status > 1) problems.push(`${name}: ${got.stderr.trim()}`);
  for (const x of all.filter((c) => !c.green).slice(0, errors)) console.log(`    ${x.id} ${x.reasons.join('; ')}`);
  return { figures, problems };
}

function record(was, found) {
  const all = new Map(was);
  for (const [name, figures] of found) {
    for (const k of [...all.keys()].filter((x) => x.startsWith(`${name}: `))) all.delete(k);
    for (const f of figures) all.set(key(name, f[0]), [f[1], f[2]]);
  }
  const text = [...all].map(([k, [a, b]]) => `${k.padEnd(48)} ${a}/${b}\n`).join('');
  writeFileSync(RECORD, `Figures of the development halves; worse ones fail. Written by: make judge RECORD=1\n${text}`);
}

function main(args) {
  const flag = (name) => args.includes(name) && Boolean(args.splice(args.indexOf(name), 1));
  const errors = args.includes('--errors') ? Number(args.splice(args.indexOf('--errors'), 2)[1]) : 0;
  const [write, tap] = [flag('--record'), flag('--tap')];
  const every = [...Object.keys(sets), ...blind, ...callers];
  if (args.length === 3 && !every.includes(args[1])) {
    const { all, figures } = score(args[0], ...args.slice(1).map((f) => lines(readFileSync(f, 'utf8'))));
    for (const f of figures) console.log(row(f));
    wrong(args[0], all, errors);
    return 0;
  }
  const names = args.length ? args : every;
  const unknown = names.filter((n) => !every.includes(n));
  if (unknown.length) {
    console.error(`no such set: ${unknown.join(' ')} (there are: ${every.join(' ')})`);
    return 2;
  }
  const was = recorded();
  const found = new Map();
  const problems = [];
  for (const name of names) {
    const got = (callers.includes(name) ? play : run)(name, was, { errors, say: tap ? () => {} : console.log });
    problems.push(...got.problems);
    if (got.figures.length) found.set(name, got.figures);
    if (tap) console.log(`${got.problems.length ? 'not ok' : 'ok'} ${names.indexOf(name) + 1} - ${name}${got.problems.map((p) => `\n# ${p}`).join('')}`);
  }
  if (tap) console.log(`1..${names.length}`);
  else for (const p of problems) console.log(`\n${p}`);
  if (write) record(was, found);
  return problems.length && !write ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
