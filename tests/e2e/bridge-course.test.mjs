// The course of a talk: one response at a time, slow tools, leaving and coming back, silence, length,
// circles, keys. Settings are short, so that each sentence is seen; many calls run at the same time.
import assert from 'node:assert/strict';
import test from 'node:test';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { atOnce } from './lib/at_once.mjs';
import { world } from './lib/bridge.mjs';
import { build, root } from './stack.mjs';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const names = (d) => d.events.map((e) => `${e.kind}:${e.name}`);
const within = (value, low, high, what) => assert.ok(value >= low && value <= high, `${what}: ${value} not in ${low}…${high}`);
const purposes = (s) => s.of('response.create').map((e) => e.response?.metadata?.purpose);
const asked = (s, purpose) => purposes(s).filter((p) => p === purpose).length;
const texts = (d, who) => d.turns.filter((x) => x.who === who).map((x) => x.text);
const callback = { tool: 'schedule_callback', args: { name: 'Dana', reason: 'dripping tap', when_text: 'tomorrow', urgency: 'normal' } };
const goodbye = (ms = 3000) => ({ say: 'Thank you for calling, and goodbye to you', ms, pace: 1, tool: 'end_call', args: { outcome: 'completed' } });
// no rule of silence but those a test is about
const LONG = { SILENCE_PROMPT_S: '0', NO_WORDS_S: '0', MODEL_SILENT_S: '4' };

const cases = {};

// ---- one response at a time ---------------------------------------------------------------------

cases['a slow tool: one filler, outside of the conversation, and the result is answered after it'] = async (t) => {
  const w = await world(t, { realtime: { greetingMs: 1500, answers: [callback, { say: 'Sal will call.', ms: 200 }] }, env: { ...LONG, TOOL_FILLER_MS: '300' } });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(2600);
  const at = Date.now();
  await session.caller('call me tomorrow', { ms: 50 });
  await session.until((s) => asked(s, 'filler') === 1, 'filler', 2000);
  within(session.of('response.create').at(-1).at - at, 340, 900, 'filler after');
  const [filler] = session.of('response.create').slice(-1);
  assert.equal(filler.response.conversation, 'none');
  assert.equal(filler.response.tool_choice, 'none');
  assert.match(filler.response.instructions, /^Say: One moment/);
  await session.until((s) => asked(s, 'answer') === 1, 'answer to the result', 5000);
  await over;
  await w.heard(peer, session);
  await sleep(200);
  assert.deepEqual(purposes(session), ['greeting', 'filler', 'answer'], 'one filler, one answer');
  assert.deepEqual(session.refusals, []);
  assert.deepEqual(session.holds(), ['said', 'message', 'function_call', 'function_call_output', 'said'], 'no trace of the filler');
  assert.equal(peer.audioMs(), 1500 + 1500 + 200);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(texts(d, 'desk').slice(1), ['One moment, please.', 'Sal will call.']);
};

cases['the result comes while the filler is still being made: answered after it, nothing refused'] = async (t) => {
  const w = await world(t, { realtime: { answers: [callback, { say: 'Done.', ms: 200 }] }, env: { ...LONG, TOOL_FILLER_MS: '200' } });
  const { peer, session } = await w.talk();
  session.options.greetingMs = 40000; // 400 deltas: it takes its time, even if we look late
  const { over } = await w.db.lock(450);
  await session.caller('call me', { ms: 20 });
  await session.until((s) => asked(s, 'filler') === 1, 'filler', 2000);
  await session.until((s) => s.outputs().length === 1, 'result', 3000);
  assert.ok(session.active, 'the filler is being made');
  assert.equal(asked(session, 'answer'), 0, 'not asked meanwhile');
  await session.until((s) => asked(s, 'answer') === 1, 'answer', 8000);
  assert.deepEqual(session.refusals, []);
  await over;
  // the caller cuts the filler short: nothing of it is truncated, it is in no conversation
  session.speechStarted();
  await peer.until((p) => p.count('clear') === 1, 'clear');
  await sleep(100);
  assert.deepEqual(session.of('conversation.item.truncate'), []);
  await peer.hangUp();
};

cases['a server that knows no answers outside of the conversation gets the filler inside'] = async (t) => {
  const w = await world(t, { realtime: { answers: [callback, { say: 'A.', ms: 100 }, { ...callback, args: { ...callback.args, name: 'Eve' } }, { say: 'B.', ms: 100 }] }, env: { ...LONG, TOOL_FILLER_MS: '150' } });
  const { peer, session } = await w.talk();
  session.handlers['response.create'] = function create(e) {
    if (e.response?.conversation) this.refuse('invalid_value', 'no', e);
    else this.respond(e);
  };
  for (const [n, expected] of [[1, 1], [2, 2]]) {
    const { over } = await w.db.lock(700);
    await session.caller('call me', { ms: 20 });
    await session.until((s) => s.outputs().length === n && asked(s, 'answer') === n, 'answered', 4000);
    await over;
    await w.heard(peer, session);
    assert.equal(asked(session, 'filler'), expected);
  }
  assert.deepEqual(session.of('response.create').filter((e) => e.response?.conversation).length, 1);
  assert.deepEqual(session.refusals, ['invalid_value']);
  await peer.hangUp();
};

