#!/usr/bin/env node
// Trains a linear text classifier (lib/core/linear.h) and writes it as lib/core/NAME_model.inc.
//   scripts/train-linear.mjs NAME FILE.tsv… [--folds 5] [--bits 14] [--min 2] [--l2 0.3] [--keep 0]
//       [--features features] [--dry] [--out PREDICTIONS.tsv] [--test OTHER.tsv]
// A line is: label TAB text [TAB tags [TAB group]]; '#' begins a comment line. Lines of one group stay
// in one fold. The features come from the C code itself (build/train/FEATURES, made of
// scripts/train/FEATURES.c). Multinomial logistic regression by AdaGrad in a fixed order: the same
// input gives the same file. --keep N stores the N buckets of 2^bits that weigh most: few collisions
// in a small table (bits 20, keep 10000 is good). --out has cross-validation answers, with ".test"
// those to the --test file.
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const root = new URL('..', import.meta.url).pathname;
const options = { folds: 5, bits: 14, min: 2, l2: 0.3, keep: 0, epochs: 40, rate: 0.5, dry: false, out: '', test: '', features: 'features' };
const words = [];
for (let i = 2; i < process.argv.length; i++) {
  const key = process.argv[i].replace(/^--/, '');
  if (key === process.argv[i]) words.push(key);
  else if (!(key in options)) fail(`no such option: --${key}`);
  else if (typeof options[key] === 'boolean') options[key] = true;
  else options[key] = typeof options[key] === 'number' ? Number(process.argv[++i]) : process.argv[++i];
}
const [name, ...files] = words;
if (!name || !files.length) fail('usage: train-linear.mjs NAME FILE.tsv… [--folds N] [--bits N] [--min N] [--l2 X] [--dry]');

function fail(text) {
  console.error(text);
  process.exit(2);
}

function readLines(from) {
  const rows = [];
  for (const file of from)
    readFileSync(file, 'utf8').split('\n').forEach((line, i) => {
      if (!line.trim() || line.startsWith('#')) return;
      const [label, text, tags = '', group = ''] = line.split('\t');
      if (text === undefined) fail(`${file}:${i + 1}: no tab`);
      rows.push({ label, text, tags, group: group || `${file}:${i}` });
    });
  return rows;
}

// The C code says what the features are; buckets and values by row.
function addFeatures(rows) {
  const make = spawnSync('make', ['-s', `build/train/${options.features}`], { cwd: root, stdio: ['ignore', 2, 2] });
  if (make.status !== 0) fail('the features program does not build');
  const input = rows.map((r) => `${r.label}\t${r.text}\t${r.tags}\n`).join('');
  const run = spawnSync(`${root}build/train/${options.features}`, { input, maxBuffer: 1 << 30, encoding: 'utf8' });
  if (run.status !== 0) fail('the features program failed');
  const mask = (1 << options.bits) - 1;
  const out = run.stdout.split('\n');
  rows.forEach((r, i) => {
    const sum = new Map();
    let square = 0;
    for (const pair of out[i].trim().split(' ')) {
      if (!pair) continue;
      const [hash, value] = pair.split(':');
      const bucket = (parseInt(hash, 16) & mask) >>> 0;
      sum.set(bucket, (sum.get(bucket) ?? 0) + Number(value));
      square += Number(value) ** 2;
    }
    r.buckets = Int32Array.from(sum.keys());
    r.values = Float64Array.from(sum.values(), (v) => v / Math.sqrt(square || 1));
  });
}

