// The ladder, rung by rung, by faults in the stand-in Realtime server: another session told what was
// said, or down to /voice/next; and how long the caller waits for a sound or a next step.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { world } from './lib/bridge.mjs';

const CAP = 2000; // ms: the longest a caller waits after a loss for a sound or the end of the stream
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const names = (d) => d.events.map((e) => `${e.kind}:${e.name}`);
const within = (value, low, high, what) => assert.ok(value >= low && value <= high, `${what}: ${value} not in ${low}…${high}`);
const words = (d) => d.turns.map((x) => `${x.who}: ${x.text}`);
const figures = process.env.FIGURES ? (what, ms) => console.error(`${what}: ${ms} ms`) : () => {};

// From at: ms until the next sound, or until the stream's end.
async function next(peer, at, ms = CAP + 1000) {
  await peer.until((p) => p.closedAt || p.got.some((m) => m.event === 'media' && m.at >= at), 'a sound or the end', ms);
  const sound = peer.got.find((m) => m.event === 'media' && m.at >= at);
  return (sound ? sound.at : peer.closedAt) - at;
}

// The database is whole: the call has one end, its turns are in order, nothing is left over.
function whole(d, end) {
  assert.equal(d.call.stream_end, end, JSON.stringify(names(d)));
  assert.equal(d.events.filter((e) => e.kind === 'stream' && e.name === 'ended').length, 1);
  for (const x of d.turns) assert.ok(x.end_ms >= x.start_ms && x.start_ms >= 0, JSON.stringify(x));
  assert.ok(d.events.every((e) => e.detail && !/undefined|\(null\)|%/.test(e.detail)), JSON.stringify(d.events));
}

// Greeted, one question asked and answered, everything heard.
async function talked(w, options) {
  const { peer, session } = await w.talk(options);
  session.answers.unshift({ say: 'What is leaking?', ms: 300 });
  await session.caller('My tap is dripping');
  await w.heard(peer, session);
  return { peer, session };
}
const SAID = ['assistant: Thanks for calling Harwick Plumbing. How can I help you?', 'user: My tap is dripping', 'assistant: What is leaking?'];

// ---- another session, told what was said --------------------------------------------------------

test('lost while nobody speaks: the caller notices nothing, the next session knows all', async (t) => {
  const w = await world(t, { realtime: { keepAudio: true, answers: [] } });
  const { peer, session } = await talked(w);
  const before = peer.audioMs();
  session.ws.terminate();
  const second = await w.server.session();
  await second.until((s) => s.notes().length === 1, 'told');
  assert.deepEqual(second.told(), SAID);
  assert.match(second.notes()[0], /has not noticed.*Do not greet/s);
  assert.equal(second.of('session.update').length, 1);
  assert.equal(second.of('session.update')[0].session.instructions, session.of('session.update')[0].session.instructions);
  await sleep(300);
  assert.equal(second.of('response.create').length, 0, 'nothing is said');
  assert.equal(peer.audioMs(), before);
  second.answers.push({ say: 'In the kitchen.', ms: 200 });
  await second.caller('in the kitchen', { ms: 300 });
  await w.heard(peer, second);
  await peer.hangUp();
  const d = await w.ended(peer);
  whole(d, 'caller_left');
  assert.deepEqual(words(d).slice(-2), ['caller: in the kitchen', 'desk: In the kitchen.']);
  const mine = d.turns.find((x) => x.text === 'in the kitchen');
  within(mine.end_ms - mine.start_ms, 200, 500, 'the caller\'s turn, timed by the second session');
  assert.deepEqual(names(d).filter((n) => n.startsWith('model:')), ['model:ready', 'model:lost', 'model:back']);
  assert.deepEqual(peer.problems, []);
  const counted = await (await fetch(`http://127.0.0.1:${w.bridge.port}/metrics`)).text();
  assert.match(counted, /^frontdesk_bridge_reconnects_total 1$/m);
  assert.match(counted, /^frontdesk_bridge_renewals_total 0$/m);
});

test('no caller audio is lost between two sessions', async (t) => {
  const w = await world(t, { realtime: { keepAudio: true, updatedDelay: 400, answers: [] } });
  const { peer, session } = await w.talk();
  clearInterval(peer.frames); // from here on numbered frames
  await sleep(60);
  const had = session.appends.length;
  const frame = (n) => { const b = Buffer.alloc(160, 0x7f); b.writeUInt16BE(n, 0); return b.toString('base64'); };
  let n = 0;
  const ticks = setInterval(() => peer.frame(frame(n += 1)), 20);
  await sleep(300);
  session.ws.terminate();
  await sleep(1500);
  clearInterval(ticks);
  await sleep(100);
  const second = w.server.sessions[1];
  const got = [...session.appends.slice(had), ...second.appends].map((b) => b.readUInt16BE(0));
  const missing = Array.from({ length: n }, (_, i) => i + 1).filter((x) => !got.includes(x));
  // what was on its way to a dead peer is not known; all that came after is there, in order, once
  within(missing.length, 0, 3, `missing ${missing}`);
  assert.deepEqual(got, [...got].sort((a, b) => a - b));
  assert.equal(new Set(got).size, got.length);
  within(second.appends.length, 20, n, 'held and given to the second');
  await peer.hangUp();
});