cases['no filler while the caller speaks, and none for a quick tool'] = async (t) => {
  const w = await world(t, { realtime: { answers: [callback, { say: 'Done.', ms: 100 }] }, env: { ...LONG, TOOL_FILLER_MS: '300' } });
  const { peer, session } = await w.talk();
  await session.caller('call me', { ms: 20 });
  await session.until((s) => asked(s, 'answer') === 1, 'answer');
  await w.heard(peer, session);
  const { over } = await w.db.lock(1500);
  session.answers.push({ tool: 'log_caller_info', args: { name: 'Eve' } }, { say: 'Yes?', ms: 100 });
  await session.caller('I am Eve', { ms: 20 });
  session.speechStarted();
  await sleep(900);
  assert.equal(asked(session, 'filler'), 0);
  await over;
  await session.until((s) => s.outputs().length === 2, 'result');
  session.speechStopped('hello?'); // and the server does not answer by itself this time
  await session.until((s) => asked(s, 'answer') === 2, 'the result is answered all the same', 6000);
  await peer.hangUp();
};

cases['results always lead to a response: the caller spoke meanwhile, several tools'] = async (t) => {
  const w = await world(t, { realtime: { answers: [
    { tools: [{ tool: 'log_caller_info', args: { name: 'Dana' } }, { tool: 'no_such' }, callback] }, { say: 'All noted.', ms: 100 }] },
  env: { ...LONG, TOOL_FILLER_MS: '0' } });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(900);
  await session.caller('hello', { ms: 20 });
  session.speechStarted();
  await sleep(100);
  session.speechStopped('are you there');
  await session.until((s) => s.outputs().length === 3 && asked(s, 'answer') === 1, 'answered', 5000);
  await over;
  await w.heard(peer, session);
  assert.equal(asked(session, 'answer'), 1, 'once for all');
  await peer.hangUp();
};

cases['a stuck tool pool: one filler, then the model can say so, and the talk goes on'] = async (t) => {
  const w = await world(t, { realtime: { answers: [
    // three threads wait for the database, the fourth tool for one of them
    { tools: [callback, ...['Ann', 'Bob', 'Cid'].map((name) => ({ tool: 'log_caller_info', args: { name } }))] },
    { say: 'I could not write that down.', ms: 100 }, { say: 'Anything else?', ms: 100 }] }, env: { ...LONG, TOOL_FILLER_MS: '500' } });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(11500);
  const at = Date.now();
  await session.caller('call me', { ms: 20 });
  await session.until((s) => s.outputs().length === 4, 'told', 9500);
  within(Date.now() - at, 7900, 9400, 'limit');
  assert.ok(session.outputs().every((o) => o.ok === false));
  assert.match(session.outputs().at(-1).error, /too long/);
  await session.until((s) => asked(s, 'answer') === 1, 'answer');
  await w.heard(peer, session);
  await session.caller('well', { ms: 20 });
  await w.heard(peer, session);
  assert.equal(asked(session, 'filler'), 1, 'never two in a row');
  await over;
  await peer.hangUp();
  const d = await w.ended(peer, 8000);
  assert.deepEqual(texts(d, 'desk').slice(1), ['One moment, please.', 'I could not write that down.', 'Anything else?']);
  assert.ok(names(d).includes('model:tool_late'));
};

cases['0 with a locked database: "one moment", and it ends at a person or a recorded message'] = async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: { ...LONG, TOOL_FILLER_MS: '400' } });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(11500);
  const at = Date.now();
  peer.keys('0');
  await session.until((s) => asked(s, 'filler') === 1, 'filler', 4000);
  within(Date.now() - at, 400, 3000, 'heard something within');
  await peer.closed;
  within(Date.now() - at, 0, 11000, 'out of the stream');
  await over;
  const d = await w.ended(peer, 8000);
  assert.ok(['transfer', 'gather', 'message'].includes(d.call.next_step), d.call.next_step);
  assert.ok(names(d).includes('stream:zero'));
};

