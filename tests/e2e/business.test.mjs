// Businesses from files: the commands, and our schema's check against another's (ajv).
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { remove, root, run, scratch } from './stack.mjs';

const slugs = ['smart_home', 'dental', 'concierge', 'plumbing', 'handyman'];
const file = (slug) => path.join(root, 'businesses', `${slug}.json`);
const read = (slug) => JSON.parse(fs.readFileSync(file(slug), 'utf8'));

describe('the commands', () => {
  let folder, env;
  const business = (...args) => run(['business', ...args], { env });
  const write = (name, value) => {
    const where = path.join(folder, name);
    fs.writeFileSync(where, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
    return where;
  };
  before(async () => {
    folder = scratch();
    env = { FRONTDESK_DATA: path.join(folder, 'data') };
    fs.mkdirSync(env.FRONTDESK_DATA);
    assert.equal((await run(['db', 'migrate'], { env })).code, 0);
  });
  after(() => remove(folder));

  test('the five examples are taken', async () => {
    const checked = await business('check', ...slugs.map(file));
    assert.equal(checked.code, 0, checked.err);
    assert.equal(checked.out.trim().split('\n').length, 5);
    for (const slug of slugs) {
      const added = await business('add', file(slug));
      assert.equal(added.code, 0, added.err);
      assert.match(added.out, new RegExp(`\\(${slug}\\) answers \\+1`));
    }
    const list = (await business('list')).out;
    for (const slug of slugs) assert.match(list, new RegExp(`^${slug} +\\S.*\\+1\\d{10}$`, 'm'));
  });

  test('a wrong one is refused, line by line, and nothing of it is kept', async () => {
    const text = fs.readFileSync(file('plumbing'), 'utf8')
      .replace('"slug": "plumbing"', '"slug": "broken"')
      .replace('["07:00", "17:00"]', '["07:00", "17 o\'clock"]')
      .replace('"owner": {"name": "Sal"', '"owner": {"naem": "Sal"');
    const at = (part) => text.split('\n').findIndex((line) => line.includes(part)) + 1;
    const where = write('broken.json', text);
    for (const command of ['check', 'add', 'update']) {
      const got = await business(command, where);
      assert.equal(got.code, 1);
      assert.match(got.err, new RegExp(`broken.json: line ${at("17 o'clock")}: hours\\.weekly\\.mon\\[0\\]\\[1\\] must be a time like "08:30"`));
      assert.match(got.err, new RegExp(`broken.json: line ${at('naem')}: owner\\.naem is not known here: did you mean name\\?`));
      assert.equal(got.err.trim().split('\n').length, 2, got.err);
    }
    assert.doesNotMatch((await business('list')).out, /broken/);
    const none = await business('add', path.join(folder, 'nowhere.json'));
    assert.equal(none.code, 1);
    assert.match(none.err, /nowhere\.json: it cannot be read: No such file/);
  });

  test('an update replaces the profile; a number of another business is refused', async () => {
    const doc = read('handyman');
    doc.name = 'Brighter Hammer';
    doc.locations = [{ branch: 'Valley', numbers: ['+12135550110'], zone: 'America/Phoenix', greeting: 'Valley branch.' }];
    const got = await business('update', write('h.json', doc));
    assert.equal(got.code, 0, got.err);
    const shown = (await business('show', 'handyman')).out;
    assert.match(shown, /^Brighter Hammer \(handyman\)$/m);
    assert.match(shown, /^Brighter Hammer \(handyman\), Valley\n[\s\S]*numbers +\+12135550110\n +zone +America\/Phoenix/m);
    doc.numbers = ['+16305550100'];
    const taken = await business('update', write('h.json', doc));
    assert.equal(taken.code, 1);
    assert.match(taken.err, /the number \+16305550100 belongs to a business already/);
    assert.match((await business('show', 'handyman')).out, /numbers +\+12135550100$/m);
    const gone = await business('update', write('h.json', { ...doc, slug: 'nobody' }));
    assert.equal(gone.code, 1);
    assert.match(gone.err, /there is no business "nobody"/);
  });

  test('what is shown as JSON is a file again; the PIN is never shown', async () => {
    const text = (await business('show', 'dental', '--json')).out;
    const doc = JSON.parse(text);
    const want = read('dental');
    delete want.$schema;
    delete want.owner.pin;
    assert.deepEqual(doc, want);
    assert.equal((await business('update', write('d.json', text))).code, 0);
    const shown = (await business('show', 'dental')).out;
    assert.match(shown, /voice PIN +\(set\)/); // it stayed
    assert.doesNotMatch(shown + text, /4471/);
    const rows = execFileSync('sqlite3', [path.join(env.FRONTDESK_DATA, 'frontdesk.db'), 'SELECT quote(profile), quote(people) FROM tenant; SELECT quote(overlay), quote(people), quote(owner_phone) FROM location'], { encoding: 'utf8' });
    assert.doesNotMatch(rows.replace(/X'[0-9A-F]*'/g, ''), /4471|\+13035550102/); // sealed
    assert.match((await run(['db', 'check'], { env })).out, /sealed/);
  });

  test('dated exceptions: closed, other hours, somebody away; taken back', async () => {
    const except = (...args) => business('except', 'plumbing', ...args);
    const year = new Date().getUTCFullYear() + 1;
    let got = await except('--from', `${year}-03-12`, '--to', `${year}-03-18`, '--closed', '--label', 'Sal away');
    assert.equal(got.code, 0, got.err);
    assert.match(got.out, new RegExp(`exception +${year}-03-12 to ${year}-03-18 .*\\(Sal away\\)`));
    got = await except('--from', `${year}-04-01`, '--open', '10:00-14:00');
    assert.match(got.out, new RegExp(`exception +${year}-04-01 .*\\(other hours\\)`));
    got = await except('--from', `${year}-05-01`, '--away', 'dom');
    assert.match(got.out, /\(Dom Ferris away\)/);
    got = await except('--from', `${year}-03-12`, '--remove');
    assert.equal(got.code, 0);
    assert.doesNotMatch(got.out, /Sal away/);
    assert.equal((await except('--from', `${year}-03-12`, '--remove')).code, 1);
    for (const [args, said] of [
      [['--closed'], /--from wants a day/],
      [['--from', '2026-02-30', '--closed'], /--from wants a day/],
      [['--from', `${year}-03-12`, '--to', `${year}-03-11`, '--closed'], /--to wants a day that is not before/],
      [['--from', `${year}-03-12`], /say what is different/],
      [['--from', `${year}-03-12`, '--open', 'ten'], /--open wants times/],
      [['--from', `${year}-03-12`, '--closed', '--open', '10:00-11:00'], /either/],
    ]) {
      got = await except(...args);
      assert.equal(got.code, 2);
      assert.match(got.err, said);
    }
    assert.match((await except('--from', `${year}-03-12`, '--away', 'Zed')).err, /"Zed" is nobody of this business/);
    assert.match((await except('--from', '2020-01-01', '--closed')).err, /it is over already/);
    assert.match((await except('--from', `${year}-03-12`, '--closed', '--branch', 'North')).err, /no branch "North"/);
    assert.equal((await business('update', file('plumbing'))).code, 0);
    assert.match((await business('show', 'plumbing')).out, /\(Dom Ferris away\)/); // the file does not undo it
  });
});

// Every value of the examples taken away or replaced: whenever ajv refuses, we do, and the other way
// round but for what no schema can say.
test('our check of the schema agrees with another', async () => {
  const schema = JSON.parse(fs.readFileSync(path.join(root, 'businesses/schema.json'), 'utf8'));
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
  ajv.addFormat('date', (s) => /^\d{4}-\d\d-\d\d$/.test(s) && !Number.isNaN(Date.parse(`${s}T00:00:00Z`)) && new Date(`${s}T00:00:00Z`).toISOString().startsWith(s));
  const valid = ajv.compile(schema);
  const beyond = /twice|is nobody here|is not right|no number that can be called|time zone this machine|belongs to|must not be before|names ".*"/;
  const others = [null, 7, 7.5, -1, true, '', 'x', '08:61', '2026-02-30', 'x'.repeat(500), [], ['x'], {}, { x: 1 }];
  const folder = scratch();
  let mutants = [];
  const walk = (doc, value, replace) => {
    for (const other of others) mutants.push(replace(other));
    if (value === null || typeof value !== 'object') return;
    const keys = Array.isArray(value) ? [...value.keys()].slice(0, 2) : Object.keys(value);
    for (const key of keys) {
      const change = (fn) => replace(((copy) => { fn(copy); return copy; })(structuredClone(value)));
      if (!Array.isArray(value)) mutants.push(change((c) => { delete c[key]; }));
      walk(doc, value[key], (other) => change((c) => { c[key] = other; }));
    }
  };
  try {
    for (const slug of ['dental', 'handyman']) {
      const doc = read(slug);
      assert.ok(valid(doc), JSON.stringify(valid.errors));
      walk(doc, doc, (other) => other);
    }
    // one in many: all of them (FULL=1) take minutes under the sanitizers
    if (!process.env.FULL) mutants = mutants.filter((_, i) => i % 19 === 0);
    const names = mutants.map((doc, i) => {
      const name = path.join(folder, `${i}.json`);
      fs.writeFileSync(name, JSON.stringify(doc));
      return name;
    });
    assert.ok(names.length > 200, `${names.length}`);
    const refused = new Map();
    for (let i = 0; i < names.length; i += 1000) {
      const got = await run(['business', 'check', ...names.slice(i, i + 1000)]);
      for (const line of got.err.split('\n')) {
        const [, n, words] = /\/(\d+)\.json: (line .*)$/.exec(line) ?? [];
        if (n) refused.set(Number(n), [...(refused.get(Number(n)) ?? []), words]);
      }
    }
    let differ = 0;
    mutants.forEach((doc, i) => {
      const ours = refused.get(i);
      if (!valid(doc)) {
        if (!ours && ++differ < 5) console.error(`ajv refuses ${JSON.stringify(valid.errors)}, we do not: ${JSON.stringify(doc).slice(0, 300)}`);
      } else if (ours && !ours.every((words) => beyond.test(words)) && ++differ < 5) {
        console.error(`we refuse ${ours}, ajv does not`);
      }
    });
    assert.equal(differ, 0);
  } finally {
    remove(folder);
  }
});
