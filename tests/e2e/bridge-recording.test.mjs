// Recording of whole calls: the WAV holds what was sent and what was heard, aligned; nothing without
// consent; a killed bridge and a full disk. (Also run by ThreadSanitizer; long calls, and all that stands
// around the bridge: recording.test.mjs.)
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { Bridge, world } from './lib/bridge.mjs';
import { TestDb } from './lib/db.mjs';
import { TwilioPeer } from './lib/twilio-peer.mjs';
import { OWN, cli, recorded, stretches, wav } from './lib/recorded.mjs';
import { startRealtime } from '../fakes/realtime-server.mjs';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const names = (d) => d.events.map((e) => e.name);
const within = (value, low, high, what) => assert.ok(value >= low && value <= high, `${what}: ${value} not in ${low}…${high}`);

// Each frame is another: 20 ms that know their number.
function numbered(n) {
  const f = Buffer.alloc(160);
  for (let i = 0; i < 160; i += 1) f[i] = (n * 31 + i * 7 + (n >> 8) * 13) & 0x7f;
  return f;
}

// A peer whose frames are numbered and kept.
function talkative(peer) {
  const plain = peer.frame.bind(peer);
  peer.sent = [];
  peer.chunk = -1; // the first stamp is 0
  peer.frame = () => {
    const f = numbered(peer.sent.length);
    peer.sent.push(f);
    plain(f.toString('base64'));
  };
  return peer;
}

// The first ms at which two stretches of sound differ; -1 = nowhere.
function differs(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) return i / 8;
  return -1;
}

// What this peer played, by its own clock since its first frame: stretches again.
function played(peer) {
  const out = [];
  for (const m of peer.got) {
    const at = m.at - peer.beganAt;
    const last = out.at(-1);
    if (m.event === 'clear' && last && last[1] > at) last[1] = at;
    if (m.event !== 'media') continue;
    const ms = Buffer.from(m.media.payload, 'base64').length / 8;
    if (last && at - last[1] < 15) last[1] = Math.max(last[1], at) + ms;
    else out.push([at, at + ms]);
  }
  return out;
}

test('left is what the caller sent, right what was heard, also when it is interrupted', async (t) => {
  const w = await world(t, { env: OWN, realtime: { answers: [{ say: 'A long story that nobody hears to its end.', ms: 6000 },
    { say: 'Yes.', ms: 500 }] } });
  const peer = talkative(await w.peer());
  await peer.open();
  peer.begin();
  const session = await w.server.session();
  await session.until((s) => s.of('response.create').length > 0, 'greeting asked');
  await w.heard(peer, session);
  await session.caller('tell me', { ms: 100 });
  await peer.until((p) => p.playEnd > Date.now() + 3000, 'much is waiting');
  await sleep(900);
  peer.keys('1'); // interrupts
  await peer.until((p) => p.count('clear') === 1, 'cleared');
  peer.keys('#');
  await session.until((s) => s.of('response.create').length > 1, 'keys answered', 8000);
  await w.heard(peer, session);
  await sleep(300);
  const sent = peer.sent.length;
  await peer.hangUp();

  const { r, d } = await recorded(w.db, peer);
  assert.equal(r.state, 'ready');
  assert.equal(r.kind, 'own');
  assert.equal(r.consent, 'not_needed');
  assert.equal(r.cut ?? null, null);
  assert.ok(names(d).includes('recorded'));
  const heard = await wav(w.db, r.id);
  assert.equal(Math.floor(heard.ms), r.ms);
  within(heard.ms, sent * 20 - 45, sent * 20 + 45, 'length');

  // every frame, from the first to the last, each at its place
  const all = Buffer.concat(peer.sent.slice(0, sent));
  assert.equal(differs(heard.left, all), -1);

  const want = played(peer);
  const got = stretches(heard.right);
  t.diagnostic(`played ${JSON.stringify(want)} recorded ${JSON.stringify(got)}`);
  assert.equal(got.length, want.length);
  got.forEach((s, i) => {
    within(s[0] - want[i][0], -5, 40, 'begins'); // frame 0 is 20 ms of sound at the stream's first moment
    within(s[1] - s[0] - (want[i][1] - want[i][0]), -20, 20, 'lasts');
  });
  assert.ok(got[1][1] - got[1][0] < 2500, 'most of the story is not in it');

  // sealed, and ours alone
  const [file] = execFileSync('find', [join(w.db.folder, 'recordings'), '-name', '*.rec'], { encoding: 'utf8' }).trim().split('\n');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(w.db.folder, 'recordings')).mode & 0o777, 0o700);
  assert.equal(readFileSync(file).indexOf(numbered(3)), -1);
  assert.equal(statSync(file).size, r.bytes);
  assert.equal((await cli(w.db, 'db', 'check')).code, 0);
});