cases['end_call in a stuck pool: the goodbye is said, the call ends, the database learns of it later'] = async (t) => {
  const w = await world(t, { realtime: { answers: [goodbye(500)] }, env: { ...LONG, TOOL_FILLER_MS: '300' } });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(9800);
  await session.caller('that is all', { ms: 20 });
  await peer.until((p) => p.ws.readyState === 3, 'closed', 11000);
  assert.equal(asked(session, 'filler'), 0, 'no "one moment" after a goodbye');
  assert.deepEqual(session.outputs(), []);
  await over;
  const d = await w.ended(peer, 6000);
  assert.deepEqual([d.call.stream_end, d.call.next_step], ['goodbye', 'hangup']);
};

cases['an empty answer is asked for once more; a second one is the end of it'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{}, { say: 'Here I am.', ms: 100 }, {}, {}] }, env: LONG });
  const { peer, session } = await w.talk();
  await session.caller('hello', { ms: 20 });
  await session.until((s) => asked(s, 'answer') === 1, 'asked again', 1500);
  await w.heard(peer, session);
  await session.caller('hello?', { ms: 20 });
  await peer.closed;
  const d = await w.ended(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step], ['model_lost', 'gather']);
  assert.equal(names(d).filter((n) => n === 'model:empty').length, 2);
};

cases['a filtered answer gets other words; one that is too long is left as it is'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ status: 'incomplete', reason: 'content_filter' }, { say: 'A very long story', ms: 300, status: 'incomplete', reason: 'max_output_tokens' }, { say: 'Yes?', ms: 100 }] }, env: LONG });
  const { peer, session } = await w.talk();
  await session.caller('something bad', { ms: 20 });
  await session.until((s) => asked(s, 'answer') === 1, 'other words', 1500);
  assert.match(session.of('response.create').at(-1).response.instructions, /cannot help with that/);
  await w.heard(peer, session);
  await session.caller('tell me a story', { ms: 20 });
  await w.heard(peer, session);
  await sleep(300);
  assert.equal(asked(session, 'answer'), 1);
  await session.caller('and?', { ms: 20 });
  await w.heard(peer, session);
  await peer.hangUp();
  assert.equal((await w.ended(peer)).turns.at(-1).text, 'Yes?');
};

cases['speech that never ends is taken for over'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'I am here.', ms: 100 }] }, env: { ...LONG, SPEECH_MAX_S: '1' } });
  const { peer, session } = await w.talk();
  session.speechStarted();
  await session.until((s) => asked(s, 'answer') === 1, 'answered', 3500);
  assert.equal(session.of('input_audio_buffer.commit').length, 1);
  await w.heard(peer, session);
  await peer.hangUp();
  assert.ok(names(await w.ended(peer)).includes('model:speech_endless'));
};

cases['a server that sends only the arguments of a function call'] = async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: LONG });
  const { peer, session } = await w.talk();
  const raw = (o) => session.raw(JSON.stringify(o));
  const pieces = (id, name, args, status = 'completed', named = true) => {
    raw({ type: 'response.created', response: { id } });
    if (!named) raw({ type: 'response.output_item.added', response_id: id, item: { id: `item-${id}`, type: 'function_call', status: 'in_progress', name, call_id: `call-${id}`, arguments: '' } });
    raw({ type: 'response.function_call_arguments.done', response_id: id, item_id: `item-${id}`, call_id: `call-${id}`, ...(named ? { name } : {}), arguments: JSON.stringify(args) });
    raw({ type: 'response.done', response: { id, status, output: [] } });
  };
  session.answers.push({ silent: true }, { silent: true });
  pieces('cut', 'log_caller_info', { name: 'No' }, 'cancelled');
  pieces('one', 'log_caller_info', { name: 'Dana' });
  await session.until((s) => s.outputs().length === 1 && asked(s, 'answer') === 1, 'first');
  pieces('two', 'log_caller_info', { name: 'Dana Reed' }, 'completed', false);
  await session.until((s) => s.outputs().length === 2, 'second, whose name came before');
  assert.deepEqual(session.of('conversation.item.create').map((e) => e.item.call_id), ['call-one', 'call-two']);
  assert.deepEqual(session.outputs().map((o) => o.ok), [true, true]);
  await peer.hangUp();
  assert.equal((await w.ended(peer)).contact.name, 'Dana Reed');
};

// ---- leaving ------------------------------------------------------------------------------------

