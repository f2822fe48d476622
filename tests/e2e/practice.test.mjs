// frontdesk practice: scripted callers against a copy of a business; the owner's data stays as it is.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { TestDb } from './lib/db.mjs';
import { cleanEnv, remove, root, run, scratch } from './stack.mjs';

const DEV = path.join(root, 'tests/eval/conversations');
const caller = (more = {}) => ({
  id: 'x-1', title: 'wants a call', business: 'plumbing', now: '2026-11-17T10:00:00-05:00', caller_number: '+18605550123',
  opening: 'please ring me back about my bill', facts: { name: 'Jo Park', number: '+18605550123', address: '5 Elm Street' },
  lines: { confirm: ['yes'], ask_time: ['tomorrow morning'], anything_else: ['no'], fallback: ['a call back'] },
  expect: { callbacks: [{ number: '+18605550123' }], alerts: [] }, ...more });

let dir, empty;
const write = (name, what) => {
  const file = path.join(dir, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof what === 'string' ? what : JSON.stringify(what, null, 1));
  return file;
};
const practice = (args, env = {}) => run(['practice', ...args], { env: cleanEnv({ FRONTDESK_DATA: empty, FRONTDESK_SHARE: root, TMPDIR: dir, ...env }) });
const lines = (text) => text.split('\n').filter(Boolean).map((l) => JSON.parse(l));
const left = () => fs.readdirSync(dir).filter((f) => f.startsWith('frontdesk-practice-'));

before(() => { dir = scratch('desk-practice-'); empty = path.join(dir, 'none'); });
after(() => remove(dir));

describe('frontdesk practice', () => {
  test('without a database the example business is called; green, exit 0, and nothing is left', async () => {
    const got = await practice([write('one.json', caller())]);
    assert.match(got.out, /^green {2}x-1 {2}wants a call\n1 of 1 callers end as they should\.\n$/, got.out + got.err);
    assert.equal(got.code, 0, got.err);
    assert.equal(got.err, '');
    assert.deepEqual(left(), []);
    assert.equal(fs.existsSync(empty), false);
  });

  test('one that ends otherwise is red, with the reason in words, exit 1', async () => {
    const got = await practice([write('red.json', caller({ expect: { callbacks: [], tickets: [{ contains: 'shade' }] } }))]);
    assert.equal(got.code, 1);
    assert.match(got.out, /^red {4}x-1/);
    assert.match(got.out, /a callback was promised, and none should be/);
    assert.match(got.out, /no ticket was opened/);
  });

  test('a folder is played file by file; --json has facts and words; --filter chooses', async () => {
    const folder = path.dirname(write('folder/a.json', caller({ id: 'a', tags: ['calm'] })));
    write('folder/b.json', caller({ id: 'b', title: 'other' }));
    write('folder/notes.txt', 'not a caller');
    const all = await practice(['--json', folder]);
    assert.deepEqual(lines(all.out).map((x) => [x.id, x.green]), [['a', true], ['b', true]], all.out + all.err);
    const [a] = lines(all.out);
    assert.equal(a.facts.callbacks[0].number, '+18605550123');
    assert.equal(a.facts.callbacks[0].due, '2026-11-18T08:00:00-05:00');
    assert.equal(a.facts.session.status, 'COMPLETED');
    assert.equal(a.transcript[0].who, 'agent');
    assert.equal(a.transcript[1].text, caller().opening);
    assert.deepEqual(lines((await practice(['--json', '--filter', 'CALM', folder])).out).map((x) => x.id), ['a']);
    const none = await practice(['--filter', 'nobody', folder]);
    assert.equal(none.code, 1);
    assert.match(none.err, /no caller fits --filter nobody/);
  });

  test('bad files are told by their line, the others are played', async () => {
    const folder = path.dirname(write('bad/1.json', '{\n "id": "a",\n'));
    write('bad/2.json', JSON.stringify(caller({ id: 'b', lines: { ask_name: 'jo' }, shade: 1 }), null, 1));
    write('bad/3.json', caller({ id: 'c' }));
    write('bad/4.json', caller({ id: 'd', business: 'zoo' }));
    write('bad/5.json', caller({ id: 'e', seed_db: { appointments: [{ service: 'haircut', start: '2026-11-18T09:00-05:00' }] } }));
    const got = await practice([folder]);
    assert.equal(got.code, 1);
    assert.match(got.out, /1\.json:3: this is not JSON/);
    assert.match(got.out, /2\.json:\d+: lines\.ask_name must be a list of answers/);
    assert.match(got.out, /2\.json:\d+: shade /);
    assert.match(got.out, /^green {2}c/m);
    assert.match(got.out, /there is no example business "zoo"/);
    assert.match(got.out, /this business has no service "haircut"/);
    assert.match(got.out, /1 of 5 callers/);
  });

  test('asked wrongly, or for what is not there', async () => {
    assert.equal((await practice([])).code, 2);
    assert.equal((await practice(['--loud', DEV])).code, 2);
    const gone = await practice([path.join(dir, 'gone.json')]);
    assert.equal(gone.code, 1);
    assert.match(gone.err, /gone\.json cannot be read/);
    fs.mkdirSync(path.join(dir, 'hollow'));
    assert.match((await practice([path.join(dir, 'hollow')])).err, /there is no caller/);
  });

  test('--keep keeps a data folder for each caller', async () => {
    const got = await practice(['--keep', write('keep.json', caller({ id: 'kept' }))]);
    const kept = /Kept: (\S+)/.exec(got.out)[1];
    const rows = execFileSync('sqlite3', [path.join(kept, 'kept/frontdesk.db'), "SELECT state FROM outbox; SELECT count(*) FROM callback"], { encoding: 'utf8' });
    assert.match(rows, /^(waiting\n)*1\n$/);
    remove(kept);
  });

  test('an owner\'s PIN opens the day, and is kept nowhere', async () => {
    const owner = caller({ id: 'o', caller_number: '+18605550101', known_contact: { role: 'owner' }, opening: 'any callbacks', lines: { ask_pin: ['four four seven one'], anything_else: ['goodbye'], fallback: ['callbacks'] }, expect: { said_any: ['callback'] } });
    const [x] = lines((await practice(['--json', write('owner.json', owner)])).out);
    assert.equal(x.green, true, JSON.stringify(x));
    assert.doesNotMatch(JSON.stringify(x), /seven one|4471/);
    const wrong = { ...owner, id: 'w', lines: { ...owner.lines, ask_pin: ['one two three four'] }, expect: { must_not_say: ['callbacks today', 'no callbacks'] } };
    const [y] = lines((await practice(['--json', write('wrong.json', wrong)])).out);
    assert.equal(y.green, true, JSON.stringify(y.reasons));
    assert.match(JSON.stringify(y.transcript), /ordinary call/);
  });

  test('every caller of the development half is played to its end', async () => {
    const got = lines((await practice(['--json', DEV])).out);
    assert.equal(got.length, fs.readdirSync(DEV).length);
    for (const x of got) {
      assert.ok(x.facts && (x.transcript.length || x.facts.transfers.length), JSON.stringify(x.reasons));
      assert.notEqual(x.facts.session.status, 'ACTIVE');
    }
  });
});

