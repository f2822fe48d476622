// complaints.mjs says which test a user's complaint would fail; those without a test elsewhere are here.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { complaints, wishes } from './complaints.mjs';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { world } from './lib/bridge.mjs';
import { OWNER, root, sleep, startDesk, until } from './lib/desk.mjs';

const within = (value, low, high, what) => assert.ok(value >= low && value <= high, `${what}: ${value} not in ${low}…${high}`);

// ---- the table ----------------------------------------------------------------------------------

// The text where a test of that name begins; '' when there is none.
function place(where) {
  const [, kind, file, name] = /^(\w+)\/([\w-]+): (.+)$/.exec(where) ?? [];
  const node = kind === 'e2e' || kind === 'web';
  const path = `${root}/tests/${kind}/${node ? `${file}.test.mjs` : `test_${file}.c`}`;
  if (!kind || !existsSync(path)) return '';
  const text = readFileSync(path, 'utf8');
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = node ? new RegExp(`(test\\(|cases\\[|^ *)['"\`](\\$\\{\\w+\\}: )?${escaped}`, 'm').exec(text)
    : new RegExp(`^static void ${escaped}\\(void \\*\\*[^]*\\b(cmocka_unit_test|\\w+)\\w*\\([^;]*\\b${escaped}\\b|\\{"[^"]*", ${escaped}\\b`, 'm').exec(text);
  return found?.[0] ?? '';
}

test('every complaint has its test, or says why none', () => {
  for (const [table, n] of [[complaints, 57], [wishes, 10]]) {
    assert.deepEqual(Object.keys(table).map(Number), Array.from({ length: n }, (_, i) => i + 1));
    for (const [number, row] of Object.entries(table)) {
      assert.ok(row.why || (row.what && row.tests.length), `${number} says nothing`);
      assert.deepEqual((row.tests ?? []).filter((t) => !place(t)), [], `tests of ${number} that do not exist`);
    }
  }
  for (const wrong of ['e2e/bridge: no such test', 'unit/bridge: test_no', 'unit/no: test_marks', 'nowhere']) assert.equal(place(wrong), '', wrong);
});

// ---- on the bridge ------------------------------------------------------------------------------

const sums = async (w) => {
  const text = await (await fetch(`http://127.0.0.1:${w.bridge.port}/metrics`)).text();
  return (name) => Number(new RegExp(`^frontdesk_bridge_${name} ([0-9.]+)$`, 'm').exec(text)[1]);
};

test('16: a model that is far away shows as the model\'s time at the socket, not as ours', async (t) => {
  const AWAY = 700; // ms more
  const turn = async (after) => {
    const w = await world(t, { realtime: { answers: [{ say: 'At ten.', ms: 200, after }] } });
    const { peer, session } = await w.talk();
    await session.caller('when are you open');
    await w.heard(peer, session);
    const m = await sums(w);
    assert.equal(m('turn_seconds_count'), 1);
    await peer.hangUp();
    return { all: m('turn_seconds_sum') * 1000, ours: m('turn_own_seconds_sum') * 1000 };
  };
  const [near, far] = [await turn(1), await turn(1 + AWAY)];
  within(far.all - near.all, AWAY - 100, AWAY + 400, 'ms more from the caller\'s last sound to our first');
  within(far.ours, 0, 150, 'ms of our own in it'); // a greeting's and an answer's
});

