// The live call under attack: combinations that meet in one moment, then every state with every fault.
import assert from 'node:assert/strict';
import test from 'node:test';
import { tone } from '../fakes/realtime-server.mjs';
import { atOnce } from './lib/at_once.mjs';
import { world } from './lib/bridge.mjs';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const names = (d) => d.events.map((e) => `${e.kind}:${e.name}`);
const ENV = { SILENCE_PROMPT_S: '30' };

// A function call of a response, as the server tells of it.
function callTool(s, response, tool, args, ids = {}) {
  const call_id = ids.call_id ?? `call_${Math.random().toString(36).slice(2, 12)}`;
  const id = ids.id ?? `item_${call_id}`;
  s.items.set(id, { type: 'function_call', bytes: 0 });
  s.send('response.output_item.done', { response_id: response, output_index: 1,
    item: { id, object: 'realtime.item', type: 'function_call', status: 'completed', name: tool, call_id, arguments: JSON.stringify(args) } });
  return { call_id, id };
}
const created = (s, id, metadata = null) => s.send('response.created', { response: { id, object: 'realtime.response', status: 'in_progress', status_details: null, output: [], metadata } });
const done = (s, id, status = 'completed', metadata = null) => s.send('response.done', { response: { id, object: 'realtime.response', status, status_details: null, output: [], metadata } });
const sound = (s, response, item, ms) => { s.items.set(item, { type: 'message', bytes: ms * 8, spoken: true });
  s.send('response.output_audio.delta', { response_id: response, item_id: item, output_index: 0, content_index: 0, delta: tone(ms).toString('base64') }); };