const LOSSES = [
  // what is going on when it is lost → what the next session is told, and who speaks
  { what: 'while it answers', note: /apology of a few words.*go on exactly/s, begin: (s) => { s.answers.unshift({ say: 'It could be the washer of the tap you see', ms: 3000, pace: 1, dropAfter: 1000 }); s.caller('My tap is dripping'); },
    told: (lines) => { assert.equal(lines[1], 'user: My tap is dripping'); assert.match(lines[2], /^assistant: It could/); } },
  { what: 'before it answers', note: /apology of a few words/, begin: (s) => { s.answers.unshift({ drop: true }); s.caller('My tap is dripping'); },
    told: (lines) => assert.equal(lines[1], 'user: My tap is dripping') },
  { what: 'while the caller speaks', note: /last words were lost.*say that again/s, begin: async (s) => { s.speechStarted(); await sleep(100); s.ws.terminate(); },
    told: (lines) => assert.equal(lines.length, 1) },
  { what: 'before the caller\'s words came', note: /last words were lost/, begin: async (s) => { s.speechStarted(); await sleep(100); s.speechStopped(); s.ws.terminate(); },
    told: (lines) => assert.equal(lines.length, 1) },
];
test('lost while somebody speaks or waits: an apology within the cap, and the talk goes on', async (t) => {
  for (const c of LOSSES) {
    await t.test(c.what, async (tt) => {
      const w = await world(tt, { realtime: { sessions: [{ answers: [] }, { answers: [{ say: 'Sorry about that. So it drips?', ms: 300 }] }] } });
      const { peer, session } = await w.talk();
      await c.begin(session);
      await session.closed;
      const at = Date.now();
      const playing = Math.max(0, peer.playEnd - at);
      await peer.until(() => w.server.sessions.length === 2, 'another session');
      const second = w.server.sessions[1]; // what still came of the first one is not counted
      const ms = second.at - at + await next(peer, second.at + 1);
      figures(`${c.what}, drop to next sound`, ms);
      within(ms, 0, CAP, 'drop to next sound');
      c.told(second.told());
      assert.match(second.notes().join(), c.note);
      assert.equal(second.of('response.create').length, 1);
      assert.equal(second.of('response.create')[0].response?.instructions, undefined, 'it keeps its prompt and its tools');
      await w.heard(peer, second);
      within(Date.now() - at - playing, 0, CAP + 1000, 'all heard');
      assert.equal(peer.count('clear'), 0, 'what was on its way is played');
      await peer.hangUp();
      const d = await w.ended(peer);
      whole(d, 'caller_left');
      assert.ok(names(d).includes('model:back'));
      assert.equal(d.turns.at(-1).text, 'Sorry about that. So it drips?');
      assert.deepEqual(peer.problems, []);
    });
  }
});

test('lost before the greeting was heard: the greeting comes from the next session', async (t) => {
  for (const [what, sessions] of [['at response.create', [{ dropOn: 'response.create' }]], ['just set up', [{ dropOn: { event: 'response.create', code: 1011 } }]]]) {
    await t.test(what, async (tt) => {
      const w = await world(tt, { realtime: { sessions } });
      const peer = await w.peer();
      await peer.open();
      peer.begin();
      await peer.until((p) => p.audioMs() >= 400, 'greeting', CAP + 500);
      const [, second] = w.server.sessions;
      assert.match(second.of('response.create')[0].response.instructions, /^Say: Thanks for calling/);
      assert.equal(second.notes().length, 0);
      await w.heard(peer, second);
      await peer.hangUp();
      const d = await w.ended(peer);
      whole(d, 'caller_left');
      assert.ok(names(d).includes('stream:greeting_heard'));
    });
  }
});

test('a sentence that still plays when the model is lost can be interrupted: the next session learns what was heard', async (t) => {
  const long = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';
  const w = await world(t, { realtime: { answers: [{ say: long, ms: 6000, chunk: 500, pace: 1 }] } });
  const { peer, session } = await w.talk();
  await session.caller('count');
  await peer.until((p) => p.audioMs() >= 6400, 'all sent');
  session.ws.terminate();
  const second = await w.server.session();
  await second.until((s) => s.told().length === 3, 'told');
  assert.equal(second.told()[2], `assistant: ${long}`);
  const id = second.of('conversation.item.create').find((e) => e.item.role === 'assistant' && e.item.content[0].text === long).item.id;
  await sleep(1200);
  second.speechStarted();
  await peer.until((p) => p.count('clear') === 1, 'clear', 1500);
  await second.until((s) => s.of('conversation.item.delete').length === 1, 'taken back');
  assert.equal(second.of('conversation.item.delete')[0].item_id, id);
  assert.equal(second.of('conversation.item.truncate').length, 0, 'there is no audio to truncate');
  await second.until((s) => s.told().length === 4, 'told anew');
  const heard = second.told()[3].replace('assistant: ', '');
  assert.ok(long.startsWith(heard) && heard.length < long.length / 2 && heard.length > 3, heard);
  await peer.hangUp();
  const d = await w.ended(peer);
  const turn = d.turns.find((x) => x.unheard);
  assert.equal(turn.text, heard);
  assert.deepEqual(second.problems, []);
});