test('20: tiny pieces at an uneven pace, and a database that is stuck: all the sound, in time', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  // 2.4 s of sound, 7 ms at a time, as its playing goes; each piece with a number in it
  const pieces = Array.from({ length: 343 }, (_, n) => { const b = Buffer.alloc(56, 0x55); b.writeUInt16BE(n, 0); return b; });
  const lock = await w.db.lock(2500);
  session.answers.push({ say: 'one two three', deltas: 1, each: 7, hold: (async () => {
    await until('it speaks', () => session.lastItem && session.active);
    await sleep(30);
    const base = { response_id: session.active.id, item_id: session.lastItem, output_index: 0, content_index: 0 };
    for (let n = 0; n < pieces.length; n += 1) {
      session.items.get(session.lastItem).bytes += 56;
      session.send('response.output_audio.delta', { ...base, delta: pieces[n].toString('base64') });
      if (n % 10 === 9) await sleep(70);
    }
  })() });
  const from = peer.got.length;
  await session.caller('count', { ms: 20 });
  await w.heard(peer, session);
  await lock.over;
  const media = peer.got.slice(from).filter((m) => m.event === 'media');
  const sound = Buffer.concat(media.map((m) => Buffer.from(m.media.payload, 'base64'))).subarray(56);
  assert.equal(sound.length, pieces.length * 56, 'no byte is lost');
  assert.ok(sound.equals(Buffer.concat(pieces)), 'nor out of its place');
  const gaps = media.slice(1).map((m, i) => m.at - media[i].at);
  within(Math.max(...gaps), 0, 400, 'longest pause between two pieces, ms'); // 70 was made
  assert.deepEqual(peer.problems, []);
  await peer.hangUp();
  const d = await w.ended(peer, 8000);
  assert.ok(d.turns.some((x) => x.text.startsWith('one two')));
});