cases['the caller has more to say: end_call never was; a second one works as the first'] = async (t) => {
  const w = await world(t, { realtime: { keepAudio: true, answers: [{ say: 'We open at nine.', ms: 200 }, goodbye(), { say: 'Yes, on Sunday, too.', ms: 200 }, goodbye(600)] }, env: LONG });
  const { peer, session } = await w.talk();
  await session.caller('when do you open', { ms: 20 });
  await w.heard(peer, session);
  const before = session.holds();
  await session.caller('thank you', { ms: 20 });
  await session.until((s) => s.outputs().length === 1, 'end_call ran');
  await session.until((s) => !s.active, 'said');
  await sleep(400);
  const heard = session.appended;
  await sleep(300);
  within(session.appended - heard, 1200, 4800, 'the caller is still listened to');
  let d = await w.dump(peer);
  assert.deepEqual([d.call.next_step, d.call.outcome, d.tools.length], ['hangup', 'answered', 1]);
  session.speechStarted();
  await peer.until((p) => p.count('clear') === 1, 'goodbye is cut', 500);
  await session.until((s) => s.of('conversation.item.delete').length === 3, 'deleted');
  session.speechStopped('oh, and on Sunday?');
  await session.respond(null);
  await w.heard(peer, session);
  assert.deepEqual(session.holds(), [...before, 'message', 'message', 'said'], 'function call, output and goodbye are gone');
  assert.deepEqual(session.refusals, []);
  d = await w.dump(peer);
  assert.deepEqual([d.call.next_step ?? null, d.call.outcome ?? null, d.call.stream_end ?? null, d.tools.length], [null, null, null, 0]);
  assert.equal(d.events.find((e) => e.name === 'leave_cancelled').detail, 'The caller had more to say');
  const cut = d.turns.find((x) => x.unheard);
  assert.equal(`${cut.text} ${cut.unheard}`, goodbye().say, 'what was heard of it is kept');

  await session.caller('that is all, bye', { ms: 20 });
  await peer.closed;
  d = await w.dump(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step, d.call.outcome, d.tools.length], ['goodbye', 'hangup', 'answered', 1]);
  within(peer.played - (400 + 200 + 200 + 600), 500, 2000, 'the second goodbye whole, the first in part');
  assert.equal(peer.pending.length, 0);
};

cases['a goodbye we asked for ourselves is forgotten, too; a key takes leaving back as well'] = async (t) => {
  const w = await world(t, { realtime: { greetingMs: 2000, answers: [{ tool: 'end_call', args: { outcome: 'completed' } }, { say: 'Yes?', ms: 100 }] }, env: LONG });
  const { peer, session } = await w.talk();
  await session.caller('bye', { ms: 20 });
  await session.until((s) => asked(s, 'goodbye') === 1 && !s.active, 'goodbye said');
  await peer.until((p) => p.audioMs() >= 4000, 'sent');
  await sleep(300);
  peer.keys('7#');
  await session.until((s) => asked(s, 'answer') === 1 && !s.active && !s.answers.length, 'goes on');
  await w.heard(peer, session);
  assert.deepEqual(session.holds(), ['said', 'message', 'message', 'said']);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step ?? null, d.tools.length], ['caller_left', null, 0]);
};

cases['the caller speaks on while end_call still runs'] = async (t) => {
  const w = await world(t, { realtime: { answers: [goodbye(1500), { say: 'Of course.', ms: 100 }] }, env: LONG });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(800);
  await session.caller('that is all', { ms: 20 });
  await sleep(200);
  session.speechStarted();
  await sleep(100);
  session.speechStopped('no, wait');
  await over;
  await session.until((s) => s.of('conversation.item.delete').length === 1, 'taken back');
  await session.respond(null);
  await w.heard(peer, session);
  await sleep(500);
  assert.equal(peer.ws.readyState, 1, 'the call goes on');
  assert.ok(!session.holds().includes('function_call'), session.holds().join());
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step ?? null, d.tools.length], ['caller_left', null, 0]);
  assert.ok(names(d).includes('stream:leave_cancelled'));
};

cases['a transfer and a message are not taken back; nothing of the caller goes to the model any more'] = async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: LONG });
  for (const [tool, args, why] of [['transfer_to_owner', { reason: 'x' }, 'transfer'], ['end_call', { outcome: 'message' }, 'message']]) {
    const { peer, session } = await w.talk();
    session.answers.push({ say: 'One moment please', ms: 1200, pace: 1, tool, args });
    await session.caller('a person', { ms: 20 });
    await session.until((s) => s.outputs().length === 1, 'accepted');
    await sleep(100);
    const heard = session.appended;
    const clears = peer.count('clear');
    session.speechStarted();
    await peer.closed;
    assert.equal(session.appended, heard, 'audio');
    assert.equal(peer.count('clear'), clears);
    const d = await w.dump(peer);
    assert.deepEqual([d.call.stream_end, d.call.next_step], [why, why]);
  }
};