test('a tool that runs while the model is lost: its result reaches the next session', async (t) => {
  const args = { name: 'Dana', reason: 'dripping tap', when_text: 'tomorrow', urgency: 'normal' };
  for (const late of [false, true]) {
    await t.test(late ? 'result after the next session is up' : 'result while none is there', async (tt) => {
      const w = await world(tt, { realtime: { updatedDelay: late ? 5 : 700, sessions: [{ updatedDelay: 5, answers: [{ tool: 'schedule_callback', args }] }, { answers: [{ say: 'Sal will call you tomorrow.', ms: 200 }] }] } });
      const { peer, session } = await w.talk();
      const lock = await w.db.lock(late ? 1500 : 400);
      session.caller('call me tomorrow');
      await session.until((s) => s.lastResponse && !s.active && s.counts['response.create'] === 1 && [...s.items.values()].some((i) => i.type === 'function_call'), 'tool asked');
      session.ws.terminate();
      const at = Date.now();
      within(await next(peer, at + 1), 0, CAP, 'a sound');
      const second = w.server.sessions[1];
      await second.until((s) => s.outputs().length === 1, 'the result', 5000);
      assert.equal(second.outputs()[0].ok, true);
      assert.deepEqual(second.of('conversation.item.create').filter((e) => e.item.type === 'function_call').map((e) => [e.item.name, JSON.parse(e.item.arguments).reason]), [['schedule_callback', 'dripping tap']]);
      await lock.over;
      await second.until((s) => s.of('response.create').length === 1 && !s.active, 'answered', 5000);
      assert.match(second.notes()[0], late ? /when the result is there/ : /apology/);
      await w.heard(peer, second);
      await peer.hangUp();
      const d = await w.ended(peer);
      whole(d, 'caller_left');
      assert.equal(d.callbacks.length, 1, 'once');
      assert.equal(d.tools.length, 1);
    });
  }
});

// ---- what counts as a loss ----------------------------------------------------------------------

const CHAOS = [
  ['closed 1001', (s) => s.ws.close(1001, 'Your session hit the maximum duration of 60 minutes.')],
  ['closed 1011', (s) => s.ws.close(1011)],
  ['closed 1013', (s) => s.ws.close(1013)],
  ['closed 1000', (s) => s.ws.close(1000)],
  ['session_expired', (s) => s.refuse('session_expired', 'x')],
  ['server_error', (s) => s.refuse('server_error', 'x')],
  ['nothing that can be read', (s) => s.malformed(10)],
  ['a giant message', (s) => s.giant()],
  ['a failed answer', (s) => { s.answers.unshift({ fail: 'server_error' }); s.caller('hello'); }],
];
test('what is mended by another session', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  for (const [what, act] of CHAOS) {
    await t.test(what, async () => {
      const { peer, session } = await talked(w);
      const at = Date.now();
      await act(session);
      const second = await w.server.session();
      await second.until((s) => s.notes().length === 1, 'told', CAP);
      within(Date.now() - at, 0, CAP, `${what}: told again`);
      assert.deepEqual(second.told().slice(0, 3), SAID, what);
      second.answers.push({ say: 'Here I am.', ms: 100 });
      if (!second.of('response.create').length) await second.caller('are you there?');
      await w.heard(peer, second);
      await peer.hangUp();
      const d = await w.ended(peer);
      whole(d, 'caller_left');
      assert.ok(names(d).includes('model:lost') && names(d).includes('model:back'), what);
    });
  }
});

test('what is survived without: disorder, unknown events, everything twice, binary frames, a burst', async (t) => {
  for (const duplicate of [false, true]) {
    const w = await world(t, { realtime: { duplicate, answers: [] } });
    const { peer, session } = await talked(w);
    const acts = [(s) => s.unknown(), (s) => s.binary(), (s) => s.malformed(2), (s) => s.disorder(), (s) => s.respond({ response: {} })];
    for (const act of acts) await act(session);
    await sleep(300);
    await w.heard(peer, session); // what was asked for again because of the disorder, too
    session.answers.push({ deltas: 1000, each: 20, say: 'a burst' });
    const before = peer.audioMs();
    await session.caller('hello');
    const burst = duplicate ? 40000 : 20000;
    await peer.until((p) => p.audioMs() - before >= burst, 'a thousand deltas');
    assert.equal(w.server.connections, 1);
    assert.equal(peer.ws.readyState, 1);
    await peer.hangUp();
    const d = await w.ended(peer);
    whole(d, 'caller_left');
    assert.ok(d.turns.some((x) => `${x.text} ${x.unheard ?? ''}`.trim() === 'out of order'));
    assert.deepEqual(peer.problems, []);
  }
});