describe('by telephone', () => {
  test('a caller speaks, is heard by the offline engine at the caller\'s time, and hangs up', async () => {
    const spoken = caller({ id: 'voice', now: '2026-11-17T22:00:00-05:00', opening: 'drain cleaning', facts: {}, hang_up: 'after_ask_number',
      lines: { ask_name: ['charlie'], fallback: ['yes please'] }, expect: { callbacks: [], call: { script: 'after_hours' } } });
    const got = await practice(['--voice', '--json', write('voice.json', spoken)]);
    const [x] = lines(got.out);
    assert.ok(x?.transcript, got.out + got.err);
    const said = (who) => x.transcript.filter((t) => t.who === who).map((t) => t.text);
    assert.match(said('caller')[0], /drain cleaning/, JSON.stringify(x));
    assert.match(said('agent').join(' '), /Harwick Plumbing.*What is your name/);
    assert.equal(x.facts.call.script, 'after_hours');
    assert.equal(x.green, true, JSON.stringify(x.reasons));
    assert.deepEqual(left(), []);
  });

  test('--voice has no model', async () => {
    assert.equal((await practice(['--voice', '--model', DEV])).code, 2);
  });
});

describe('against the owner\'s own settings', () => {
  let db;
  const file = () => path.join(db.folder, 'frontdesk.db');
  const rows = () => execFileSync('sqlite3', ['-readonly', file(), '.dump'], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const bytes = () => createHash('sha256').update(fs.readFileSync(file())).digest('hex');
  before(async () => {
    db = new TestDb({});
    await db.init();
    const doc = JSON.parse(fs.readFileSync(path.join(root, 'businesses/plumbing.json'), 'utf8'));
    doc.greeting = 'Harwick Plumbing, the practice copy.';
    const got = await run(['business', 'update', write('own.json', doc)], { env: db.env });
    assert.equal(got.code, 0, got.err);
  });
  after(() => db?.remove());

  test('the copy is called, and nothing of the owner\'s changes', async () => {
    const was = [rows(), bytes(), fs.readdirSync(db.folder).sort().join()];
    const got = await run(['practice', '--json', write('own-caller.json', caller({ business: 'dental' }))], { env: { ...db.env, TMPDIR: dir } });
    const [x] = lines(got.out);
    assert.equal(x.green, true, JSON.stringify(x.reasons) + got.err);
    assert.match(x.transcript[0].text, /the practice copy/);
    assert.deepEqual([rows(), bytes(), fs.readdirSync(db.folder).sort().join()], was);
  });

  test('a business that there is not', async () => {
    const got = await run(['practice', '--business', 'zoo', write('zoo.json', caller())], { env: { ...db.env, TMPDIR: dir } });
    assert.equal(got.code, 1);
    assert.match(got.err, /no business "zoo"/);
  });
});
