// Two machines on the line: the call is ended, with its reason on the timeline and an outcome of its own;
// somebody who told of an emergency is never taken for one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { world } from './lib/bridge.mjs';
import { RelayPeer } from './lib/relay-peer.mjs';

const OFFER = 'hello this is a courtesy call about the warranty of your car';
// no rule of silence, nor of turns that lead nowhere: only what this is about
const ONLY = { SILENCE_PROMPT_S: '0', NO_WORDS_S: '0', UNPRODUCTIVE_TURNS: '0' };
const rule = (d) => d.events.filter((e) => e.kind === 'rule' && e.name.startsWith('machine_'));

// One saying of the caller's after the other, each answered and heard, until the call is over or all is said.
async function says(w, { peer, session }, sayings) {
  for (const words of sayings) {
    if (peer.closedAt) break;
    await session.caller(words, { ms: 20 });
    await Promise.race([peer.closed, w.heard(peer, session)]);
  }
}

test('a robocall that says the same again and again is ended', async (t) => {
  const w = await world(t, { env: { ...ONLY, MACHINE_REPEATS: '3' } });
  const talk = await w.talk();
  await says(w, talk, [OFFER, OFFER, OFFER, OFFER]);
  const d = await w.ended(talk.peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step, d.call.outcome], ['machine', 'hangup', 'machine']);
  const [e, ...more] = rule(d);
  assert.deepEqual(more, []);
  assert.equal(e.name, 'machine_repeats');
  assert.match(e.detail, /word for word 3 times in a row, whatever was answered: a machine\. The call was ended\./);
});

test('an answering machine is ended, in a relay session, too', async (t) => {
  const w = await world(t, { env: ONLY });
  const talk = await w.talk();
  await says(w, talk, ['You have reached the office of Miller and Sons. Please leave a message after the tone.', 'Press one for more options.']);
  const d = await w.ended(talk.peer);
  assert.deepEqual([d.call.stream_end, d.call.outcome, rule(d)[0]?.name], ['machine', 'machine', 'machine_words']);

  const callSid = w.sid();
  const { token } = await w.db.call(callSid, '+18605550134');
  const peer = new RelayPeer(w.bridge.url.replace('media-stream', 'conversation-relay'), { callSid, token });
  await peer.open();
  peer.setup();
  await peer.answer(/What is it about|How can/);
  peer.prompt('You have reached the office of Miller and Sons. Please leave a message after the tone.');
  await peer.answer(/\?/);
  peer.prompt('Press one for more options.');
  await peer.closed;
  assert.deepEqual(JSON.parse(peer.ended.handoffData), { why: 'machine', next: 'hangup' });
  const r = await w.ended(peer);
  assert.deepEqual([r.call.stream_end, r.call.outcome, rule(r)[0]?.name], ['machine', 'machine', 'machine_words']);
});

test('a thing of their own, or the rules turned off: nobody is a machine', async (t) => {
  const w = await world(t, { env: { ...ONLY, MACHINE_REPEATS: '0' } });
  const talk = await w.talk();
  await says(w, talk, [OFFER, OFFER, OFFER, OFFER, 'please leave a message after the tone, you have reached our mailbox', OFFER]);
  await talk.peer.hangUp();
  const d = await w.ended(talk.peer);
  assert.deepEqual(rule(d), []);
  assert.equal(d.turns.filter((x) => x.who === 'caller').length, 6);
  assert.equal(d.call.stream_end, 'caller_left');
});