const FATAL = ['invalid_api_key', 'insufficient_quota', 'account_deactivated', 'billing_hard_limit_reached', 'model_not_found'];
test('fatal codes are never retried: at once down the ladder, and the owner is told', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const cases = [
    ...FATAL.map((code) => [code, (s) => s.refuse(code, 'no')]),
    ...FATAL.slice(1, 2).map((code) => [`${code} of an answer`, (s) => { s.answers.unshift({ fail: code }); s.caller('hello'); }]),
    ['closed 1008', (s) => s.ws.close(1008)], ['closed 4000', (s) => s.ws.close(4000, 'beta_api_shape_disabled')],
  ];
  for (const [what, act] of cases) {
    const { peer, session } = await w.talk();
    const before = w.server.connections;
    const at = Date.now();
    await act(session);
    await peer.closed;
    within(Date.now() - at, 0, 600, `${what}: leaves the stream`);
    assert.equal(w.server.connections, before, `${what}: no other try`);
    const d = await w.dump(peer);
    whole(d, 'model_lost');
    assert.equal(d.call.next_step, 'gather');
    const alerts = d.events.filter((e) => e.kind === 'alert');
    assert.equal(alerts.length, 1, what);
    assert.match(alerts[0].detail, /^The owner has to look after this: 127\.0\.0\.1 refuses to work: /);
  }
  for (const status of [401, 403, 404]) {
    w.server.refuseNext(3, status);
    const peer = await w.peer();
    const before = w.server.connections;
    await peer.open();
    peer.begin();
    await peer.closed;
    assert.equal(w.server.connections, before + 1, `HTTP ${status}`);
    const d = await w.dump(peer);
    whole(d, 'model_lost');
    assert.equal(d.events.filter((e) => e.kind === 'alert').length, 1);
  }
});

// ---- further down -------------------------------------------------------------------------------