test('lost frames are silence, and what follows stays in its place', async (t) => {
  const w = await world(t, { env: OWN });
  const peer = talkative(await w.peer());
  await peer.open();
  peer.begin();
  await sleep(400);
  const at = peer.sent.length;
  peer.chunk += 10; // 200 ms never come
  await sleep(400);
  await peer.hangUp();
  const { r } = await recorded(w.db, peer);
  const { left } = await wav(w.db, r.id);
  assert.ok(left.subarray(0, at * 160).equals(Buffer.concat(peer.sent.slice(0, at))));
  assert.ok(left.subarray(at * 160, (at + 10) * 160).every((b) => b === 0xff));
  assert.ok(left.subarray((at + 10) * 160, (at + 13) * 160).equals(Buffer.concat(peer.sent.slice(at, at + 3))));
});

test('nothing is recorded unless the rule is met, and the timeline says why', async (t) => {
  const w = await world(t, { env: { ...OWN, CONSENT_RULE: 'spoken' } });
  const silent = talkative(await w.peer());
  await silent.open();
  silent.begin();
  await sleep(500);
  await silent.hangUp();
  const d = await w.ended(silent);
  await sleep(300);
  assert.deepEqual((await w.dump(silent)).recordings, []);
  assert.match(d.events.find((e) => e.name === 'not_recorded').detail, /no consent line/);
  assert.equal(existsSync(join(w.db.folder, 'recordings')), false);

  const told = talkative(await w.peer());
  await w.db.seed('consent', told.callSid);
  await told.open();
  told.begin();
  await sleep(500);
  await told.hangUp();
  const { r } = await recorded(w.db, told);
  assert.equal(r.consent, 'spoken');
  assert.ok(r.consent_at);
  within(r.ms, 400, 700, 'length');
});

test('off is off', async (t) => {
  const w = await world(t, { env: { ...OWN, RECORD_CALLS: 'off' } });
  const { peer } = await w.talk();
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(d.recordings, []);
  assert.ok(!names(d).some((n) => /record/.test(n)));
  assert.equal(existsSync(join(w.db.folder, 'recordings')), false);
});

test('a bridge killed with kill -9 loses a second at most, and the row is still there', async (t) => {
  const server = await startRealtime({ greetingMs: 800 });
  const db = new TestDb();
  await db.init();
  const bridge = new Bridge(db, { REALTIME_URL: server.url, ...OWN });
  t.after(async () => { bridge.child.kill('SIGKILL'); await server.close(); db.remove(); });
  await bridge.ready;
  const callSid = `CA${'b'.repeat(32)}`;
  const { token } = await db.call(callSid);
  const peer = talkative(new TwilioPeer(bridge.url, { callSid, token }));
  await peer.open();
  peer.begin();
  await sleep(4000);
  const sent = peer.sent.length;
  bridge.child.kill('SIGKILL');
  await bridge.exited;
  const [r] = (await db.dump(callSid)).recordings;
  assert.equal(r.state, 'recording');
  const { left, right, ms } = await wav(db, r.id);
  within(ms, sent * 20 - 1200, sent * 20 + 40, 'what is left');
  assert.equal(differs(left, Buffer.concat(peer.sent)), -1);
  const [greeting] = stretches(right);
  within(greeting[1] - greeting[0], 780, 820, 'greeting');
});