cases['"putting you through" is said when the tool has accepted, not before'] = async (t) => {
  const w = await world(t, { owner: '', realtime: { answers: [{ tool: 'transfer_to_owner', args: { reason: 'x' } }, { say: 'I cannot.', ms: 100 }] }, env: LONG });
  const { peer, session } = await w.talk();
  await session.caller('a person', { ms: 20 });
  await session.until((s) => asked(s, 'answer') === 1, 'refused, goes on');
  assert.equal(session.outputs()[0].ok, false);
  await w.heard(peer, session);
  await peer.hangUp();
  assert.ok(!texts(await w.ended(peer), 'desk').some((x) => /putting you through/.test(x)));
  const v = await world(t, { realtime: { answers: [{ tool: 'transfer_to_owner', args: { reason: 'x' } }] }, env: LONG });
  const two = await v.talk();
  await two.session.caller('a person', { ms: 20 });
  await two.peer.closed;
  const d = await v.dump(two.peer);
  assert.match(texts(d, 'desk').at(-1), /putting you through/);
  assert.equal(d.call.stream_end, 'transfer');
  assert.equal(two.peer.pending.length, 0);
  assert.match(two.session.of('session.update')[0].session.instructions, /only when its result is ok/i);
};

// ---- silence and length -------------------------------------------------------------------------

cases['silence: are you still there, then goodbye; also after a goodbye without end_call'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'Goodbye.', ms: 200 }] }, env: { ...LONG, SILENCE_PROMPT_S: '1', SILENCE_GOODBYE_S: '2' } });
  const mute = await w.talk();
  const heardAt = Date.now();
  await mute.session.until((s) => asked(s, 'still_there') === 1, 'asked', 3000);
  within(Date.now() - heardAt, 800, 1600, 'asked after');
  assert.match(mute.session.of('response.create').at(-1).response.instructions, /^Say: Are you still there/);
  const other = w.talk().then(async (o) => {
    await o.session.caller('bye', { ms: 20 });
    await o.peer.closed;
    return w.dump(o.peer);
  });
  await mute.peer.closed;
  within(Date.now() - heardAt, 3600, 5200, 'goodbye');
  const d = await w.dump(mute.peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step, d.call.outcome], ['silent', 'hangup', 'hung_up']);
  assert.deepEqual(texts(d, 'desk').slice(1), ['Are you still there?', 'I cannot hear you, so I will hang up now. Please call again. Goodbye.']);
  assert.equal(mute.peer.pending.length, 0, 'played to its mark');
  const e = await other;
  assert.equal(e.call.stream_end, 'silent');
};

cases['the question is written down only if it was heard; who answers it talks on'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'Good.', ms: 100 }] }, env: { ...LONG, SILENCE_PROMPT_S: '1', SILENCE_GOODBYE_S: '2' } });
  const { peer, session } = await w.talk();
  session.handlers['response.create'] = async function create(e) { // they speak just before the words come
    delete this.handlers['response.create'];
    this.handlers['response.create'] = (x) => { this.respond(x); };
    if (e.response.metadata.purpose !== 'still_there') throw new Error(JSON.stringify(e));
    this.speechStarted();
    await sleep(30);
    this.respond(e);
  };
  await session.until((s) => s.of('response.cancel').length === 1, 'not over the caller\'s words', 3000);
  session.speechStopped('I was thinking');
  await session.respond(null);
  await w.heard(peer, session);
  await sleep(300);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(texts(d, 'desk').slice(1), ['Good.']);
};

cases['who speaks during our last goodbye is heard: the talk goes on'] = async (t) => {
  const w = await world(t, { realtime: { greetingMs: 1500, answers: [{ say: 'Good to hear you.', ms: 100 }] }, env: { ...LONG, SILENCE_PROMPT_S: '1', SILENCE_GOODBYE_S: '2' } });
  const { peer, session } = await w.talk();
  await session.until((s) => asked(s, 'goodbye') === 1 && !s.active, 'goodbye', 9000);
  await sleep(200);
  await session.caller('I am here', { ms: 100 });
  await w.heard(peer, session);
  assert.equal(peer.ws.readyState, 1);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step ?? null], ['caller_left', null]);
  assert.ok(names(d).includes('stream:leave_cancelled'));
};

// Noise that the server's voice detection takes for speech, again and again
async function noise(session, peer, { answer = false } = {}) {
  while (peer.ws.readyState === 1) {
    session.speechStarted();
    await sleep(200);
    session.speechStopped();
    if (answer && !session.active) session.respond(null);
    await sleep(250);
  }
}