const refused = (status) => (w) => w.server.refuseNext(9, status);
test('a second failure leaves the stream', async (t) => {
  const cases = [
    ['nobody there any more', refused(0), 1], ['503', refused(503), 1], ['429', refused(429), 1], ['401', refused(401), 1],
    ['accepted, never answered', (w) => { w.server.options.hang = true; }, 1],
    ['never set up', (w) => { w.server.options.noUpdated = true; }, 1],
    ['lost again at once', (w) => { w.server.options.dropOn = 'response.create'; }, 1],
    ['silent', (w) => { w.server.options.answers = Array(9).fill({ silent: true }); }, 2],
  ];
  await Promise.all(cases.map(async ([what, prepare, caps]) => {
    const w = await world(t, { realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    prepare(w);
    session.answers.unshift({ drop: true });
    session.caller('My tap is dripping');
    await session.closed;
    const at = Date.now();
    await peer.closed;
    const ms = peer.closedAt - at;
    figures(`${what}, drop to end of the stream`, ms);
    within(ms, 0, caps * CAP + 300, what);
    const d = await w.dump(peer);
    whole(d, 'model_lost');
    assert.equal(d.call.next_step, 'gather', what);
    assert.deepEqual(words(d).slice(1, 2), ['caller: My tap is dripping'], 'the turn is there for /voice/next');
    assert.ok(names(d).includes('model:lost'), what);
  }));
});

test('twice within two minutes is enough', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await talked(w);
  session.ws.terminate();
  const second = await w.server.session();
  await second.until((s) => s.notes().length === 1, 'told');
  await sleep(300);
  const at = Date.now();
  second.ws.terminate();
  await peer.closed;
  within(Date.now() - at, 0, 500, 'leaves');
  assert.equal(w.server.connections, 2);
  whole(await w.dump(peer), 'model_lost');
});

test('silent for MODEL_SILENT_S: asked again after half of it, then another session', async (t) => {
  for (const [what, answer] of [['no answer at all', { silent: true }], ['begins and stalls', { stall: true }], ['stops in the middle', { say: 'a longer sentence', ms: 2000, stallAfter: 300 }]]) {
    await t.test(what, async (tt) => {
      const w = await world(tt, { env: { MODEL_SILENT_S: '2' }, realtime: { sessions: [{ answers: [answer, answer] }, { answers: [{ say: 'Sorry. Here I am.', ms: 200 }] }] } });
      const { peer, session } = await w.talk();
      const asked = Date.now();
      session.caller('hello', { ms: 20 });
      const second = await w.server.session();
      const ms = Date.now() - asked;
      figures(`${what}, question to another session`, ms);
      within(ms, 1800, 3200, 'noticed');
      await second.until((s) => s.lastResponse && !s.active, 'spoken');
      await w.heard(peer, second);
      await peer.hangUp();
      const d = await w.ended(peer);
      whole(d, 'caller_left');
      assert.ok(names(d).includes('model:slow') && names(d).includes('model:back'), names(d).join());
      assert.ok(session.closedAt, 'the silent one is let go');
    });
  }
});

test('no capacity: asked again after the server\'s own wait; too long or twice: down the ladder', async (t) => {
  const fail = (message) => ({ fail: 'rate_limit_exceeded', message });
  const cases = [
    ['a short wait is kept', [fail('Rate limit reached. Please try again in 900ms. Visit …'), { say: 'Hello.', ms: 100 }], 900, 1300, true],
    ['none given', [fail('Rate limit reached'), { say: 'Hello.', ms: 100 }], 650, 1100, true],
    ['a long one', [fail('Rate limit reached. Please try again in 21.5s.')], 0, 400, false],
    ['twice', [fail('Please try again in 0.5s.'), fail('Please try again in 0.5s.')], 450, CAP, false],
  ];
  const w = await world(t, { realtime: { answers: [] }, env: { TWILIO_ACCOUNT_SID: 'AC0123456789abcdef0123456789abcdef' } });
  for (const [what, answers, low, high, goesOn] of cases) {
    const { peer, session } = await w.talk();
    session.answers.unshift(...answers);
    await session.caller('hello', { ms: 20 });
    const at = Date.now();
    const ms = await next(peer, at);
    figures(`${what}, refusal to sound or end`, ms);
    within(ms, low, high, what);
    if (goesOn) {
      await w.heard(peer, session);
      await peer.hangUp();
    } else {
      await peer.closed;
    }
    const d = await w.ended(peer);
    whole(d, goesOn ? 'caller_left' : 'model_lost');
    assert.equal(names(d).includes('model:limited'), what !== 'a long one', what);
    // the owner can raise the limit, and is told of it in one text, not in one a call
    assert.equal(d.events.filter((e) => e.kind === 'alert').length, goesOn ? 0 : 1, what);
    assert.deepEqual(d.outbox.map((o) => [o.kind, JSON.parse(o.payload).to]), what === 'a long one' ? [['sms', '+18605550101']] : [], what);
    if (d.outbox.length) assert.match(JSON.parse(d.outbox[0].payload).body, /^Harwick Plumbing, the phone: .*more was asked of it than the account there may ask\. Until it is back/);
  }
  assert.equal(w.server.connections, cases.length, 'no new session would help');
});

// ---- a session grows old ------------------------------------------------------------------------

test('a session near its end is replaced in a pause: nothing is lost, nothing is heard', async (t) => {
  const w = await world(t, { realtime: { keepAudio: true, sessions: [{ expiresIn: 92 }, {}], answers: [] } });
  const { peer, session } = await talked(w);
  const second = await w.server.session();
  await second.until((s) => s.notes().length === 1, 'told', 6000);
  const overlap = Date.now();
  await session.closed;
  within(Date.now() - overlap, 350, 900, 'both heard the caller for so long');
  within(second.appended / 8, 300, 1500, 'ms of audio before it took over');
  assert.deepEqual(second.told(), SAID);
  assert.match(second.notes()[0], /Do not greet/);
  second.answers.push({ say: 'Yes.', ms: 200 });
  await second.caller('hello again', { ms: 300 });
  await w.heard(peer, second);
  await peer.hangUp();
  const d = await w.ended(peer);
  whole(d, 'caller_left');
  assert.deepEqual(names(d).filter((n) => n.startsWith('model:')), ['model:ready', 'model:renewed']);
  const turn = d.turns.find((x) => x.text === 'hello again');
  within(turn.end_ms - turn.start_ms, 200, 500, 'timed by the second session');
  assert.equal(w.server.connections, 2);
});

test('a session near its end is not replaced while somebody speaks, and it does not use up the one reconnect', async (t) => {
  const w = await world(t, { realtime: { sessions: [{ expiresIn: 92 }], answers: [] } });
  const { peer, session } = await w.talk();
  session.speechStarted();
  await sleep(3000);
  assert.equal(w.server.connections, 2, 'another one stands by');
  assert.ok(!session.closedAt);
  assert.equal(w.server.sessions[1].notes().length, 0);
  session.answers.push({ say: 'It drips.', ms: 300 });
  session.speechStopped('my tap drips');
  await session.respond(null);
  await session.closed;
  const second = w.server.sessions.at(-1);
  assert.deepEqual(second.told().slice(1), ['user: my tap drips', 'assistant: It drips.']);
  await sleep(200);
  second.ws.terminate();
  await peer.until(() => w.server.sessions.length > w.server.sessions.indexOf(second) + 1, 'the one reconnect is still there');
  const third = w.server.sessions.at(-1);
  await third.until((s) => s.notes().length === 1, 'told');
  await peer.hangUp();
  const d = await w.ended(peer);
  whole(d, 'caller_left');
  assert.equal(names(d).filter((n) => n === 'model:renewed').length, 1);
  assert.equal(names(d).filter((n) => n === 'model:back').length, 1);
});

test('lost while another one stands by: it is taken at once', async (t) => {
  const w = await world(t, { realtime: { sessions: [{ expiresIn: 92 }, { answers: [{ say: 'Sorry. Say that again?', ms: 200 }] }], answers: [] } });
  const { peer, session } = await w.talk();
  session.speechStarted();
  const second = await w.server.session();
  await second.until((s) => s.of('session.update').length === 1, 'stands by');
  await sleep(200);
  session.ws.terminate();
  const ms = await next(peer, Date.now());
  figures('drop to next sound with one standing by', ms);
  within(ms, 0, 400, 'next sound');
  assert.equal(w.server.connections, 2);
  await peer.hangUp();
  await w.ended(peer);
});

// ---- a server that is there and does nothing -----------------------------------------------------

// The stand-in as a process of its own, stopped as a whole: its kernel still takes bytes and connections.
async function apart(t, env) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../fakes/realtime-server.mjs', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => { child.kill('SIGCONT'); child.kill('SIGKILL'); });
  const url = await new Promise((resolve) => { child.stdout.on('data', (d) => { const m = /listening (\S+)/.exec(d); if (m) resolve(m[1]); }); });
  const w = await world(t, { realtime: null, env: { REALTIME_URL: url, ...env } });
  const peer = await w.peer();
  await peer.open();
  peer.begin();
  await peer.until((p) => p.audioMs() >= 400 && p.pending.length === 0 && p.playEnd <= Date.now(), 'greeted');
  return { w, peer, child };
}

