// frontdesk db backup: while calls come in; nothing of it is readable without the key; and the way back,
// as `frontdesk help db` says it: another folder, the same calls, whole.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ask } from './stack.mjs';
import { closedPort, remove, run, scratch, signIn, startDesk, until } from './lib/desk.mjs';

let desk, home, at;
const files = (folder, end) => fs.readdirSync(folder).filter((f) => f.endsWith(end)).sort();
// a page, not what REST clients find under that address
const health = async (look) => (await ask(`${desk.url}/health`, { headers: { cookie: look.cookie, accept: 'text/html' } })).text();
const mode = (file) => (fs.statSync(file).mode & 0o777).toString(8);

before(async () => {
  home = scratch('frontdesk-backup-');
  at = path.join(home, 'copies');
  desk = await startDesk({ env: { ANSWER_MODE: 'gather', RECORD_CALLS: 'off', REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
});
after(async () => {
  await desk?.end();
  if (home) remove(home);
});

test('a copy is made while the stack runs, again and again, and old ones go', async () => {
  const call = await desk.dial('--text', '--say', 'please call me back about my xylophone', '--say', 'Charlie Brown', '--say', 'yes', '--say', 'tomorrow morning',
    '--say', 'yes', '--say', 'no').over();
  // files of calls as they lie there: sealed, in folders by day
  const own = path.join(desk.data, 'recordings/2026/11/20');
  fs.mkdirSync(own, { recursive: true });
  fs.writeFileSync(path.join(own, 'rec_1.rec'), 'frontdesk rec 1\nsealed one');
  fs.writeFileSync(path.join(own, 'rec_2.rec'), 'frontdesk rec 1\nsealed two');
  const first = await desk.cli('db', 'backup', at);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /^.*copies\/frontdesk-\d{8}T\d{6}Z\.db\n2 recordings and pictures beside it, 0 MB; 2 were new\.\nThe data key is not in it/);
  assert.equal(mode(at), '700');
  assert.equal(files(at, '.db').length, 1);
  assert.deepEqual(files(at, '.part'), []);
  const [db] = files(at, '.db'), [list] = files(at, '.list');
  assert.deepEqual(fs.readdirSync(at).filter((f) => /-(wal|shm|journal)$/.test(f)), []); // one file
  for (const f of [db, list, 'recordings/2026/11/20/rec_1.rec']) assert.equal(mode(path.join(at, f)), '600', f);
  assert.match(fs.readFileSync(path.join(at, list), 'utf8'), /^26 \d+ recordings\/2026\/11\/20\/rec_[12]\.rec$/m);
  // sealed stays sealed, and the key stays where it is
  const bytes = fs.readFileSync(path.join(at, db)).toString('latin1');
  for (const word of ['xylophone', 'Charlie', call.from]) assert.equal(bytes.includes(word), false, word);
  assert.ok(bytes.includes(call.sid));
  assert.equal(fs.existsSync(path.join(at, 'data.key')), false);
  // the dashboard knows
  const look = await signIn(desk);
  assert.match(await health(look), /The last one was made/);

  // what is erased goes from the copy, what is changed is copied again, what is as it was is not
  fs.rmSync(path.join(own, 'rec_1.rec'));
  fs.writeFileSync(path.join(own, 'rec_2.rec'), 'frontdesk rec 1\nsealed two, longer');
  fs.writeFileSync(path.join(own, 'rec_3.rec'), 'frontdesk rec 1\nsealed three');
  fs.renameSync(path.join(at, db), path.join(at, 'frontdesk-20200101T000000Z.db')); // an old one
  fs.renameSync(path.join(at, list), path.join(at, 'frontdesk-20200101T000000Z.list'));
  fs.writeFileSync(path.join(at, 'notes.txt'), 'mine');
  const second = await desk.cli('db', 'backup', at, '--keep', '1');
  assert.equal(second.code, 0, second.err);
  assert.match(second.out, /2 recordings and pictures beside it, 0 MB; 2 were new\./);
  assert.deepEqual(fs.readdirSync(path.join(at, 'recordings/2026/11/20')).sort(), ['rec_2.rec', 'rec_3.rec']);
  assert.deepEqual([files(at, '.db').length, files(at, '.list').length], [1, 1]);
  assert.equal(fs.existsSync(path.join(at, 'frontdesk-20200101T000000Z.db')), false);
  assert.equal(fs.readFileSync(path.join(at, 'notes.txt'), 'utf8'), 'mine');

  // the way back
  const folder = path.join(home, 'restored');
  fs.mkdirSync(folder, { mode: 0o700 });
  fs.copyFileSync(path.join(at, files(at, '.db')[0]), path.join(folder, 'frontdesk.db'));
  fs.copyFileSync(path.join(desk.data, 'data.key'), path.join(folder, 'data.key'));
  fs.cpSync(path.join(at, 'recordings'), path.join(folder, 'recordings'), { recursive: true });
  const check = await run(['db', 'check'], { env: { FRONTDESK_DATA: folder } });
  assert.equal(check.code, 0, check.out + check.err);
  assert.match(check.out, /^ok +integrity.*\nok +schema.*\nok +key.*\nok +sealed +all of the newest 1 calls opens/m);
  const callbacks = await run(['callbacks', 'list'], { env: { FRONTDESK_DATA: folder } });
  assert.match(callbacks.out, /Charlie Brown/, callbacks.err);
  // another key opens nothing of it
  fs.writeFileSync(path.join(folder, 'data.key'), `${'ab'.repeat(32)}\n`);
  const wrong = await run(['db', 'check'], { env: { FRONTDESK_DATA: folder } });
  assert.equal(wrong.code, 1);
  assert.match(wrong.out, /BAD +key/);
});

test('a copy that cannot be made is told, and leaves nothing half', async () => {
  const file = path.join(home, 'a-file');
  fs.writeFileSync(file, '');
  for (const folder of [file, path.join(home, 'no/such/place')]) {
    const got = await desk.cli('db', 'backup', folder);
    assert.equal(got.code, 1, got.out);
    assert.match(got.err, /cannot be (made|copied)/);
  }
  const look = await signIn(desk);
  assert.match(await health(look), /The last backup failed\./);
  const before = fs.readdirSync(at).length;
  await until('a second of its own', async () => (await desk.cli('db', 'backup', at)).code === 0); // names are by the second
  assert.ok(fs.readdirSync(at).length > before);
  assert.doesNotMatch(await health(look), /The last backup failed\./);
  // a disk that is not there must not empty its copy
  fs.renameSync(path.join(desk.data, 'recordings'), path.join(desk.data, 'elsewhere'));
  await until('a second of its own', async () => (await desk.cli('db', 'backup', at)).code === 0);
  assert.ok(fs.existsSync(path.join(at, 'recordings/2026/11/20/rec_3.rec')));
  fs.renameSync(path.join(desk.data, 'elsewhere'), path.join(desk.data, 'recordings'));
});

test('what it takes', async () => {
  for (const args of [[], ['a', 'b'], ['a', '--keep'], ['a', '--keep', '0'], ['a', '--keep', 'x'], ['--fast', 'a']]) {
    const got = await desk.cli('db', 'backup', ...args);
    assert.equal(got.code, 2, args.join(' '));
  }
});