cases['noise does not defeat the clock: without words there is the question, then goodbye'] = async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: { ...LONG, SILENCE_PROMPT_S: '1', SILENCE_GOODBYE_S: '2', NO_WORDS_S: '2', MODEL_SILENT_S: '20' } });
  await Promise.all([false, true].map(async (answer) => {
    const { peer, session } = await w.talk();
    const at = Date.now();
    session.answers.push(...Array(60).fill({ say: 'Sorry?', ms: 50 }));
    noise(session, peer, { answer });
    await session.until((s) => asked(s, 'still_there') >= 1, 'asked', 9000);
    within(Date.now() - at, 1700, 6500, 'asked after');
    await Promise.race([peer.closed, sleep(15000)]);
    const d = await w.ended(peer);
    assert.deepEqual([d.call.stream_end, d.call.next_step, d.call.outcome], ['no_words', 'hangup', 'hung_up']);
  }));
};

cases['words during that goodbye hold the call, noise does not'] = async (t) => {
  const w = await world(t, { realtime: { greetingMs: 1500, answers: [{ say: 'Yes?', ms: 100 }] }, env: { ...LONG, SILENCE_GOODBYE_S: '2', NO_WORDS_S: '1', MODEL_SILENT_S: '20' } });
  const { peer, session } = await w.talk();
  await session.until((s) => asked(s, 'goodbye') === 1 && !s.active, 'goodbye', 9000);
  session.speechStarted();
  await sleep(100);
  assert.equal(peer.count('clear'), 0, 'noise');
  session.speechStopped('I can hear you well');
  await session.until((s) => asked(s, 'answer') === 1, 'goes on');
  await peer.until((p) => p.count('clear') === 1, 'the goodbye is cut', 500);
  await w.heard(peer, session);
  await peer.hangUp();
  assert.equal((await w.ended(peer)).call.stream_end, 'caller_left');
};

cases['our own long speech, and a tool, are no silence'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'a long explanation', ms: 3000, pace: 1 }, callback, { say: 'Done.', ms: 100 }] }, env: { ...LONG, SILENCE_PROMPT_S: '1', SILENCE_GOODBYE_S: '2', NO_WORDS_S: '2', TOOL_FILLER_MS: '0' } });
  const { peer, session } = await w.talk();
  await session.caller('explain', { ms: 20 });
  await sleep(2900);
  assert.equal(asked(session, 'still_there'), 0, 'while we speak');
  const { over } = await w.db.lock(2500);
  await session.caller('call me', { ms: 20 });
  await sleep(2200);
  assert.equal(asked(session, 'still_there'), 0, 'while a tool runs');
  await over;
  await session.until((s) => asked(s, 'still_there') === 1, 'then it counts', 4000);
  await peer.hangUp();
};

cases['a clear makes it quiet at once'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'a very long explanation', ms: 60000, chunk: 1000, pace: 1 }] }, env: { ...LONG, SILENCE_PROMPT_S: '1', SILENCE_GOODBYE_S: '2' } });
  const { peer, session } = await w.talk();
  await session.caller('explain', { ms: 20 });
  await peer.until((p) => p.audioMs() >= 60000, 'sent');
  session.speechStarted();
  await peer.until((p) => p.count('clear') === 1, 'clear');
  session.speechStopped('stop');
  const at = Date.now();
  session.answers.push({ say: 'Yes.', ms: 100 });
  await session.respond(null);
  await session.until((s) => asked(s, 'still_there') === 1, 'asked', 4000);
  within(Date.now() - at, 900, 2200, 'not after a minute');
  await peer.hangUp();
};

cases['longest call: a warning, then a recorded message, or goodbye if all is done'] = async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: { ...LONG, CALL_MAX_S: '60', CALL_WARN_S: '3' } });
  const talks = []; // begun one after the other: a session is known by its coming
  for (const helped of [false, true]) talks.push({ helped, ...await w.talk({ agedMs: 55000 }) });
  await Promise.all(talks.map(async ({ helped, peer, session }) => {
    if (helped) {
      session.answers.push(callback, { say: 'Sal will call you.', ms: 100 });
      await session.caller('call me', { ms: 20 });
    }
    await session.until((s) => asked(s, 'time_warning') === 1, 'warned', 5000);
    await w.heard(peer, session);
    session.speechStarted(); // even over the caller's words
    await session.until((s) => asked(s, 'goodbye') === 1, 'last words', 5000);
    await peer.closed;
    const d = await w.dump(peer);
    assert.deepEqual([d.call.stream_end, d.call.next_step], ['too_long', helped ? 'hangup' : 'message']);
    assert.ok(names(d).includes('stream:time_warning'));
    assert.ok(texts(d, 'desk').some((x) => /half a minute/.test(x)), 'warning was said');
    assert.match(texts(d, 'desk').at(-1), /Our time is up/);
    within(Math.max(...d.turns.map((x) => x.end_ms)), 60000, 62500, 'its end');
  }));
};