test('a dead peer is noticed while nothing is owed, and while an answer is', async (t) => {
  await Promise.all([
    t.test('nothing is owed', async (tt) => {
      const { w, peer, child } = await apart(tt, { MODEL_SILENT_S: '2' });
      child.kill('SIGSTOP');
      const at = Date.now();
      await peer.closed;
      const ms = Date.now() - at;
      figures('a stopped server, nothing owed (MODEL_SILENT_S=2), to the end of the stream', ms);
      within(ms, 2000, 2 * 2000 + 2000 + 1500, 'noticed by ping, tried once more, left');
      const d = await w.dump(peer);
      whole(d, 'model_lost');
      assert.equal(d.call.next_step, 'gather');
    }),
    t.test('an answer is owed', async (tt) => {
      const { w, peer, child } = await apart(tt, { MODEL_SILENT_S: '3' });
      child.kill('SIGSTOP');
      peer.keys('12#');
      const at = Date.now();
      await peer.closed;
      const ms = Date.now() - at;
      figures('a stopped server, an answer owed (MODEL_SILENT_S=3), to the end of the stream', ms);
      within(ms, 3000, 3000 + 2000 + 700, 'silent, tried once more, left');
      whole(await w.dump(peer), 'model_lost');
    }),
    t.test('it comes back', async (tt) => {
      const { w, peer, child } = await apart(tt, { MODEL_SILENT_S: '2' });
      child.kill('SIGSTOP');
      await sleep(1000);
      child.kill('SIGCONT');
      await sleep(4000);
      assert.equal(peer.ws.readyState, 1);
      await peer.hangUp();
      const d = await w.ended(peer);
      whole(d, 'caller_left');
      assert.ok(!names(d).includes('model:lost'));
    }),
  ]);
});

// ---- a line that is there and says nothing -------------------------------------------------------

test('a line that sends nothing for LINE_DEAD_S, not even silence, is dead; a silent caller is not', async (t) => {
  const w = await world(t, { env: { LINE_DEAD_S: '2', SILENCE_PROMPT_S: '60' }, realtime: { answers: [] } });
  const [dead, silent] = [await talked(w), await talked(w)];
  clearInterval(dead.peer.frames); // the socket stays open
  const at = Date.now();
  await dead.peer.closed;
  within(Date.now() - at, 1900, 3200, 'noticed');
  await dead.session.closed;
  const d = await w.dump(dead.peer);
  whole(d, 'line_lost');
  assert.equal(d.call.next_step, 'gather', 'if anybody is there after all, the talk goes on');
  assert.deepEqual(words(d).slice(1), ['caller: My tap is dripping', 'desk: What is leaking?']);
  assert.match(w.bridge.log, /call\.line_dead/);
  // what Twilio sends of somebody who says nothing is sound, too
  await sleep(1500);
  assert.equal(silent.peer.ws.readyState, 1);
  assert.ok(!silent.session.closedAt);
  // a mark or a key is not the line's sound
  silent.peer.frame(); // just now
  clearInterval(silent.peer.frames);
  const ticks = setInterval(() => silent.peer.sendMark('of no matter'), 100);
  await silent.peer.closed;
  clearInterval(ticks);
  whole(await w.dump(silent.peer), 'line_lost');
});

// ---- the start of a call ------------------------------------------------------------------------

const WARM = { REALTIME_WARM: 'true' };
const KEPT = { GREETING_CACHE: 'true' };
const GREETING = 'Thanks for calling Harwick Plumbing. How can I help you?';