// A small generator of our own, so that the order is the same everywhere.
function shuffled(n, seed) {
  const order = Array.from({ length: n }, (_, i) => i);
  let state = seed >>> 0;
  for (let i = n - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 4294967296) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function scores(model, row) {
  const k = classes.length;
  const s = Float64Array.from(model.bias);
  for (let i = 0; i < row.buckets.length; i++) {
    const at = row.buckets[i] * k;
    for (let c = 0; c < k; c++) s[c] += row.values[i] * model.weights[at + c];
  }
  return s;
}

function softmax(s) {
  const top = Math.max(...s);
  const e = s.map((x) => Math.exp(x - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}

// Buckets that few rows have say little and cost room: they stay zero.
function usedBuckets(rows) {
  const seen = new Int32Array(1 << options.bits);
  for (const r of rows) for (const b of r.buckets) seen[b]++;
  return Uint8Array.from(seen, (n) => (n >= options.min ? 1 : 0));
}

// Only the --keep buckets that weigh most, when that is asked for.
function heaviest(model, used) {
  const k = classes.length;
  const heavy = [];
  for (let b = 0; b < used.length; b++) {
    let top = 0;
    for (let c = 0; c < k; c++) top = Math.max(top, Math.abs(model.weights[b * k + c]));
    if (top > 0) heavy.push([top, b]);
  }
  heavy.sort((x, y) => y[0] - x[0] || x[1] - y[1]);
  const mask = new Uint8Array(used.length);
  for (const [, b] of heavy.slice(0, options.keep)) mask[b] = 1;
  return mask;
}

function train(rows) {
  const used = usedBuckets(rows);
  const model = fit(rows, used);
  return options.keep ? fit(rows, heaviest(model, used)) : model;
}

function fit(rows, used) {
  const k = classes.length;
  const size = (1 << options.bits) * k;
  const model = { weights: new Float64Array(size), bias: new Float64Array(k) };
  const grad2 = new Float64Array(size).fill(1e-3);
  const bias2 = new Float64Array(k).fill(1e-3);
  const decay = options.l2 / rows.length;
  for (let epoch = 0; epoch < options.epochs; epoch++)
    for (const i of shuffled(rows.length, epoch + 1)) {
      const row = rows[i];
      const p = softmax(scores(model, row));
      for (let c = 0; c < k; c++) {
        const miss = p[c] - (row.label === classes[c] ? 1 : 0);
        bias2[c] += miss * miss;
        model.bias[c] -= (options.rate * miss) / Math.sqrt(bias2[c]);
        for (let f = 0; f < row.buckets.length; f++) {
          if (!used[row.buckets[f]]) continue;
          const at = row.buckets[f] * k + c;
          const g = miss * row.values[f] + decay * model.weights[at];
          grad2[at] += g * g;
          model.weights[at] -= (options.rate * g) / Math.sqrt(grad2[at]);
        }
      }
    }
  return model;
}

// A number of a group's name: its fold.
function foldOf(group) {
  let h = 2166136261;
  for (const ch of group) h = Math.imul(h ^ ch.codePointAt(0), 16777619) >>> 0;
  return (h >>> 8) % options.folds;
}

function best(p) {
  return p.indexOf(Math.max(...p));
}

// label, answer, probability of each class, tags, text
function shown(row, p) {
  return [row.label, classes[best(p)], ...Array.from(p, (x) => x.toFixed(3)), row.tags, row.text].join('\t');
}

function crossValidate(rows) {
  const table = classes.map(() => classes.map(() => 0));
  const out = [];
  for (let fold = 0; fold < options.folds; fold++) {
    const model = train(rows.filter((r) => foldOf(r.group) !== fold));
    for (const r of rows.filter((x) => foldOf(x.group) === fold)) {
      const p = softmax(scores(model, r));
      table[classes.indexOf(r.label)][best(p)]++;
      out.push(shown(r, p));
    }
  }
  if (options.out) writeFileSync(options.out, out.join('\n') + '\n');
  report(table, rows.length, `${options.folds} folds`);
}

function report(table, n, what) {
  const right = classes.reduce((a, _, c) => a + table[c][c], 0);
  console.log(`${name}: ${n} lines, ${what}, right ${((100 * right) / n).toFixed(1)} %`);
  console.log('rows = label'.padEnd(18) + classes.map((c) => c.slice(0, 11).padStart(12)).join('') + '   precision  recall');
  classes.forEach((c, i) => {
    const column = classes.reduce((a, _, r) => a + table[r][i], 0);
    const row = table[i].reduce((a, b) => a + b, 0);
    const share = (a, b) => (b ? a / b : 0).toFixed(3).padStart(9);
    console.log(c.slice(0, 17).padEnd(18) + table[i].map((x) => String(x).padStart(12)).join('') +
      share(table[i][i], column) + share(table[i][i], row));
  });
}

// Weights become bytes; what the checks say is computed from the bytes.
function quantised(model) {
  const k = classes.length;
  const scale = classes.map((_, c) => {
    let top = 1e-6;
    for (let b = c; b < model.weights.length; b += k) top = Math.max(top, Math.abs(model.weights[b]));
    return Math.fround(top / 127);
  });
  const bytes = Int8Array.from(model.weights, (w, i) => Math.round(w / scale[i % k]));
  const weights = Float64Array.from(bytes, (w, i) => w * scale[i % k]);
  return { bytes, scale, model: { weights, bias: model.bias.map((b) => Math.fround(b)) } };
}

function cFloat(x) {
  const s = Number(x).toPrecision(7);
  return (/[.e]/.test(s) ? s : `${s}.0`) + 'f';
}

function cString(s) {
  const bytes = Array.from(Buffer.from(s, 'utf8'));
  return '"' + bytes.map((b) => (b === 34 || b === 92 ? '\\' + String.fromCharCode(b)
    : b < 32 || b > 126 || b === 63 ? '\\' + b.toString(8).padStart(3, '0') : String.fromCharCode(b))).join('') + '"';
}

// With --keep only the buckets that count are stored: by their low bits, as lib/core/linear.h says.
function sparse(bytes) {
  const k = classes.length;
  const low = 1 << 12;
  const chains = Array.from({ length: low }, () => []);
  for (let b = 0; b * k < bytes.length; b++)
    if (bytes.subarray(b * k, b * k + k).some((w) => w)) chains[b & (low - 1)].push(b);
  const start = [0];
  for (const c of chains) start.push(start[start.length - 1] + c.length);
  const order = chains.flat();
  const rows = new Int8Array(order.length * k);
  order.forEach((b, i) => rows.set(bytes.subarray(b * k, b * k + k), i * k));
  return { start, rest: order.map((b) => b >>> 12), rows };
}

function cTable(type, what, values) {
  const lines = [];
  for (let i = 0; i < values.length; i += 64) lines.push(Array.from(values.slice(i, i + 64)).join(',') + ',');
  return [`static const ${type} ${name}_${what}[] = {`, ...lines, '};'];
}

function writeModel(trained, rows) {
  const { bytes, scale, model } = quantised(trained);
  const packed = options.keep ? sparse(bytes) : null;
  const step = Math.max(1, Math.floor(rows.length / 40));
  const checks = rows.filter((_, i) => i % step === 0).map((r) =>
    `    {${cString(r.text)}, ${cString(r.tags)}, (const float[]){${Array.from(scores(model, r), cFloat).join(', ')}}},`);
  writeFileSync(`${root}lib/core/${name}_model.inc`, [
    `/* Made by scripts/train-linear.mjs from ${rows.length} lines; not to be edited. */`,
    `static const char *const ${name}_classes[] = {${classes.map(cString).join(', ')}};`,
    `static const float ${name}_scale[] = {${scale.map(cFloat).join(', ')}};`,
    `static const float ${name}_bias[] = {${Array.from(model.bias, cFloat).join(', ')}};`,
    `static const struct desk_linear_check ${name}_checks[] = {`, ...checks, '};',
    ...(packed ? cTable('uint32_t', 'start', packed.start) : []),
    ...(packed ? cTable('uint16_t', 'rest', packed.rest) : []),
    ...cTable('int8_t', 'weights', packed ? packed.rows : bytes),
    `static const struct desk_linear_model ${name}_model = {`,
    `    .name = "${name}", .classes = ${name}_classes, .n_classes = ${classes.length}, .bits = ${options.bits},`,
    ...(packed ? [`    .start = ${name}_start, .rest = ${name}_rest,`] : []),
    `    .weights = ${name}_weights, .scale = ${name}_scale, .bias = ${name}_bias,`,
    `    .checks = ${name}_checks, .n_checks = ${checks.length}};`, ''].join('\n'));
  console.log(`wrote lib/core/${name}_model.inc`);
}

// How a model of all lines does on others.
function test(model, others) {
  const out = [];
  const table = classes.map(() => classes.map(() => 0));
  for (const r of others) {
    const p = softmax(scores(model, r));
    table[classes.indexOf(r.label)][best(p)]++;
    out.push(shown(r, p));
  }
  if (options.out) writeFileSync(options.out + '.test', out.join('\n') + '\n');
  report(table, others.length, options.test);
}

const rows = readLines(files);
const classes = [...new Set(rows.map((r) => r.label))].sort();
addFeatures(rows);
if (options.folds > 1) crossValidate(rows);
const model = options.test || !options.dry ? train(rows) : null;
if (options.test) {
  const others = readLines([options.test]);
  addFeatures(others);
  test(model, others);
}
if (!options.dry) writeModel(model, rows);