const combos = {
  'end_call that comes while the caller speaks already ends nothing': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    created(session, 'resp_x');
    await sleep(30);
    session.speechStarted();
    const { id } = callTool(session, 'resp_x', 'end_call', { outcome: 'completed', summary: 'x' });
    done(session, 'resp_x', 'cancelled');
    await sleep(700);
    session.answers.push({ say: 'Of course.', ms: 200 });
    session.speechStopped('one more thing');
    session.respond(null);
    await session.until((s) => s.answers.length === 0 && !s.active, 'answered');
    await w.heard(peer, session);
    assert.equal(peer.ws.readyState, 1, 'still on the line');
    assert.ok(session.items.get(id).deleted, 'and it is gone from the conversation');
    await peer.hangUp();
    const d = await w.ended(peer);
    assert.equal(d.call.stream_end, 'caller_left');
    assert.equal(d.call.next_step, null);
  },

  'a function call told twice runs once': async (t) => {
    const w = await world(t, { env: ENV, realtime: { duplicate: true, answers: [{ tool: 'log_caller_info', args: { reason: 'a leak' } }, { say: 'Noted.', ms: 200 }] } });
    const { peer, session } = await w.talk();
    await session.caller('a leak');
    await session.until((s) => s.answers.length === 0, 'asked');
    await sleep(500);
    assert.equal(session.outputs().length, 1);
    await peer.hangUp();
    await w.ended(peer);
    assert.equal(w.bridge.log.match(/tool\.ran/g).length, 1);
  },

  'the server\'s own answer begins first, then ours is refused: the result is answered all the same': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [{ tool: 'log_caller_info', args: { reason: 'a leak' } }] } });
    const { peer, session } = await w.talk();
    let raced;
    w.server.options.onEvent = (s, e) => {
      if (e.type !== 'response.create' || raced) return;
      raced = true;
      s.active = { id: 'resp_own' }; // ours will be refused, after this one was announced
      created(s, 'resp_own');
    };
    await session.caller('a leak');
    await session.until(() => raced, 'race');
    session.answers.push({ say: 'to the result', ms: 100 });
    sound(session, 'resp_own', 'item_own', 200);
    await sleep(200);
    session.active = null;
    done(session, 'resp_own');
    await session.until((s) => s.answers.length === 0 && !s.active, 'the result is answered', 3000);
    await peer.hangUp();
    await w.ended(peer);
  },

  'a promise behind end_call in the same answer is kept': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    session.userItem = 'item_u';
    created(session, 'resp_x');
    sound(session, 'resp_x', 'item_x', 1500);
    callTool(session, 'resp_x', 'end_call', { outcome: 'completed', summary: 'x' });
    await sleep(300);
    callTool(session, 'resp_x', 'log_caller_info', { reason: 'a leak' });
    done(session, 'resp_x');
    await peer.closed;
    const d = await w.ended(peer);
    assert.equal(d.call.stream_end, 'goodbye');
    assert.equal(w.bridge.log.match(/tool\.ran tool=log_caller_info/g)?.length, 1, w.bridge.log);
  },

  'two end_calls, then the caller speaks: neither leaves a trace': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    created(session, 'resp_x');
    sound(session, 'resp_x', 'item_x', 1500);
    const one = callTool(session, 'resp_x', 'end_call', { outcome: 'completed', summary: 'x' });
    await sleep(200);
    const two = callTool(session, 'resp_x', 'end_call', { outcome: 'completed', summary: 'x' });
    done(session, 'resp_x');
    await sleep(300);
    session.answers.push({ say: 'Of course.', ms: 200 });
    await session.caller('one more thing', { ms: 300 });
    await session.until((s) => s.answers.length === 0 && !s.active, 'answered');
    await w.heard(peer, session);
    assert.ok(session.items.get(one.id).deleted && session.items.get(two.id).deleted, 'function calls');
    assert.ok(![...session.items.values()].some((i) => i.type === 'function_call_output' && !i.deleted), 'outputs');
    await peer.hangUp();
    const d = await w.ended(peer);
    assert.equal(d.call.stream_end, 'caller_left');
    assert.equal(d.call.next_step, null);
  },

  'an answer of ours that begins while the caller speaks is not spoken over them': async (t) => {
    let hold;
    const held = new Promise((r) => { hold = r; });
    const w = await world(t, { env: ENV, realtime: { answers: [{ tool: 'log_caller_info', args: { reason: 'a leak' } }, { after: 400, say: 'That is noted, thank you very much for it.', ms: 3000, hold: held }] } });
    const { peer, session } = await w.talk();
    await session.caller('a leak');
    await session.until((s) => s.of('response.create').length === 2, 'asked for an answer');
    session.send('input_audio_buffer.speech_started', { item_id: 'item_more', audio_start_ms: session.audioMs() }); // before it begins
    session.userItem = 'item_more';
    const before = peer.audioMs();
    await sleep(1200);
    hold();
    assert.ok(peer.audioMs() - before <= 300 || peer.count('clear') > 0, `spoken over: ${peer.audioMs() - before} ms`);
    session.active = null;
    session.answers.push({ say: 'In the bath, I see.', ms: 200 });
    session.speechStopped('in the bath');
    await session.respond(null);
    await session.until((s) => s.answers.length === 0 && !s.active, 'answered');
    await w.heard(peer, session);
    await peer.hangUp();
    const d = await w.ended(peer);
    assert.ok(d.turns.some((x) => /In the bath, I see/.test(x.text)));
  },

  'the end of a cancelled answer after the beginning of the next': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    created(session, 'resp_1');
    sound(session, 'resp_1', 'item_1', 2000);
    await sleep(300);
    session.send('input_audio_buffer.speech_started', { item_id: 'u1', audio_start_ms: session.audioMs() });
    await peer.until((p) => p.count('clear') === 1, 'cut');
    session.send('input_audio_buffer.speech_stopped', { item_id: 'u1', audio_end_ms: session.audioMs() });
    created(session, 'resp_2');
    done(session, 'resp_1', 'cancelled');
    sound(session, 'resp_1', 'item_1', 500); // too late
    const before = peer.audioMs();
    sound(session, 'resp_2', 'item_2', 400);
    done(session, 'resp_2');
    await peer.until((p) => p.audioMs() - before >= 400, 'the next one is heard');
    await sleep(300);
    assert.equal(peer.audioMs() - before, 400);
    assert.equal(session.of('response.create').length, 1, 'nothing is asked for');
    await peer.hangUp();
    await w.ended(peer);
  },

  'the caller speaks while a refused answer waits to be asked again': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [{ fail: 'rate_limit_exceeded', message: 'Please try again in 800ms.' }] } });
    const { peer, session } = await w.talk();
    await session.caller('a leak');
    await sleep(300);
    session.speechStarted();
    await sleep(1200);
    assert.equal(session.of('response.create').length, 1, 'not asked while the caller speaks');
    session.answers.push({ say: 'I see, a leak.', ms: 200 });
    session.speechStopped('in the bath');
    await session.respond(null);
    await w.heard(peer, session);
    await peer.hangUp();
    await w.ended(peer);
  },

  'key 0 while a goodbye plays puts the caller through': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [{ say: 'Goodbye then.', ms: 1500, tool: 'end_call', args: { outcome: 'completed', summary: 'x' } }] } });
    const { peer, session } = await w.talk();
    await session.caller('bye');
    await sleep(500);
    peer.keys('0');
    await peer.closed;
    const d = await w.ended(peer);
    assert.notEqual(d.call.stream_end, 'goodbye');
    assert.ok(['transfer', 'message'].includes(d.call.next_step), d.call.next_step);
  },

  'interrupted filler: the result is answered, once': async (t) => {
    const w = await world(t, { env: { ...ENV, TOOL_FILLER_MS: '300' }, realtime: { answers: [{ tool: 'log_caller_info', args: { reason: 'a leak' } }] } });
    const { peer, session } = await w.talk();
    const { over } = await w.db.lock(2500);
    await session.caller('a leak');
    const before = peer.audioMs();
    await peer.until((p) => p.audioMs() > before, 'one moment');
    session.speechStarted();
    await sleep(300);
    session.speechStopped('hurry up');
    session.answers.push({ say: 'Yes, one moment.', ms: 200 }, { say: 'It is noted.', ms: 200 });
    await session.respond(null);
    await over;
    await session.until((s) => s.answers.length === 0 && !s.active, 'answered', 9000);
    await w.heard(peer, session);
    assert.equal(session.outputs().length, 1);
    await peer.hangUp();
    await w.ended(peer, 5000);
  },

  'end_call while the voice is reached again': async (t) => {
    const w = await world(t, { env: { ...ENV, TOOL_FILLER_MS: '0' }, realtime: { sessions: [{ answers: [] }, { updatedDelay: 800, answers: [] }] } });
    const { peer, session } = await w.talk();
    const { over } = await w.db.lock(1000);
    created(session, 'resp_x');
    callTool(session, 'resp_x', 'end_call', { outcome: 'completed', summary: 'x' });
    await sleep(50);
    session.ws.terminate();
    await over;
    await peer.closed;
    const d = await w.ended(peer);
    assert.equal(d.call.next_step, 'hangup');
    assert.ok(Date.now() - peer.beganAt < 12000);
  },

  'the longest time while leaving': async (t) => {
    const w = await world(t, { env: { ...ENV, CALL_MAX_S: '60' }, realtime: { answers: [{ say: 'Goodbye then, it was a pleasure.', ms: 4000, tool: 'end_call', args: { outcome: 'completed', summary: 'x' } }] } });
    const { peer, session } = await w.talk({ agedMs: 57500 });
    await session.caller('bye');
    await peer.closed;
    const d = await w.ended(peer);
    assert.equal(d.call.stream_end, 'goodbye');
    assert.equal(peer.count('clear'), 0);
    assert.equal(d.events.filter((e) => e.name === 'ended').length, 1);
  },

  'unknown ids, strange errors and other people\'s events change nothing': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    for (const code of ['item_delete_invalid_item_id', 'item_truncate_invalid_item_id', 'response_cancel_not_active', 'conversation_already_has_active_response', 'invalid_value', 'unknown_parameter']) {
      session.refuse(code, 'no such item', { event_id: 'fd-del-999' });
      session.refuse(code, 'no such item');
    }
    done(session, 'resp_never', 'failed');
    session.send('response.output_audio.delta', { response_id: 'resp_never', item_id: 'item_never', delta: '' });
    session.send('input_audio_buffer.speech_stopped', { item_id: 'item_never', audio_end_ms: -5 });
    session.send('conversation.item.input_audio_transcription.failed', { item_id: 'x', error: {} });
    session.answers.push({ say: 'Yes?', ms: 200 });
    await session.caller('hello');
    await w.heard(peer, session);
    assert.equal(w.server.connections, 1);
    await peer.hangUp();
    await w.ended(peer);
  },

  'ended by a second signal while the database is locked for 8 s: the end is written all the same': async (t) => {
    const w = await world(t, { env: ENV, realtime: { answers: [] } });
    const { peer } = await w.talk();
    const { over } = await w.db.lock(8000);
    for (let i = 0; i < 2; i += 1) {
      w.bridge.child.kill('SIGTERM');
      await sleep(100);
    }
    await peer.closed;
    await w.bridge.exited;
    await over;
    const d = await w.dump(peer);
    assert.deepEqual([d.call.stream_end, d.call.next_step], ['drain', 'gather']);
    assert.ok(names(d).includes('stream:ended'));
  },

  'an answer to noise that is refused and never ends: the caller is asked, or goes on elsewhere': async (t) => {
    const w = await world(t, { env: { BARGE_IN_CONFIRM_MS: '250', SILENCE_PROMPT_S: '3', SILENCE_GOODBYE_S: '3', MODEL_SILENT_S: '4' }, realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    created(session, 'resp_1');
    sound(session, 'resp_1', 'item_1', 2500);
    done(session, 'resp_1');
    await sleep(300);
    session.send('input_audio_buffer.speech_started', { item_id: 'u1', audio_start_ms: session.audioMs() });
    session.items.set('u1', { type: 'message', bytes: 0 });
    await sleep(200);
    session.send('input_audio_buffer.speech_stopped', { item_id: 'u1', audio_end_ms: session.audioMs() });
    created(session, 'resp_2');
    session.stop();
    const at = Date.now();
    const had = peer.count('media');
    await peer.until((p) => p.closedAt || p.count('media') > had, 'sound or an end', 15000);
    const ms = Date.now() - at;
    await peer.hangUp();
    assert.ok(ms < 12000, `${ms} ms`);
  },
};

test('what meets in one moment', { concurrency: true }, (t) => atOnce(t, Object.entries(combos), 8));

// ---- every state, every fault --------------------------------------------------------------------

// Nobody speaks after the fault: each call must come to its own end, and until then the caller may
// not be left without sound for longer than CAP.
const CAP = 9500; // the prompt after silence, asked of a model that stalls, until the next one is there
const QUICK = { SILENCE_PROMPT_S: '3', SILENCE_GOODBYE_S: '3', MODEL_SILENT_S: '4', TOOL_FILLER_MS: '300' };
const END = { outcome: 'completed', summary: 'x' };

async function begun(w, wait) {
  const peer = await w.peer();
  await peer.open();
  peer.begin();
  await sleep(wait);
  return { peer };
}
async function asked(w, answer, wait) {
  const r = await w.talk();
  r.session.answers.push(answer, { say: 'Noted.', ms: 300 });
  r.session.caller('well');
  await sleep(wait);
  return r;
}
const states = {
  dialling: { realtime: { connectDelay: 600 }, to: (w) => begun(w, 300) },
  setting: { realtime: { updatedDelay: 600 }, to: (w) => begun(w, 300) },
  greeting: { realtime: { greetingMs: 2500 }, to: async (w) => { const r = await w.talk({ greet: false }); await sleep(400); return r; } },
  'kept greeting': { realtime: { greetingMs: 2000 }, env: { GREETING_CACHE: 'true' }, to: async (w) => {
    const { peer } = await w.talk();
    await sleep(200);
    await peer.hangUp();
    await w.ended(peer);
    return begun(w, 300);
  } },
  'made ahead': { env: { REALTIME_WARM: 'true' }, to: async (w) => {
    const peer = await w.peer();
    await w.server.session();
    await peer.open();
    peer.begin();
    await sleep(20);
    return { peer };
  } },
  idle: { to: (w) => w.talk() },
  'caller speaks': { to: async (w) => { const r = await w.talk(); r.session.speechStarted(); await sleep(200); return r; } },
  answering: { to: (w) => asked(w, { say: 'a long answer to a short question', ms: 4000, pace: 40 }, 900) },
  tool: { to: async (w) => {
    const r = await w.talk();
    r.lock = await w.db.lock(2500);
    r.session.answers.push({ tool: 'log_caller_info', args: { reason: 'x' } }, { say: 'Noted.', ms: 300 });
    await r.session.caller('well');
    await sleep(500); // and a filler plays
    return r;
  } },
  goodbye: { to: (w) => asked(w, { say: 'Goodbye.', ms: 2500, tool: 'end_call', args: END }, 900) },
  transfer: { to: (w) => asked(w, { say: 'One moment.', ms: 2500, tool: 'transfer_to_owner', args: { reason: 'x', urgent: true } }, 900) },
  'lost and dialled again': { realtime: { sessions: [{}, { updatedDelay: 700 }] }, to: async (w) => { const r = await w.talk(); r.session.ws.terminate(); await sleep(300); return r; } },
  'replaced by age': { realtime: { sessions: [{ expiresIn: 92 }, {}] }, to: async (w) => { const r = await w.talk(); await w.server.session(); await sleep(400); return r; } },
  draining: { to: async (w) => { const r = await w.talk(); w.bridge.child.kill('SIGTERM'); await sleep(200); return r; } },
};
const newest = (w) => w.server.sessions.filter((s) => !s.closedAt).at(-1);
const faults = {
  drop: (w) => newest(w)?.ws.terminate(),
  'no way back': (w) => { w.server.refuseNext(50); newest(w)?.ws.terminate(); },
  stall: (w) => newest(w)?.stop(),
  nonsense: (w) => { const s = newest(w); s?.binary(); s?.malformed(3); s?.disorder(); s?.unknown(); if (s) { done(s, 'resp_never', 'failed'); s.refuse('whatever', 'x'); } },
  'locked database': async (w, r) => { await r.lock?.over; r.lock = await w.db.lock(10000); },
  'keys, and marks that never come back': (w, { peer }) => { peer.sendMark = () => {}; peer.keys('5#'); },
};

// The longest time without sound, from the fault to the end.
function silence(peer, from) {
  let worst = 0;
  let until = from;
  for (const m of peer.got.filter((x) => x.event === 'media' || x.event === 'clear')) {
    if (m.event === 'clear') { until = Math.max(from, Math.min(until, m.at)); continue; }
    const begin = Math.max(m.at, until);
    worst = Math.max(worst, begin - until);
    until = Math.max(from, begin + Buffer.from(m.media.payload, 'base64').length / 8);
  }
  return Math.max(worst, peer.closedAt - until);
}

async function cell(t, state, fault) {
  const w = await world(t, { realtime: { answers: [], ...state.realtime }, env: { ...QUICK, ...state.env } });
  const r = await state.to(w);
  const { peer } = r;
  const at = Date.now();
  await fault(w, r);
  await peer.closed;
  assert.ok(silence(peer, at) <= CAP, `silent for ${silence(peer, at)} ms`);
  await r.lock?.over;
  const d = await w.ended(peer, 5000);
  assert.notEqual(d.call.stream_end, 'caller_left');
  assert.ok(d.call.next_step, `a next step after ${d.call.stream_end}`);
  assert.equal(names(d).filter((n) => n === 'stream:ended').length, 1);
  assert.ok((w.bridge.log.match(/tool\.ran tool=log_caller_info/g) ?? []).length <= 1);
  if (!/bridge\.drain/.test(w.bridge.log)) {
    const health = await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`);
    assert.match(await health.text(), /calls=0\b/);
  }
  assert.deepEqual(peer.problems, []);
}

// All of them by MATRIX=all; else each state with two faults, each fault with several states.
const chosen = Object.keys(states).flatMap((s, i) => Object.keys(faults).filter((f, k) => process.env.MATRIX === 'all' || (k + i) % 3 === 0).map((f) => [s, f]));
test('no state and no fault leaves the caller in silence', { concurrency: true }, (t) =>
  atOnce(t, chosen.map(([s, f]) => [`${s}: ${f}`, (tt) => cell(tt, states[s], faults[f])]), 28));