// A call whose stream comes so long after its webhook; ms from the stream's start to the first sound.
async function firstSound(w, pause) {
  const peer = await w.peer();
  await sleep(pause);
  await peer.open();
  peer.begin();
  await peer.until((p) => p.count('media') > 0, 'first sound', 6000);
  return { peer, ms: peer.got.find((m) => m.event === 'media').at - peer.beganAt };
}

test('a session made ahead is the call\'s own, and the first sound comes earlier', async (t) => {
  const found = {};
  for (const [what, env] of [['cold', {}], ['warm', WARM]]) {
    const w = await world(t, { env, realtime: { connectDelay: 300, updatedDelay: 50, answers: [] } });
    const before = await w.peer(); // a call that is not taken up for now
    const { peer, ms } = await firstSound(w, 600);
    found[what] = ms;
    figures(`first sound, ${what} (server takes 350 ms)`, ms);
    const session = w.server.sessions.find((s) => s.of('response.create').length);
    assert.equal(w.server.connections, what === 'warm' ? 2 : 1);
    await w.heard(peer, session);
    await peer.hangUp();
    whole(await w.ended(peer), 'caller_left');
    assert.ok(names(await w.dump(peer)).includes('model:ready'));
    if (what === 'warm') {
      const other = w.server.sessions.find((s) => s !== session);
      assert.ok(!other.closedAt, 'the other one still waits for its own call');
      assert.equal(other.of('response.create').length, 0, 'and cost nothing');
      await before.open();
      before.begin();
      await w.heard(before, other);
      assert.equal(w.server.connections, 2);
      await before.hangUp();
      await w.ended(before);
    }
  }
  within(found.cold, 340, 5000, 'cold');
  within(found.warm, 0, found.cold - 100, 'warm, beside cold');
});

test('a stream that comes while its session is still being made does not dial twice', async (t) => {
  const w = await world(t, { env: WARM, realtime: { connectDelay: 500, answers: [] } });
  const { peer, ms } = await firstSound(w, 250);
  within(ms, 0, 5000, 'first sound');
  assert.equal(w.server.connections, 1);
  await peer.hangUp();
  await w.ended(peer);
});

test('each call gets the session made for it: prompts of twenty callers, taken up in another order', async (t) => {
  const w = await world(t, { env: WARM, realtime: { greetingMs: 200, answers: [] } });
  const peers = [];
  for (let i = 0; i < 20; i += 1) peers.push({ number: `+1860555${1000 + i}`, peer: await w.peer({ from: `+1860555${1000 + i}` }) });
  await peers[0].peer.until.call({ waiters: [], got: [] }, () => w.server.sessions.length === 20 && w.server.sessions.every((s) => s.of('session.update').length), 'twenty sessions', 8000);
  for (const { peer } of peers.reverse()) { await peer.open(); peer.begin(); }
  await Promise.all(peers.map(({ peer }) => peer.until((p) => p.audioMs() >= 200, 'greeted', 8000)));
  assert.equal(w.server.connections, 20);
  const prompts = new Set();
  for (const s of w.server.sessions) {
    assert.equal(s.of('response.create').length, 1, 'one greeting each');
    prompts.add(/"number":"(\+\d+)"/.exec(s.of('session.update')[0].session.instructions)?.[1] ?? s.of('session.update')[0].session.instructions);
  }
  assert.equal(prompts.size, 20);
  await Promise.all(peers.map(({ peer }) => peer.hangUp()));
  for (const { peer } of peers) whole(await w.ended(peer), 'caller_left');
  await sleep(200);
  assert.ok(w.server.sessions.every((s) => s.closedAt), 'none is left');
});

test('sessions nobody takes are closed after 15 s; a maximum at a time; a drain closes them at once', async (t) => {
  const w = await world(t, { env: WARM, realtime: { answers: [] } });
  const idle = w.bridge.fds();
  for (let i = 0; i < 36; i += 1) await w.peer();
  await sleep(1500);
  const made = w.server.sessions.length;
  assert.equal(made, 32, 'DESK_MAX_WARM');
  const cpu = w.bridge.cpuMs();
  await sleep(1000);
  within(w.bridge.cpuMs() - cpu, 0, 60, 'CPU ms of an idle second');
  for (const end = Date.now() + 16000; w.server.sessions.some((s) => !s.closedAt) && Date.now() < end;) await sleep(100);
  for (const s of w.server.sessions.slice(0, 32)) {
    within(s.closedAt - s.at, 14000, 17000, 'kept for');
    assert.equal(s.of('response.create').length, 0);
  }
  await sleep(300);
  within(w.bridge.fds(), 0, idle + 2, 'descriptors');
  const before = w.server.sessions.length;
  await w.peer();
  await sleep(400);
  assert.equal(w.server.sessions.length, before + 1);
  w.bridge.child.kill('SIGTERM');
  await w.bridge.exited;
  assert.deepEqual(w.bridge.exit, { code: 0, signal: null });
});