cases['turns that lead nowhere: to the owner, or to a recorded message'] = async (t) => {
  for (const owner of [undefined, '']) {
    const w = await world(t, { owner, realtime: { answers: [{ say: 'We open at nine.', ms: 50 }, ...Array(5).fill({ say: 'Sorry, I did not get that.', ms: 50 })] }, env: { ...LONG, UNPRODUCTIVE_TURNS: '2' } });
    const { peer, session } = await w.talk();
    let turns = 0;
    for (const said of ['hours', 'mumble', 'grumble', 'rumble', 'tumble', 'humble']) {
      if (peer.ws.readyState !== 1 || asked(session, 'goodbye')) break;
      turns += 1;
      await session.caller(said, { ms: 20 });
      await Promise.race([w.heard(peer, session).catch(() => {}), peer.closed]);
      await sleep(200);
    }
    await peer.closed;
    const d = await w.dump(peer);
    assert.equal(turns, 4, 'one that led somewhere, one new failure, two that said the same');
    assert.ok(names(d).includes('stream:circles'));
    assert.deepEqual([d.call.stream_end, d.call.next_step], owner === undefined ? ['transfer', 'transfer'] : ['message', 'message']);
    assert.match(texts(d, 'desk').at(-1), owner === undefined ? /putting you through/ : /leave a message/);
  }
};

// ---- keys ---------------------------------------------------------------------------------------

cases['0 alone is "put me through": also in the middle of a sentence, and when the model is slow'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'a long story that goes on', ms: 8000, pace: 1 }] }, env: LONG });
  const two = await w.talk(); // one after the other: a session is whose it is by the order of coming
  const { peer, session } = await w.talk();
  await session.caller('tell me', { ms: 20 });
  await peer.until((p) => p.audioMs() > 2000, 'speaking');
  const at = Date.now();
  peer.keys('0');
  await peer.until((p) => p.count('clear') === 1, 'silent at once', 500);
  await peer.closed;
  within(Date.now() - at, 1500, 4500, 'after the pause');
  const d = await w.dump(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step, d.call.transfer_to], ['transfer', 'transfer', '+18605550101']);
  assert.ok(names(d).includes('stream:zero'));
  assert.ok(d.turns.some((x) => x.how === 'keys' && x.text === '0'));
  assert.ok(!session.of('conversation.item.create').some((e) => /keys/.test(JSON.stringify(e))), 'not the model\'s business');
  two.session.answers.push({ stall: true });
  two.session.caller('hello', { ms: 20 });
  await two.session.until((s) => s.active, 'stalls');
  two.peer.keys('0#');
  await two.peer.closed;
  assert.equal((await w.dump(two.peer)).call.next_step, 'transfer');
};

cases['0 before the model is ready'] = async (t) => {
  const w = await world(t, { realtime: { updatedDelay: 3500 }, env: LONG });
  const peer = await w.peer();
  await peer.open();
  peer.begin();
  await sleep(300);
  peer.keys('0');
  const at = Date.now();
  await peer.closed;
  within(Date.now() - at, 1400, 2600, 'leaves');
  const d = await w.dump(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step], ['transfer', 'transfer']);
};

cases['0 as a part of a number is not; without an owner\'s number it is a recorded message'] = async (t) => {
  const w = await world(t, { owner: '', realtime: { answers: [{ say: 'Key in your number, please.', ms: 100 }, { say: 'How many rooms have you?', ms: 100 }, { say: 'Please key in the number again.', ms: 100 }] }, env: LONG });
  const { peer, session } = await w.talk();
  await session.caller('call me', { ms: 20 });
  await w.heard(peer, session);
  peer.keys('8605550');
  await session.until((s) => s.of('conversation.item.create').length === 1, 'number', 3000);
  await w.heard(peer, session);
  peer.keys('0'); // "how many": 0 may be the answer
  await session.until((s) => s.of('conversation.item.create').length === 2, 'zero told', 3000);
  assert.deepEqual(session.of('conversation.item.create').map((e) => e.item.content[0].text), ['[keys] 8605550', '[keys] 0']);
  await session.until((s) => asked(s, 'answer') === 2, 'answered');
  await w.heard(peer, session);
  assert.equal(peer.ws.readyState, 1);
  peer.keys('0'); // a second time is meant
  await peer.closed;
  const d = await w.dump(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step], ['message', 'message']);
  assert.match(texts(d, 'desk').at(-1), /nobody can take the call/);
};

// ---- the beginning and the end ------------------------------------------------------------------