test('a full disk stops the recording, not the call', async (t) => {
  const w = await world(t, { env: OWN, realtime: { answers: [{ say: 'Still here.', ms: 300 }] } });
  try {
    await promisify(execFile)('prlimit', ['--pid', String(w.bridge.child.pid), `--fsize=${2 << 20}:${2 << 20}`]);
  } catch (e) { return t.skip(`no prlimit: ${e.message}`); }
  const { peer, session } = await w.talk();
  for (let i = 0; i < 40; i += 1) { // three minutes of sound
    for (let k = 0; k < 250; k += 1) peer.frame();
    await sleep(40);
  }
  await sleep(500);
  await session.caller('are you there', { ms: 100 });
  await w.heard(peer, session);
  await peer.hangUp();
  const { r, d } = await recorded(w.db, peer);
  assert.equal(r.state, 'ready');
  assert.equal(r.cut, 'disk_full');
  within(r.ms, 100000, 131000, 'up to the limit');
  assert.match(d.events.find((e) => e.name === 'recording_stopped').detail, /no more room/);
  assert.equal(d.call.stream_end, 'caller_left');
  assert.ok(d.turns.some((x) => x.text === 'Still here.'));
  assert.equal(Math.floor((await wav(w.db, r.id)).ms), r.ms, 'readable');
});

test('list, export and erase by the command line; db check sees a file that is gone', async (t) => {
  const w = await world(t, { env: OWN });
  const calls = [];
  for (let i = 0; i < 2; i += 1) {
    const peer = talkative(await w.peer());
    await peer.open();
    peer.begin();
    await sleep(300);
    await peer.hangUp();
    calls.push((await recorded(w.db, peer)).r);
  }
  const [a, b] = calls;
  const list = await cli(w.db, 'recording', 'list');
  assert.equal(list.code, 0);
  assert.match(list.out, new RegExp(`^${b.id} .* own +ready .*\\n${a.id} `));
  assert.equal((await cli(w.db, 'recording', 'export', 'rec_none', '-')).code, 1);
  const taken = join(w.db.folder, 'x.wav');
  writeFileSync(taken, 'mine');
  assert.equal((await cli(w.db, 'recording', 'export', a.id, taken)).code, 1, 'no file is overwritten');
  assert.equal(readFileSync(taken, 'utf8'), 'mine');
  const open = join(w.db.folder, 'y.wav');
  assert.equal((await cli(w.db, 'recording', 'export', a.id, open)).code, 0);
  assert.equal(statSync(open).mode & 0o777, 0o600, 'what is not sealed any more is the owner\'s alone');

  const erased = await cli(w.db, 'recording', 'erase', a.id);
  assert.equal(erased.code, 0, erased.err);
  const all = execFileSync('find', [join(w.db.folder, 'recordings'), '-name', '*.rec'], { encoding: 'utf8' });
  assert.ok(!all.includes(a.id) && all.includes(b.id));
  assert.match((await cli(w.db, 'recording', 'list')).out, new RegExp(`${a.id} .* erased`));
  assert.equal((await cli(w.db, 'recording', 'erase', a.id)).code, 1);
  assert.match((await cli(w.db, 'recording', 'export', a.id, '-')).err, /erased/);
  let check = await cli(w.db, 'db', 'check');
  assert.equal(check.code, 0, check.out);
  assert.match(check.out, /ok +recordings the newest 2 are there/);

  execFileSync('truncate', ['-s', '-100', all.trim()]);
  check = await cli(w.db, 'db', 'check');
  assert.equal(check.code, 1);
  assert.match(check.out, new RegExp(`BAD +recordings ${b.id} has not the length it had`));
  execFileSync('rm', [all.trim()]);
  check = await cli(w.db, 'db', 'check');
  assert.match(check.out, new RegExp(`BAD +recordings ${b.id} has no file`));
  assert.equal(check.code, 1);
});