test('a session made ahead that fails is no matter: the call dials for itself', async (t) => {
  const w = await world(t, { env: WARM, realtime: { refuse: [503, 503], answers: [] } });
  const { peer } = await firstSound(w, 700);
  assert.equal(w.server.connections, 3);
  await peer.hangUp();
  const d = await w.ended(peer);
  whole(d, 'caller_left');
  assert.deepEqual(names(d).filter((n) => n.startsWith('model:')), ['model:ready']);
  assert.match(w.bridge.log, /warm\.failed/);
});

test('a greeting that was heard whole is kept, and played at once the next time', async (t) => {
  const w = await world(t, { env: KEPT, realtime: { connectDelay: 300, greetingMs: 1000, answers: [{ say: 'In the kitchen.', ms: 200 }] } });
  const first = await firstSound(w, 0);
  const one = await w.server.session();
  await w.heard(first.peer, one);
  await sleep(200);
  await first.peer.hangUp();
  const files = readdirSync(join(w.db.folder, 'greetings'));
  assert.match(files.join(), /^[0-9a-f]{64}\.ulaw$/);
  const kept = readFileSync(join(w.db.folder, 'greetings', files[0]));
  const sent = Buffer.concat(first.peer.got.filter((m) => m.event === 'media').map((m) => Buffer.from(m.media.payload, 'base64')));
  assert.ok(sent.subarray(sent.length - kept.length).equals(kept), 'as it was spoken');
  assert.equal(kept.length, 8000);

  const second = await firstSound(w, 0);
  figures('first sound, model asked (server takes 300 ms)', first.ms);
  figures('first sound, from a kept greeting', second.ms);
  within(second.ms, 0, 150, 'first sound');
  const two = await w.server.session();
  await second.peer.until((p) => p.playEnd <= Date.now() && p.pending.length === 0, 'played');
  await two.until((s) => s.told().length === 1, 'the model is told');
  assert.deepEqual(two.told(), [`assistant: ${GREETING}`]);
  assert.equal(two.of('response.create').length, 0, 'and does not greet');
  await two.caller('my tap drips');
  await w.heard(second.peer, two);
  await second.peer.hangUp();
  const d = await w.ended(second.peer);
  whole(d, 'caller_left');
  assert.deepEqual(words(d), [`desk: ${GREETING}`, 'caller: my tap drips', 'desk: In the kitchen.']);
  assert.ok(names(d).includes('stream:greeting_heard') && names(d).includes('stream:greeting_kept'));
  within(d.call.first_audio_ms, 1, 150, 'measured');
  assert.deepEqual(second.peer.problems, []);
});

test('a kept greeting can be interrupted; the model then knows what was heard of it', async (t) => {
  const w = await world(t, { env: { ...KEPT, ...WARM }, realtime: { greetingMs: 3000, answers: [] } });
  const first = await firstSound(w, 300);
  await w.heard(first.peer, await w.server.session());
  await sleep(200);
  await first.peer.hangUp();
  const second = await firstSound(w, 300);
  within(second.ms, 0, 150, 'first sound');
  const two = await w.server.session();
  await two.until((s) => s.told().length === 1, 'told');
  await sleep(1200);
  two.speechStarted();
  await second.peer.until((p) => p.count('clear') === 1, 'clear', 1500);
  await two.until((s) => s.told().length === 2, 'told anew');
  const [was, is] = two.of('conversation.item.create').filter((e) => e.item.role === 'assistant').map((e) => e.item);
  assert.deepEqual(two.of('conversation.item.delete').map((e) => e.item_id), [was.id]);
  assert.equal(two.of('conversation.item.truncate').length, 0);
  assert.ok(GREETING.startsWith(is.content[0].text) && is.content[0].text.length < GREETING.length, is.content[0].text);
  await second.peer.hangUp();
  const d = await w.ended(second.peer);
  assert.equal(d.turns[0].text, is.content[0].text);
  assert.match(d.turns[0].unheard, /\w/);
  assert.ok(!names(d).includes('stream:greeting_heard'));
});

test('what is not kept: a greeting cut off, in other words, or of another voice', async (t) => {
  const folder = (w) => join(w.db.folder, 'greetings');
  const none = (w) => assert.ok(!existsSync(folder(w)) || readdirSync(folder(w)).length === 0, 'nothing is kept');
  const cut = await world(t, { env: KEPT, realtime: { greetingMs: 3000, answers: [] } });
  const a = await firstSound(cut, 0);
  const s = await cut.server.session();
  await sleep(400);
  s.speechStarted();
  await a.peer.until((p) => p.count('clear') === 1, 'cut', 1500);
  await sleep(200);
  none(cut);
  await a.peer.hangUp();
  const other = await world(t, { env: KEPT, realtime: { sessions: [{ greetingSay: 'Hi there.' }], answers: [] } });
  const b = await firstSound(other, 0);
  await other.heard(b.peer, await other.server.session());
  await sleep(200);
  none(other);
  await b.peer.hangUp();
  // the same text, heard whole now: kept; another voice has another file
  const c = await firstSound(other, 0);
  await other.heard(c.peer, await other.server.session());
  await sleep(200);
  assert.equal(readdirSync(folder(other)).length, 1);
  await c.peer.hangUp();
});