cases['silence before the first word, counted as such'] = async (t) => {
  const w = await world(t, { realtime: { greetingMs: 3000, answers: [{ say: 'Yes.', ms: 100 }] }, env: { ...LONG, LEAD_SILENCE_MS: '150' } });
  const { peer, session } = await w.talk({ greet: false });
  await peer.until((p) => p.audioMs() >= 3150, 'greeting');
  const media = peer.got.filter((m) => m.event === 'media').map((m) => Buffer.from(m.media.payload, 'base64'));
  assert.equal(media[0].length, 1200);
  assert.ok(media[0].every((b) => b === 0xff));
  assert.ok(media[1].some((b) => b !== 0xff));
  await sleep(1000);
  const played = 3150 - (peer.playEnd - Date.now());
  session.speechStarted();
  await session.until((s) => s.of('conversation.item.truncate').length === 1, 'cut');
  within(session.of('conversation.item.truncate')[0].audio_end_ms, played - 250, played - 50, 'heard of the words: less the silence');
  session.speechStopped('hello');
  await session.respond(null);
  await w.heard(peer, session);
  assert.equal(peer.audioMs(), 3250, 'once in a call');
  await peer.hangUp();
  within((await w.ended(peer)).call.first_audio_ms, 1, 2000, 'first audio');
};

cases['a call that has to leave in a drain keeps what was said'] = async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'one two three four five six seven eight nine ten', ms: 5000, pace: 1 }] }, env: LONG });
  const { peer, session } = await w.talk();
  await session.caller('count', { ms: 20 });
  await sleep(1500);
  w.bridge.child.kill('SIGTERM');
  await sleep(100);
  w.bridge.child.kill('SIGTERM');
  await peer.closed;
  const d = await w.ended(peer);
  assert.deepEqual([d.call.stream_end, d.call.next_step], ['drain', 'gather']);
  assert.ok(texts(d, 'caller').includes('count'));
  const cut = d.turns.at(-1);
  assert.ok(cut.text.startsWith('one two') && cut.unheard.endsWith('nine ten'), JSON.stringify(cut));
};

// ---- with our own engine ------------------------------------------------------------------------

async function engine(t) {
  const child = spawn(join(build, 'bin/speech'), ['--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, LOG_LEVEL: 'warn' } });
  t.after(() => child.kill('SIGTERM'));
  const port = await new Promise((resolve, reject) => {
    child.stdout.on('data', (d) => { const m = /^listening 127\.0\.0\.1:(\d+)/m.exec(String(d)); if (m) resolve(Number(m[1])); });
    child.once('exit', () => reject(new Error('speech ended')));
  });
  return `ws://127.0.0.1:${port}/v1/realtime`;
}

cases['our own engine: a filler while a tool is slow, silence, and coming back from a goodbye'] = async (t) => {
  const url = await engine(t);
  const w = await world(t, { realtime: null, env: { ...LONG, REALTIME_URL: url, TOOL_FILLER_MS: '300', SILENCE_PROMPT_S: '5', SILENCE_GOODBYE_S: '5' } });
  const peer = await w.peer();
  await peer.open();
  peer.begin();
  const says = async (words, ms = 8000) => {
    for (const end = Date.now() + ms; ; await sleep(150)) {
      const d = await w.dump(peer);
      if (words.test(texts(d, 'desk').at(-1) ?? '')) return d;
      if (Date.now() > end) throw new Error(`not said: ${words}; ${JSON.stringify(d.turns.map((x) => x.text))}\n${w.bridge.log}`);
    }
  };
  await peer.until((p) => p.audioMs() > 200, 'greeting', 8000);
  for (const asks of ['name', 'reach you on this number', 'which day', 'which time', 'shall I book it']) { // into each of its questions
    const before = peer.audioMs();
    peer.keys('1#');
    await peer.until((p) => p.audioMs() > before + 500, asks, 8000);
  }
  const { over } = await w.db.lock(2500);
  peer.keys('1#');
  await sleep(2600);
  await over;
  const spoken = peer.audioMs();
  await peer.until((p) => p.audioMs() > spoken + 700, 'and answers', 6000);
  const d = await w.dump(peer);
  assert.ok(texts(d, 'desk').includes('One moment, please.'), JSON.stringify(texts(d, 'desk')));
  assert.equal(d.call.outcome, 'booked');
  peer.keys('2#'); // no: goodbye
  for (const end = Date.now() + 6000; (await w.dump(peer)).call.next_step !== 'hangup';) assert.ok(Date.now() < end, 'end_call');
  peer.keys('5#'); // but there is more
  await says(/did not get that|anything else|yes or no/i);
  assert.equal(peer.ws.readyState, 1);
  await says(/still there/, 15000);
  await peer.hangUp();
  const e = await w.ended(peer);
  assert.equal(e.call.next_step ?? null, null);
  assert.ok(names(e).includes('stream:leave_cancelled'));
};

test('the course of a talk', { concurrency: true }, (t) => atOnce(t, Object.entries(cases), 8));