test('32: both sides hang up in one moment, again and again: one end each, and the bridge lives', async (t) => {
  const w = await world(t, { realtime: { greetingMs: 100, answers: [] } });
  const idle = w.bridge.fds();
  for (let n = 0; n < 12; n += 1) {
    const { peer, session } = await w.talk();
    session.answers.push({ say: 'Bye.', ms: 100, tool: 'end_call', args: { outcome: 'completed', summary: 'x' } });
    const before = peer.count('mark');
    await session.caller('bye', { ms: 1 });
    await peer.until((p) => p.count('mark') > before && p.pending.length === 0, 'the goodbye is heard', 5000);
    await sleep(n * 2); // about when its end is written, and Twilio's socket closed
    if (n % 3 === 0) session.ws.terminate();
    if (n % 2) peer.send({ event: 'stop', streamSid: peer.streamSid, stop: { callSid: peer.callSid } });
    peer.hangUp();
    peer.ws.terminate();
    const d = await w.ended(peer);
    assert.ok(['goodbye', 'caller_left'].includes(d.call.stream_end), d.call.stream_end);
    assert.equal(d.events.filter((e) => e.kind === 'stream' && e.name === 'ended').length, 1);
  }
  await sleep(200);
  assert.ok(w.server.sessions.every((s) => s.ws.readyState >= 2), 'no session is left');
  within(w.bridge.fds(), 0, idle + 2, 'descriptors');
  assert.match(await (await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`)).text(), /calls=0/);
});

test('55: no number in the log, said, keyed or told to a tool, whatever the level', async (t) => {
  const w = await world(t, { env: { LOG_LEVEL: 'debug' }, realtime: { answers: [
    { tool: 'schedule_callback', args: { name: 'Dana Whitfield', reason: 'a leak', when_text: 'tomorrow', number: '+19175550166', urgency: 'normal' } },
    { say: 'Sal will call nine one seven, five five five, oh one six six.', ms: 200 }, { say: 'Thanks.', ms: 200 }] } });
  const { peer, session } = await w.talk({ from: '+18605550177' });
  await session.caller('this is dana whitfield my number is nine one seven five five five oh one six six');
  await session.until((s) => s.answers.length === 1 && !s.active, 'the tool');
  await w.heard(peer, session);
  peer.keys('9175550166#');
  await session.until((s) => s.answers.length === 0 && !s.active, 'the keys');
  session.malformed(1); // what cannot be read is not quoted
  peer.raw('{"event":"media","oops":"9175550166"');
  await peer.hangUp();
  await w.ended(peer);
  assert.ok(w.bridge.log.split('\n').length > 6 && / debug /.test(w.bridge.log), `it does log: ${w.bridge.log}`);
  assert.doesNotMatch(w.bridge.log, /9175550166|8605550177|5550100|nine one seven|oh one six six|dana|whitfield/i);
});

// ---- through the whole stack --------------------------------------------------------------------

let desk, model;
before(async () => {
  model = await startRealtime({ greetingMs: 300 });
  desk = await startDesk({ model });
});
after(async () => {
  await desk.end();
  await model.close();
});

test('25: a rate limit that lasts: the caller hears us within seconds, and is helped; the owner is told', async () => {
  const again = { fail: 'rate_limit_exceeded', message: 'Rate limit reached for gpt-realtime (TPM). Please try again in 0.4s.' };
  model.options.answers = [{ say: 'What is it about?', ms: 200 }, again, again];
  const lines = ['water heater', 'Charlie Brown', 'yes', '12 Oak Street in Hartford', 'yes', 'it drips', 'tomorrow', 'yes', 'no'].flatMap((l) => ['--say', l]);
  const call = desk.dial('--text', ...lines, '--finish', '20', '--linger', '60', '--patience', '60');
  const s = await desk.session();
  await s.until(() => s.lastResponse && !s.active, 'the greeting', 15000);
  await s.caller('hello');
  await s.until(() => s.answers.length === 2 && !s.active, 'a question');
  const at = Date.now();
  await s.caller('my boiler leaks', { ms: 20 });
  const said = await call.saw((e) => e.event === 'say' && e.who === 'receptionist', 'words of ours');
  assert.match(said.text, /the line was interrupted/);
  within(said.at - at, 400, 3500, 'ms from the caller\'s words to ours');
  await call.over();
  assert.deepEqual([call.row.mode, call.row.stream_end, call.row.outcome], ['gather', 'model_lost', 'callback'], call.story());
  assert.deepEqual(call.row.callbacks.map((c) => c.number), [call.from]);
  const alerts = call.row.events.filter((e) => e.kind === 'alert');
  assert.equal(alerts.length, 1);
  assert.match(alerts[0].detail, /The owner has to look after this: .*more was asked of it than the account there may ask/);
  assert.equal(model.connections, 1, 'another session would be as poor'); // and the text: bridge-ladder
});

test('38: asked for twice, at once and after it came to nothing: one ring', async () => {
  const rings = (text) => [...text.matchAll(/<Dial[ >]/g)].length;
  const page = await desk.hook('/voice/incoming');
  const more = { CallSid: page.sid };
  // the talk ends with a transfer that is wanted
  await desk.hook('/voice/next', more);
  const asked = await desk.hook('/voice/turn?n=1', { ...more, SpeechResult: 'speak to someone' });
  const next = /<Dial/.test(asked.text) ? asked : await desk.hook('/voice/next', more);
  assert.equal(rings(next.text), 1, next.text);
  assert.equal([...next.text.matchAll(/<Number/g)].length, 1, 'one leg');
  assert.ok(next.text.includes(OWNER));
  // the same webhook again, as after a timeout, three times at once: the same page, nothing begins anew
  const same = await Promise.all([1, 2, 3].map(() => desk.hook('/voice/turn?n=1', { ...more, SpeechResult: 'speak to someone' })));
  for (const a of same) assert.equal(a.text, next.text);
  assert.equal((await desk.row(page.sid)).events.filter((e) => e.name === 'ring_owner').length, 1, 'one attempt on the timeline');
  // it came to nothing, and Twilio says so twice: no way back to another ring
  const done = await Promise.all([1, 2].map(() => desk.hook('/voice/dial-done', { ...more, DialCallStatus: 'no-answer', DialCallSid: 'CA'.padEnd(34, '7') })));
  for (const a of [...done, await desk.hook('/voice/next', more)]) {
    assert.equal(a.status, 200);
    assert.equal(rings(a.text), 0, a.text);
  }
  await desk.hook('/voice/status', { ...more, CallStatus: 'completed' });
  const row = await desk.row(page.sid);
  assert.equal(row.events.filter((e) => e.name === 'ring_owner').length, 1);
  assert.equal(row.events.filter((e) => e.name === 'owner_no_answer').length, 1);
});
