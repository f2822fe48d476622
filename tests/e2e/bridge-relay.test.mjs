// ConversationRelay at the bridge alone: drains, a stuck database, many at once. (Also run by
// ThreadSanitizer; with all that stands around it: relay.test.mjs, relay-brain.test.mjs.)
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { startChat } from '../fakes/chat-server.mjs';
import { sleep, until } from './lib/desk.mjs';
import { world } from './lib/bridge.mjs';
import { RelayPeer } from './lib/relay-peer.mjs';

const session = async (w, options = {}) => {
  const callSid = w.sid();
  const { token } = await w.db.call(callSid, '+18605550134');
  return new RelayPeer(w.bridge.url.replace('media-stream', 'conversation-relay'), { callSid, token, ...options });
};
const begun = async (w, options) => {
  const peer = await session(w, options);
  await peer.open();
  peer.setup();
  return peer.answer(/What is it about|How can/);
};

test('draining: no new sessions, this one talks to its end, then the bridge ends', async (t) => {
  const w = await world(t, { realtime: null });
  const peer = await begun(w);
  const late = await session(w);
  w.bridge.child.kill('SIGTERM');
  await until('it drains', async () => /draining/.test(await (await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`)).text()));
  await assert.rejects(late.open(), (e) => e.status === 503);
  peer.prompt('repair');
  await peer.answer(/your name/);
  peer.prompt('goodbye');
  await peer.closed;
  assert.deepEqual(JSON.parse(peer.ended.handoffData), { why: 'goodbye', next: 'hangup' });
  assert.deepEqual(await w.bridge.exited, { code: 0, signal: null });
});

test('ended in the middle: Twilio is told to go on by questions', async (t) => {
  const w = await world(t, { realtime: null });
  const peer = await begun(w);
  w.bridge.child.kill('SIGTERM');
  await until('it drains', async () => /draining/.test(await (await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`)).text()));
  w.bridge.child.kill('SIGTERM');
  await peer.closed;
  assert.deepEqual(JSON.parse(peer.ended.handoffData), { why: 'drain', next: 'gather' });
  const d = await w.dump(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step], ['drain', 'gather']);
});

test('the database locked for 10 s: the caller hears that it goes on, is told the truth, and leaves', async (t) => {
  const w = await world(t, { realtime: null });
  const peer = await begun(w);
  const lock = await w.db.lock(10000);
  peer.prompt('repair');
  await peer.answer(/your name/);
  peer.prompt('Charlie'); // log_caller_info waits for the database
  await peer.answer(/One moment/);
  await peer.answer(/reach you on/, 10000); // it has failed, or the lock is gone
  peer.prompt('goodbye');
  await peer.closed;
  assert.deepEqual(JSON.parse(peer.ended.handoffData), { why: 'goodbye', next: 'hangup' });
  await lock.over;
  const d = await w.ended(peer, 8000);
  assert.equal(d.call.stream_end, 'goodbye');
  assert.deepEqual(d.turns.filter((x) => x.who === 'caller').map((x) => x.text), ['repair', 'Charlie', 'goodbye']);
  assert.deepEqual(peer.problems, []);
});

test('the database locked when the call is claimed: the session ends in time', async (t) => {
  const w = await world(t, { realtime: null });
  const peer = await session(w);
  const lock = await w.db.lock(6000);
  await peer.open();
  const asked = Date.now();
  peer.setup();
  await peer.closed;
  assert.ok(Date.now() - asked < 5000, `${Date.now() - asked} ms`);
  await lock.over;
  const d = await w.ended(peer, 8000); // what came of the claim after all is put right
  assert.equal(d.call.stream_end, 'caller_left');
});

test('fifty sessions at once, each cut at another place: nothing is left', async (t) => {
  const w = await world(t, { realtime: null });
  const files = w.bridge.fds();
  await Promise.all(Array.from({ length: 50 }, async (_, i) => {
    const peer = await session(w, { msPerChar: 2 });
    await peer.open();
    if (i % 5 === 0) { peer.ws.terminate(); return; }
    peer.setup();
    if (i % 5 === 1) { peer.ws.terminate(); return; }
    await peer.until((p) => p.of('text').length > 0, 'the greeting');
    if (i % 5 === 2) { peer.ws.terminate(); return; }
    peer.interrupt();
    peer.prompt('repair');
    await peer.until((p) => /your name/.test(p.said()), 'the next question');
    if (i % 5 === 3) { peer.ws.terminate(); return; }
    peer.prompt('goodbye');
    await peer.closed;
    assert.deepEqual(peer.problems, []);
  }));
  const health = async () => (await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`)).text();
  await until('no call is left', async () => /calls=0\b/.test(await health()));
  await until('no file is left open', () => w.bridge.fds() <= files + 1);
});

test('a text model behind it, many at once, some gone in the middle of an answer: nothing is left', async (t) => {
  const model = await startChat({ key: 'a-key' });
  t.after(() => model.close());
  const w = await world(t, { realtime: null, env: { CHAT_URL: model.url, CHAT_MODEL: 'fake-1', CHAT_API_KEY: 'a-key', CHAT_FILLER_MS: '300' } });
  model.always = { say: 'There you are, and what may it be about today?', slow: 200, slowToken: 20 };
  const health = async () => (await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`)).text();
  const round = () => Promise.all(Array.from({ length: 16 }, async (_, i) => {
    const peer = await begun(w, { msPerChar: 2 });
    peer.prompt('hello');
    if (i % 4 === 0) { await sleep(100 + 20 * i); peer.ws.terminate(); return; }
    if (i % 4 === 1) { await sleep(150); peer.prompt('are you there'); } // the first answer is given up
    await peer.answer(/There you are/, 15000);
    if (i % 4 === 2) peer.interrupt();
    peer.ws.close();
    assert.deepEqual(peer.problems, []);
  }));
  await round();
  await until('no call is left', async () => /calls=0\b/.test(await health()));
  assert.ok(model.requests.length >= 12, 'the model was asked'); // by all who waited for it
  await sleep(500);
  const threads = () => readdirSync(`/proc/${w.bridge.child.pid}/task`).length;
  const [files, had] = [w.bridge.fds(), threads()]; // each thread keeps a database and a connection
  await round();
  await until('no call is left', async () => /calls=0\b/.test(await health()));
  await until(`no file is left open beyond ${files} (${w.bridge.fds()})`, () => w.bridge.fds() <= files + 5 * (threads() - had) + 1, 5000);
});
