// The bridge between a Twilio of our own and a stand-in Realtime server: what a caller hears, what is
// written down, and that nothing a peer does leaves a call hanging or a socket open.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { build } from './lib/desk.mjs';
import { AUTH_TOKEN, PUBLIC, world } from './lib/bridge.mjs';
import { tone } from '../fakes/realtime-server.mjs';
import { TwilioPeer } from './lib/twilio-peer.mjs';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const names = (d) => d.events.map((e) => `${e.kind}:${e.name}`);
const within = (value, low, high, what) => assert.ok(value >= low && value <= high, `${what}: ${value} not in ${low}…${high}`);

// ---- the way of a call --------------------------------------------------------------------------

test('a call is greeted, understood, answered and written down', async (t) => {
  const w = await world(t, { realtime: { keepAudio: true, answers: [{ say: 'What is leaking?', ms: 300 }] } });
  const { peer, session } = await w.talk();

  const [update] = session.of('session.update');
  assert.equal(update.session.type, 'realtime');
  assert.equal(update.session.audio.input.format.type, 'audio/pcmu');
  assert.equal(update.session.audio.output.format.type, 'audio/pcmu');
  assert.equal(update.session.audio.input.turn_detection.type, 'server_vad');
  const offered = update.session.tools.map((x) => x.name);
  for (const name of ['schedule_callback', 'log_caller_info', 'transfer_to_owner', 'end_call', 'capture_lead', 'take_message'])
    assert.ok(offered.includes(name), name);
  assert.match(update.session.instructions, /receptionist of Harwick Plumbing/);
  assert.match(update.session.instructions, /\nFACTS\n\{"business":"Harwick Plumbing"/);
  const [greet] = session.of('response.create');
  assert.equal(greet.response.instructions, 'Say: Thanks for calling Harwick Plumbing. How can I help you?');
  assert.equal(greet.response.tool_choice, 'none');
  assert.equal(greet.response.metadata.purpose, 'greeting');

  await session.caller('My tap is dripping', { ms: 300 });
  await w.heard(peer, session);
  within(session.audioMs(), 500, 4000, 'caller audio arrived');
  assert.ok(session.appends.every((a) => a.length === 160 && a.every((b) => b === 0xff)), 'audio is unchanged');
  assert.equal(peer.audioMs(), 700, 'all audio of both answers');
  assert.equal(peer.count('clear'), 0);
  await peer.hangUp();

  const d = await w.ended(peer);
  assert.equal(d.call.stream_end, 'caller_left');
  assert.equal(d.call.next_step ?? null, null);
  assert.match(d.call.engine, /^127\.0\.0\.1 /);
  within(d.call.first_audio_ms, 1, 2000, 'first audio');
  assert.deepEqual(d.turns.map((x) => [x.who, x.text]), [
    ['desk', 'Thanks for calling Harwick Plumbing. How can I help you?'],
    ['caller', 'My tap is dripping'],
    ['desk', 'What is leaking?']]);
  for (const x of d.turns) assert.ok(x.end_ms >= x.start_ms && x.start_ms >= 0, JSON.stringify(x));
  assert.ok(d.turns[2].start_ms >= d.turns[1].start_ms);
  within(d.turns[1].end_ms - d.turns[1].start_ms, 200, 500, 'the caller\'s turn');
  assert.deepEqual(names(d), ['stream:connected', 'model:ready', 'stream:greeting_heard', 'stream:ended']);
  assert.deepEqual(peer.problems, []);
});

test('an emergency: the session is led by the emergency script, and the one after it, too', async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'What is your name?', ms: 200 }] } });
  const { peer, session } = await w.talk();
  await session.caller('I smell rotten eggs near the boiler and my kids feel dizzy', { ms: 300 });
  await session.until((s) => s.of('session.update').length === 2, 'new instructions');
  const [first, second] = session.of('session.update');
  assert.doesNotMatch(first.session.instructions, /# This call is an emergency/);
  assert.deepEqual(Object.keys(second.session).sort(), ['instructions', 'type']);
  assert.match(second.session.instructions, /# This call is an emergency\nNoticed: \S/);
  assert.match(second.session.instructions, /"emergency":"/); // a fact for our own engine
  await session.until((s) => s.of('conversation.item.create').some((e) => /emergency was noticed/.test(JSON.stringify(e))), 'told at once');
  await w.heard(peer, session);
  await sleep(200);
  session.ws.terminate(); // another session is led by it from its beginning
  const other = await w.server.session();
  await other.until((s) => s.of('session.update').length, 'set up');
  assert.match(other.of('session.update')[0].session.instructions, /# This call is an emergency/);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual([d.call.script, d.call.action, d.call.severity, d.call.urgent], ['emergency', 'emergency_alert', 'P1', true]);
  assert.match(d.call.script_version, /^\w+$/);
  assert.match(d.events.find((e) => e.name === 'script').detail, /^Led by the script “emergency” from now on, because: .*P1/);
});

test('an emergency that only the model noticed: its next words are led by the emergency script', async (t) => {
  const w = await world(t, { realtime: { answers: [
    { tool: 'send_owner_emergency_text', args: { what: 'smell of gas', severity: 'P1' } }, { say: 'Leave the house now.', ms: 200 }] } });
  const { peer, session } = await w.talk();
  await session.caller('It is about my order', { ms: 300 });
  await session.until((s) => s.of('response.create').length >= 2, 'an answer to the result');
  const sent = session.events.map((e) => e.type === 'conversation.item.create' ? e.item.type : e.type);
  const led = sent.lastIndexOf('session.update'), told = sent.lastIndexOf('function_call_output');
  assert.equal(session.of('session.update').length, 2);
  assert.ok(led > 0 && led < told && told < sent.lastIndexOf('response.create'), sent.join(' '));
  assert.match(session.of('session.update')[1].session.instructions, /# This call is an emergency\nNoticed: reported by the receptionist/);
  assert.ok(!session.of('conversation.item.create').some((e) => /emergency was noticed/.test(JSON.stringify(e))), 'the model knows');
  await w.heard(peer, session);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual([d.call.script, d.call.severity, d.call.urgent], ['emergency', 'P1', true]);
});

test('a tool call is run, kept, and its result leads to one new answer', async (t) => {
  const w = await world(t, { realtime: { answers: [
    { tool: 'schedule_callback', args: { name: 'Dana', reason: 'dripping tap', when_text: 'tomorrow', urgency: 'normal' } },
    { say: 'Sal will call you tomorrow.', ms: 200 }] } });
  const { peer, session } = await w.talk();
  await session.caller('call me tomorrow');
  await session.until((s) => s.of('response.create').length === 2, 'answer to the result');
  await w.heard(peer, session);
  await sleep(200);
  assert.equal(session.of('response.create').length, 2, 'exactly one');
  const [result] = session.outputs();
  assert.equal(result.ok, true);
  assert.equal(result.number, '+18605550134');
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.equal(d.callbacks.length, 1);
  assert.equal(d.callbacks[0].name, 'Dana');
  assert.equal(d.call.outcome, 'callback');
  assert.equal(d.tools.length, 1);
  assert.equal(d.tools[0].ok, true);
  assert.ok(names(d).includes('tool:schedule_callback'));
});

test('only the tools that a business allows are offered, and a goodbye', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const business = (...args) => execFileSync(join(build, 'bin/frontdesk'), ['business', ...args], { env: w.db.env, cwd: w.db.folder, encoding: 'utf8' });
  const { people, emergencies, ...doc } = JSON.parse(business('show', business('list').split(' ')[0], '--json'));
  writeFileSync(join(w.db.folder, 'b.json'), JSON.stringify({ ...doc, tools: ['take_message', 'log_caller_info'] }));
  business('update', 'b.json');
  const { peer, session } = await w.talk();
  await peer.hangUp();
  const [update] = session.of('session.update');
  assert.deepEqual(update.session.tools.map((x) => x.name).sort(), ['end_call', 'log_caller_info', 'take_message']);
  assert.match(update.session.instructions, /- take_message:/);
  assert.doesNotMatch(update.session.instructions, /- capture_lead:/);
});

// The model's side of an appointment: it looks, quotes what it was given, and gives it up again.
test('an appointment is looked for, booked by its slot id, and cancelled by who made it', async (t) => {
  const look = { tool: 'check_appointment_availability', args: { service: 'repair', date_ref: 'in_days', count: 3, time_from: '10:00', ampm_given: true } };
  const w = await world(t, { realtime: { answers: [
    look,
    (s) => ({ tool: 'book_appointment', args: { slot_id: s.outputs().at(-1).slots[0].slot_id, name: 'Dana Reed', address: '1 Main St' } }),
    (s) => ({ say: s.outputs().at(-1).say, ms: 200 }),
    { tool: 'book_appointment', args: { slot_id: 'slot_1', name: 'Dana Reed' } }, { say: 'Hm.', ms: 100 },
    { tool: 'cancel_appointment', args: { name: 'Smith' } }, { say: 'Hm.', ms: 100 },
    { tool: 'cancel_appointment', args: { name: 'Dana' } }, (s) => ({ say: s.outputs().at(-1).say, ms: 200 })] } });
  const { peer, session } = await w.talk();
  const says = async (words, results) => {
    await session.caller(words);
    await session.until((s) => s.outputs().length === results, `result ${results}`);
    await sleep(50);
    await w.heard(peer, session);
    return session.outputs().at(-1);
  };
  const booked = await says('my drain is blocked, can you come in three days at ten', 2);
  assert.equal(booked.ok, true, JSON.stringify(session.outputs()));
  assert.match(booked.when, /^\w+, \w+ \d+(st|nd|rd|th)(, \d+)? at 10 am$/);
  assert.match((await says('another one please', 3)).error, /never offered/);
  assert.match((await says('cancel it, Smith is the name', 4)).error, /no appointment for this caller's number/);
  assert.match((await says('no, Dana', 5)).say, /^It is cancelled: repair on /);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(d.tools.map((x) => [x.tool, x.ok]), [['check_appointment_availability', true], ['book_appointment', true],
    ['book_appointment', false], ['cancel_appointment', false], ['cancel_appointment', true]]);
  assert.equal(d.call.outcome, 'cancelled');
});

test('parallel tools are answered once; bad ones are told what is wrong', async (t) => {
  const w = await world(t, { realtime: { answers: [
    { tools: [{ tool: 'log_caller_info', args: { name: 'Dana' } }, { tool: 'no_such', args: {} },
      { tool: 'schedule_callback', args: 'not json' }] },
    { say: 'Sorry.', ms: 100 }] } });
  const { peer, session } = await w.talk();
  await session.caller('hello');
  await session.until((s) => s.outputs().length === 3 && s.of('response.create').length === 2, 'three results');
  await sleep(150);
  assert.equal(session.of('response.create').length, 2);
  const results = session.outputs();
  assert.equal(results.filter((r) => r.ok).length, 1);
  assert.ok(results.some((r) => /no such tool/.test(r.error ?? '')));
  assert.ok(results.some((r) => /JSON object/.test(r.error ?? '')));
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.equal(d.contact.name, 'Dana');
});

test('end_call: the goodbye is played to its end, the end is written before the socket closes', async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'Thank you, goodbye.', ms: 900, tool: 'end_call', args: { outcome: 'completed', summary: 'Asked for hours.' } }] } });
  const { peer, session } = await w.talk();
  await session.caller('that is all');
  await peer.closed;
  const d = await w.dump(peer); // at once: nothing may still be on its way
  assert.equal(d.call.stream_end, 'goodbye');
  assert.equal(d.call.next_step, 'hangup');
  assert.equal(d.call.summary, 'Asked for hours.');
  within(peer.played, 1299, 1301, 'played'); // greeting 400 + goodbye 900
  assert.equal(peer.pending.length, 0);
  assert.equal(session.of('response.create').length, 1, 'no second goodbye');
  assert.equal(session.ws.readyState >= 2, true, 'the model\'s socket is closed');
});

test('end_call without words: a goodbye is asked for', async (t) => {
  const w = await world(t, { realtime: { answers: [{ tool: 'end_call', args: { outcome: 'completed' } }] } });
  const { peer, session } = await w.talk();
  await session.caller('bye');
  await peer.closed;
  const creates = session.of('response.create');
  assert.equal(creates.length, 2);
  assert.match(creates[1].response.instructions, /Goodbye/);
  assert.equal(creates[1].response.tool_choice, 'none');
  within(peer.played, 799, 801, 'played'); // greeting 400 + goodbye 400
  assert.equal((await w.dump(peer)).call.stream_end, 'goodbye');
});

test('transfer and message leave the stream for /voice/next', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const one = await w.talk();
  one.session.answers.push({ say: 'Putting you through.', ms: 200, tool: 'transfer_to_owner', args: { reason: 'burst pipe', urgent: true } });
  await one.session.caller('my cellar is flooding');
  await one.peer.closed;
  let d = await w.dump(one.peer);
  assert.equal(d.call.stream_end, 'transfer');
  assert.equal(d.call.next_step, 'transfer');
  assert.equal(d.call.transfer_to, '+18605550101');
  assert.equal(d.call.urgent, true);
  const two = await w.talk();
  two.session.answers.push({ say: 'After the tone.', ms: 200, tool: 'end_call', args: { outcome: 'message' } });
  await two.session.caller('I want to leave a message');
  await two.peer.closed;
  d = await w.dump(two.peer);
  assert.equal(d.call.stream_end, 'message');
  assert.equal(d.call.next_step, 'message');
});

test('a refused transfer lets the talk go on', async (t) => {
  const w = await world(t, { owner: '', realtime: { answers: [
    { say: 'One moment.', ms: 100, tool: 'transfer_to_owner', args: { reason: 'x', urgent: false } },
    { say: 'I cannot put you through.', ms: 100 }] } });
  const { peer, session } = await w.talk();
  await session.caller('give me a person');
  await session.until((s) => s.of('response.create').length === 2, 'went on');
  assert.equal(session.outputs()[0].ok, false);
  await w.heard(peer, session);
  assert.equal(peer.ws.readyState, 1);
  await peer.hangUp();
});

test('keys reach the conversation, by # or by a pause', async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'Twelve.', ms: 100 }, { say: 'Three.', ms: 100 }] } });
  const { peer, session } = await w.talk();
  peer.keys('12#');
  await session.until((s) => s.of('conversation.item.create').length === 1, 'keys');
  const [item] = session.of('conversation.item.create');
  assert.deepEqual(item.item.content, [{ type: 'input_text', text: '[keys] 12#' }]);
  assert.equal(item.item.role, 'user');
  await session.until((s) => s.of('response.create').length === 2, 'answer');
  await w.heard(peer, session);
  const pressed = Date.now();
  peer.keys('3');
  await session.until((s) => s.of('conversation.item.create').length === 2, 'after a pause');
  within(Date.now() - pressed, 1300, 2200, 'pause');
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(d.turns.filter((x) => x.how === 'keys').map((x) => x.text), ['12#', '3']);
});

test('a withheld caller is not remembered', async (t) => {
  const w = await world(t, { realtime: { answers: [{ tool: 'log_caller_info', args: { name: 'Nobody', reason: 'hours' } }] } });
  const { peer, session } = await w.talk({ from: null });
  assert.match(session.of('session.update')[0].session.instructions, /number is withheld/);
  await session.caller('hello');
  await session.until((s) => s.outputs().length === 1, 'result');
  assert.equal(session.outputs()[0].remembered, false);
  await peer.hangUp();
  assert.equal((await w.ended(peer)).contact, undefined);
});

// ---- barge-in -----------------------------------------------------------------------------------
// The server's word alone decides here; with audio: bridge-barge-in.test.mjs

test('barge-in: clear at once, truncate to what was heard, the unheard kept apart', async (t) => {
  const words = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';
  const w = await world(t, { realtime: { answers: [{ say: words, ms: 6000, chunk: 200, pace: 1 }, { say: 'Yes?', ms: 100 }] } });
  const { peer, session } = await w.talk();
  session.caller('count');
  await peer.until((p) => p.audioMs() >= 6400, 'all of it sent, faster than played');
  await session.until((s) => !s.active, 'generated');
  await sleep(1500);
  const item = session.lastItem;
  const before = Date.now();
  const playing = 6000 - (peer.playEnd - before); // what Twilio has played of it
  session.speechStarted();
  await peer.until((p) => p.count('clear') === 1, 'clear', 300);
  assert.equal(peer.pending.length, 0);
  await session.until((s) => s.of('conversation.item.truncate').length === 1, 'truncate');
  const [cut] = session.of('conversation.item.truncate');
  assert.equal(cut.item_id, item);
  assert.ok(Number.isInteger(cut.audio_end_ms));
  within(cut.audio_end_ms, playing - 150, playing + 150, 'heard');
  session.speechStopped('stop');
  session.respond(null);
  await session.until((s) => !s.active, 'answered');
  await w.heard(peer, session);
  await peer.hangUp();
  const d = await w.ended(peer);
  const turn = d.turns.find((x) => x.item_id === item || (x.text ?? '').startsWith('one'));
  assert.ok(turn.unheard.endsWith('sixteen'), turn.unheard);
  assert.equal(`${turn.text} ${turn.unheard}`, words);
  within(turn.text.length / words.length, 0.1, 0.45, 'share heard');
  within(turn.end_ms - turn.start_ms, cut.audio_end_ms - 1, cut.audio_end_ms + 1, 'turn ends where it was cut');
  assert.equal(names(d).filter((n) => n === 'stream:interrupted').length, 1);
  assert.deepEqual(peer.problems, []);
});

test('barge-in while it is still being generated: late audio is dropped; ten times in one call', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  for (let i = 1; i <= 10; i += 1) {
    session.answers.push({ say: `a long answer number ${i} that will not be heard`, ms: 4000, chunk: 100, pace: 40 });
    const creates = peer.audioMs();
    session.caller(`question ${i}`, { ms: 20 });
    await peer.until((p) => p.audioMs() - creates >= 400, `answer ${i}`);
    session.speechStarted();
    await peer.until((p) => p.count('clear') === i, `clear ${i}`, 500);
    const clearAt = peer.got.findIndex((m) => m.event === 'clear' && peer.got.slice(0, peer.got.indexOf(m) + 1).filter((x) => x.event === 'clear').length === i);
    await sleep(60);
    assert.equal(peer.got.slice(clearAt + 1).filter((m) => m.event === 'media').length, 0, 'nothing after the clear');
    session.speechStopped();
  }
  await session.until((s) => s.of('conversation.item.truncate').length === 10, 'ten truncates');
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.equal(d.turns.filter((x) => x.unheard).length, 10);
  assert.equal(names(d).filter((n) => n === 'stream:interrupted').length, 10);
});

test('barge-in before anything was heard deletes the item; after the end there is nothing to clear', async (t) => {
  const w = await world(t, { realtime: { answers: [
    { say: 'first part is long enough', ms: 1500, chunk: 500, pace: 1, tool: 'log_caller_info', args: { reason: 'x' } },
    { say: 'second part nobody hears', ms: 800, chunk: 400, pace: 1 }] } });
  const { peer, session } = await w.talk();
  session.caller('go', { ms: 20 });
  // the second answer is queued behind the first, which still plays
  await session.until((s) => s.of('response.create').length === 2, 'second');
  await session.until((s) => !s.active, 'generated');
  await peer.until((p) => p.audioMs() >= 400 + 2300, 'both sent');
  session.speechStarted();
  await session.until((s) => s.of('conversation.item.truncate').length === 1 && s.of('conversation.item.delete').length === 1, 'cut and deleted');
  assert.equal(session.of('conversation.item.delete')[0].item_id, session.lastItem);
  session.speechStopped();
  session.answers.push({ say: 'short', ms: 200 });
  await session.respond(null);
  await w.heard(peer, session);
  session.speechStarted();
  await sleep(150);
  assert.equal(peer.count('clear'), 1, 'all had been heard');
  assert.equal(session.of('conversation.item.truncate').length, 1);
  await peer.hangUp();
  const d = await w.ended(peer);
  const unheard = d.turns.find((x) => x.unheard === 'second part nobody hears');
  assert.equal(unheard.text, '');
});

test('marks: one per half second and one at the end', async (t) => {
  const w = await world(t, { realtime: { greetingMs: 2050, answers: [] } });
  const { peer } = await w.talk();
  within(peer.count('mark'), 4, 5, 'marks for 2.05 s');
  assert.ok(peer.got.at(-1).event === 'mark');
  await peer.hangUp();
});

// ---- who may come in ----------------------------------------------------------------------------

test('wrong, used, expired and missing tokens, and a token of another call', async (t) => {
  const w = await world(t);
  const good = await w.peer();
  const other = await w.peer();
  const cases = [
    ['wrong', new TwilioPeer(w.bridge.url, { callSid: good.callSid, token: 'A'.repeat(43) })],
    ['missing', new TwilioPeer(w.bridge.url, { callSid: good.callSid })],
    ['empty', new TwilioPeer(w.bridge.url, { callSid: good.callSid, token: '' })],
    ['another call\'s', new TwilioPeer(w.bridge.url, { callSid: good.callSid, token: other.params.token })],
    ['expired', await w.peer({ agedMs: 120000 })],
  ];
  for (const [what, peer] of cases) {
    await peer.open();
    peer.begin();
    const at = Date.now();
    await peer.closed;
    within(Date.now() - at, 0, 1500, `${what}: closed`);
    assert.equal(peer.got.length, 0, what);
  }
  await good.open();
  good.begin();
  await w.server.session();
  const again = new TwilioPeer(w.bridge.url, { callSid: good.callSid, token: good.params.token });
  await again.open();
  again.begin();
  await again.closed;
  assert.equal(w.server.connections, 1, 'only the good one reached the model');
  assert.match(w.bridge.log, /call\.bad_token/);
  await good.hangUp();
  await w.ended(good);
});

test('signature at the upgrade: checked when there is one', async (t) => {
  const twilio = createRequire(import.meta.url)('twilio');
  const w = await world(t, { realtime: { answers: [] } });
  const sign = (url) => twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, {});
  const url = `${PUBLIC.replace('https', 'wss')}/media-stream`;
  for (const [what, headers, ok] of [
    ['none', {}, true], ['right', { 'X-Twilio-Signature': sign(url) }, true],
    ['with a slash', { 'X-Twilio-Signature': sign(`${url}/`) }, true],
    ['wrong', { 'X-Twilio-Signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, false],
    ['of another path', { 'X-Twilio-Signature': sign(`${url}x`) }, false]]) {
    const peer = await w.peer({ headers });
    if (ok) {
      await peer.open();
      await peer.hangUp();
    } else {
      await assert.rejects(peer.open(), { status: 403 }, what);
    }
  }
  const numbered = await w.peer({ headers: { 'X-Twilio-Signature': sign(`${url}/2`) } });
  numbered.url += '/2';
  await numbered.open();
  await numbered.hangUp();
  const query = await w.peer({ headers: { 'X-Twilio-Signature': sign(`${url}?a=1&b=2`) } });
  query.url += '?a=1&b=2';
  await query.open();
  await query.hangUp();
});

test('other paths, plain requests, and a stream that never starts', async (t) => {
  const w = await world(t);
  for (const path of ['/', '/media-streamx', '/media-stream/x', '/api']) {
    const peer = new TwilioPeer(`ws://127.0.0.1:${w.bridge.port}${path}`);
    await assert.rejects(peer.open(), { status: 404 }, path);
  }
  const health = await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`);
  assert.equal(health.status, 200);
  assert.match(await health.text(), /^ok calls=0/);
  assert.equal((await fetch(`http://127.0.0.1:${w.bridge.port}/nothing`)).status, 404);
  const silent = new TwilioPeer(w.bridge.url);
  await silent.open();
  silent.connected();
  const at = Date.now();
  await silent.closed;
  within(Date.now() - at, 4500, 6500, 'start timeout');
});

// ---- the model fails ----------------------------------------------------------------------------

async function falls(t, what, options, { env, ms = 2500, before, connections } = {}) {
  await t.test(what, async (tt) => {
    const w = await world(tt, { realtime: options, env });
    const peer = await w.peer();
    await peer.open();
    peer.begin();
    const at = Date.now();
    if (before) await before(w, peer);
    const from = before ? Date.now() : at;
    await peer.closed;
    within(Date.now() - from, 0, ms, `${what}: falls to the ladder`);
    const d = await w.dump(peer); // no waiting: Twilio asks /voice/next at once
    assert.equal(d.call.stream_end, 'model_lost', what);
    assert.equal(d.call.next_step, 'gather', what);
    assert.ok(d.events.some((e) => e.kind === 'model' && ['unreachable', 'lost'].includes(e.name)), what);
    if (connections !== undefined) assert.equal(w.server.connections, connections, `${what}: tries`);
  });
}

test('the model cannot be reached', async (t) => {
  await falls(t, 'nobody listens', null);
  await falls(t, 'refused 401', { refuse: [401, 401, 401] }, { connections: 1 });
  await falls(t, 'refused 429 twice', { refuse: [429, 429, 429] }, { connections: 2 });
  await falls(t, 'refused 503 twice', { refuse: [503, 503, 503] }, { connections: 2 });
  await falls(t, 'redirected', { refuse: [302, 302, 302] });
  await falls(t, 'accepts and says nothing', { hang: true }, { ms: 5500 });
  await falls(t, 'no session.updated', { noUpdated: true }, { ms: 5500 });
  await falls(t, 'drops at session.update, twice', { dropOn: 'session.update' }, { connections: 2 });
  await falls(t, 'refuses the session', { sessionError: 'invalid_value' });
  await falls(t, 'no key', { sessionError: 'invalid_api_key' }, { connections: 1 });
  await falls(t, 'speaks another audio', { format: { type: 'audio/pcm', rate: 24000 } });
  await falls(t, 'unknown name', {}, { env: { REALTIME_URL: 'ws://no-such-host.invalid/' }, ms: 5500, connections: 0 });
  await falls(t, 'TLS with a stranger', {}, { env: { REALTIME_URL: 'wss://127.0.0.1:1/' }, connections: 0 });
});

test('TLS to the model: verified against the name, our own authority by setting', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'desk-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const make = (name, san) => {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
      '-addext', `subjectAltName=${san}`, '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)], { stdio: 'ignore' });
    return { key: readFileSync(join(folder, `${name}.key`)), cert: readFileSync(join(folder, `${name}.pem`)), file: join(folder, `${name}.pem`) };
  };
  const good = make('localhost', 'DNS:localhost');
  const stranger = make('stranger', 'DNS:elsewhere.example');
  await t.test('verified', async (tt) => {
    const w = await world(tt, { realtime: { tls: good, answers: [{ deltas: 300, each: 20, say: 'a burst' }] }, env: { REALTIME_CA_FILE: good.file } });
    const { peer, session } = await w.talk();
    await session.caller('hello');
    await peer.until((p) => p.audioMs() >= 6400, 'all audio');
    await peer.hangUp();
    const d = await w.ended(peer);
    assert.match(d.call.engine, /^localhost /);
  });
  await falls(t, 'unknown authority', { tls: good }, {});
  await falls(t, 'another name', { tls: stranger }, { env: { REALTIME_CA_FILE: stranger.file } });
});

test('one refusal is survived', async (t) => {
  const w = await world(t, { realtime: { refuse: [503] } });
  const { peer } = await w.talk();
  assert.equal(w.server.connections, 2);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.ok(names(d).includes('stream:greeting_heard'));
  assert.ok(names(d).includes('model:unreachable'));
});

// And cannot be had again: what it looks like when it can is in bridge-ladder.test.mjs.
test('the model is lost in the middle of a call', async (t) => {
  const middle = (act) => async (w, peer) => {
    const session = await w.server.session();
    await session.until((s) => s.of('response.create').length === 1 && !s.active && s.lastItem, 'greeted');
    await peer.until((p) => p.audioMs() >= 400, 'greeting sent');
    w.server.refuseNext(9);
    await act(session, peer);
  };
  await falls(t, 'socket dies', { }, { before: middle((s) => s.ws.terminate()) });
  await falls(t, 'socket is closed 1001', { }, { before: middle((s) => s.ws.close(1001, 'Your session hit the maximum duration of 60 minutes.')) });
  await falls(t, 'session expired', { }, { before: middle((s) => s.refuse('session_expired', 'x')) });
  await falls(t, 'out of credit', { }, { before: middle((s) => s.refuse('insufficient_quota', 'x')) });
  await falls(t, 'response failed', { answers: [{ fail: 'rate_limit_exceeded' }, { fail: 'rate_limit_exceeded' }] }, { before: middle((s) => s.caller('hello')) });
  await falls(t, 'dies while it speaks', { answers: [{ say: 'a longer sentence', ms: 2000, dropAfter: 500 }] }, { before: middle((s) => s.caller('hello')) });
  await falls(t, 'drops at response.create', { dropOn: 'response.create' });
  await falls(t, 'answers nothing to the caller', { answers: [{ silent: true }, { silent: true }] }, { ms: 9500, before: middle((s) => s.caller('hello')) });
  await falls(t, 'begins an answer and stalls', { answers: [{ stall: true }] }, { ms: 9500, before: middle((s) => s.caller('hello')) });
});

test('a slow model is asked again, and that may help', async (t) => {
  const w = await world(t, { realtime: { answers: [{ silent: true }, { say: 'Here I am.', ms: 100 }] } });
  const { peer, session } = await w.talk();
  await session.caller('hello');
  await session.until((s) => s.of('response.create').length === 2, 'asked again', 6000);
  await w.heard(peer, session);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.ok(names(d).includes('model:slow'));
  assert.equal(d.call.stream_end, 'caller_left');
});

test('our answer meets one of its own: harmless, and asked again after it', async (t) => {
  let release;
  const hold = new Promise((r) => { release = r; });
  const w = await world(t, { realtime: { answers: [
    { tool: 'log_caller_info', args: { reason: 'x' } },
    { say: 'by itself', ms: 100, hold }, { say: 'to the result', ms: 100 }] } });
  const { peer, session } = await w.talk();
  const onEvent = (s, e) => { // its own answer begins just as our result comes
    if (e.type === 'conversation.item.create' && !s.raced) { s.raced = true; s.respond(null); }
  };
  w.server.options.onEvent = onEvent;
  await session.caller('hello');
  await session.until((s) => s.of('response.create').length >= 2 || s.raced, 'race');
  await sleep(200);
  release();
  await session.until((s) => s.answers.length === 0 && !s.active, 'both answered');
  await w.heard(peer, session);
  assert.equal(peer.ws.readyState, 1);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(d.turns.filter((x) => x.who === 'desk').map((x) => x.text).slice(1), ['by itself', 'to the result']);
});

test('the call is over, as Twilio says, but its stream stays open: the model\'s session ends all the same', async (t) => {
  const w = await world(t);
  const { peer, session } = await w.talk();
  await w.db.seed('status', peer.callSid, 'completed');
  const d = await w.ended(peer, 15000);
  assert.equal(d.call.stream_end, 'caller_left');
  assert.ok(names(d).includes('stream:left_open'));
  await session.until((s) => s.ws.readyState >= 2, 'its socket is closed');
});

test('a stuck database: the model is told that the tool failed, the talk goes on', async (t) => {
  const w = await world(t, { realtime: { answers: [
    { tool: 'log_caller_info', args: { name: 'Dana' } }, { say: 'I could not write that down.', ms: 100 }] }, env: { TOOL_FILLER_MS: '0' } });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(10000);
  const at = Date.now();
  await session.caller('I am Dana');
  await session.until((s) => s.outputs().length === 1, 'told', 9500);
  within(Date.now() - at, 3000, 9400, 'limit');
  assert.equal(session.outputs()[0].ok, false);
  await session.until((s) => s.of('response.create').length === 2, 'goes on');
  await w.heard(peer, session);
  await over;
  await peer.hangUp();
  const d = await w.ended(peer, 5000);
  assert.equal(d.call.stream_end, 'caller_left');
  assert.ok(d.turns.some((x) => x.text === 'I could not write that down.'), 'turns were kept for later');
});

test('a stuck database at the end: the caller waits a second at most, the end is written later', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  const { over } = await w.db.lock(4000);
  const at = Date.now();
  session.refuse('insufficient_quota', 'x');
  await peer.closed;
  within(Date.now() - at, 900, 1800, 'closed');
  await over;
  const d = await w.ended(peer);
  assert.equal(d.call.stream_end, 'model_lost');
  assert.equal(d.call.next_step, 'gather');
  assert.match(w.bridge.log, /call\.end_late/);
});

// ---- nonsense -----------------------------------------------------------------------------------

test('nonsense from Twilio\'s side ends one call at most', async (t) => {
  const w = await world(t);
  const bystander = await w.talk();
  const before = [
    ['not JSON', (p) => p.raw('hello')], ['no object', (p) => p.raw('[1,2]')],
    ['giant', (p) => p.raw(`{"event":"media","x":"${'x'.repeat(300000)}"}`)],
    ['deep', (p) => p.raw('['.repeat(60000))],
    ['start without anything', (p) => p.send({ event: 'start' })],
    ['start of another audio', (p) => { const m = p.startMessage(); m.start.mediaFormat.encoding = 'audio/opus'; p.send(m); }],
  ];
  for (const [what, act] of before) {
    const peer = await w.peer();
    await peer.open();
    act(peer);
    const closed = await Promise.race([peer.closed.then(() => true), sleep(2000).then(() => false)]);
    assert.ok(closed, `${what}: closed`);
  }
  // on a good stream single bad messages are let pass, order does not matter, many end it
  const { peer, session } = await w.talk();
  peer.raw('nonsense');
  peer.send({ event: 'tomorrow', streamSid: peer.streamSid });
  peer.send({ event: 'mark', streamSid: peer.streamSid, mark: { name: 'never sent' } });
  peer.send({ event: 'media', streamSid: peer.streamSid, media: { payload: '!!!' } });
  peer.ws.send(Buffer.from([1, 2, 3]));
  session.answers.push({ say: 'still here', ms: 100 });
  await session.caller('hello');
  await w.heard(peer, session);
  for (let i = 0; i < 10; i += 1) peer.raw('{"event":');
  await peer.closed;
  const d = await w.dump(peer);
  assert.equal(d.call.stream_end, 'protocol');
  assert.equal(d.call.next_step, 'gather');
  // a socket that breaks without a close frame
  const cut = await w.talk();
  cut.peer.ws.terminate();
  assert.equal((await w.ended(cut.peer)).call.stream_end, 'caller_left');
  assert.equal(bystander.peer.ws.readyState, 1, 'the other call lives');
  await bystander.peer.hangUp();
});

test('nonsense from the model\'s side ends one call at most', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const bystander = await w.talk();
  const harmless = [
    '{"type":"something.new","x":1}', 'not json', '{"type":5}',
    '{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"%%%"}',
    '{"type":"response.done"}', '{"type":"response.done","response":null}',
    '{"type":"input_audio_buffer.speech_stopped"}', '{"type":"session.updated"}',
    '{"type":"response.output_item.done","item":{"type":"function_call","status":"in_progress","name":"end_call","call_id":"c","arguments":"{}"}}',
    '{"type":"error","error":null}', '{"type":"error","error":{"code":"item_truncate_invalid_item_id"}}',
    '{"type":"conversation.item.input_audio_transcription.completed","item_id":"never","transcript":"words out of order"}',
    `{"type":"noise","x":"${'y'.repeat(500000)}"}`,
  ];
  const { peer, session } = await w.talk();
  for (const text of harmless) session.raw(text);
  session.answers.push({ deltas: 1000, each: 20, say: 'a burst' });
  await session.caller('hello');
  await peer.until((p) => p.audioMs() >= 20000 + 400, 'a thousand deltas at once');
  assert.equal(peer.ws.readyState, 1);
  session.ws.send(Buffer.alloc(100));
  w.server.refuseNext(9);
  for (let i = 0; i < 10; i += 1) session.raw('{{{');
  await peer.closed;
  let d = await w.dump(peer);
  assert.equal(d.call.next_step, 'gather');
  w.server.refuseNext(0);
  assert.ok(d.turns.some((x) => x.text === 'words out of order'));
  const giant = await w.talk();
  w.server.refuseNext(9);
  giant.session.giant();
  await giant.peer.closed;
  d = await w.dump(giant.peer);
  assert.equal(d.call.stream_end, 'model_lost');
  assert.equal(bystander.peer.ws.readyState, 1);
  await bystander.peer.hangUp();
});

test('a server that says less: no response.created, a tool call only in the finished response', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  const done = (id, output, status = 'completed') => session.raw(JSON.stringify({ type: 'response.done', response: { id, status, output } }));
  const call = (id) => ({ type: 'function_call', id: `item-${id}`, call_id: id, name: 'log_caller_info', arguments: JSON.stringify({ name: `Dana ${id}` }) });
  done('cut', [call('no')], 'cancelled');
  session.raw('{"type":"response.created","response":{"id":"half"}}');
  session.raw(JSON.stringify({ type: 'response.output_item.done', response_id: 'half', item: { ...call('first'), status: 'completed' } }));
  session.answers.push({ silent: true }, { silent: true });
  done('half', [{ ...call('first'), status: 'completed' }]);
  await session.until((s) => s.of('response.create').length === 2, 'answer to the first result');
  done('little', [{ type: 'message' }, call('second')]); // of the one that was asked for, without "created"
  await session.until((s) => s.of('response.create').length === 3, 'answer to the second result');
  assert.deepEqual(session.of('conversation.item.create').map((e) => e.item.call_id), ['first', 'second']);
  await peer.hangUp();
  assert.deepEqual((await w.ended(peer)).tools.map((x) => x.ok), [true, true]);
});

// What a server sends must not grow here, nor take the place of an answer.
test('a model in a storm: words, numbers and lines have maxima', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  session.raw('{"type":"input_audio_buffer.speech_started","item_id":"far","audio_start_ms":9223372036854775807}');
  session.raw('{"type":"input_audio_buffer.speech_stopped","item_id":"far","audio_end_ms":-9223372036854775808}');
  session.send('conversation.item.input_audio_transcription.completed', { item_id: 'far', content_index: 0, transcript: `${'ü'.repeat(9000)}.` });
  for (let i = 0; i < 4500; i += 1) session.send('conversation.item.input_audio_transcription.completed', { item_id: `u${i}`, content_index: 0, transcript: `word ${i}` });
  await w.heard(peer, session);
  for (let i = 0; i < 1000 && !/call\.lines/.test(w.bridge.log); i += 1) await sleep(30);
  await peer.hangUp();
  const d = await w.ended(peer, 60000);
  const far = d.turns.find((x) => x.text.startsWith('ü'));
  assert.equal(far.text, 'ü'.repeat(4096));
  within(far.end_ms, far.start_ms, 60000, 'its end');
  assert.match(w.bridge.log, /call\.lines .*max=4000/);
  assert.ok(names(d).includes('stream:ended'));
});

test('a model that sends for ever without an answer is given up', async (t) => {
  const delta = (s, ms) => s.send('response.output_audio.delta', { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0, delta: tone(ms).toString('base64') });
  const created = (s, id = 'r') => s.send('response.created', { response: { id, object: 'realtime.response', status: 'in_progress', output: [] } });
  const cases = [
    // more audio than anybody could hear
    { ms: 3000, why: 'overflow', hostile: (s) => { created(s); for (let i = 0; i < 70; i += 1) delta(s, 5000); } },
    // events that are no answer
    { ms: 9500, why: 'model_lost', hostile: (s) => { s.speechStarted(); s.speechStopped('hello'); }, each: (s) => s.send('rate_limits.updated', { rate_limits: [] }) },
    // an answer that never sounds
    { ms: 14000, why: 'model_lost', hostile: (s) => created(s), each: (s) => s.send('response.output_audio_transcript.delta', { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0, delta: 'word ' }) },
    // tools in circles
    { ms: 6000, why: 'model_lost', hostile: (s) => s.respond(null), answer: (n) => ({ tool: 'log_caller_info', args: { name: `N${n}` } }) },
  ];
  await Promise.all(cases.map(async (c) => {
    let n = 0;
    const w = await world(t, { realtime: { answers: c.answer ? Array.from({ length: 100 }, () => () => c.answer(n += 1)) : Array(100).fill({ silent: true }) } });
    const { peer, session } = await w.talk();
    const began = Date.now();
    c.hostile(session);
    const ticks = c.each && setInterval(() => c.each(session), 300);
    await peer.closed;
    clearInterval(ticks);
    within(Date.now() - began, 0, c.ms, c.why);
    const d = await w.ended(peer);
    assert.deepEqual([d.call.stream_end, d.call.next_step], [c.why, 'gather']);
  }));
});

// ---- the caller hangs up ------------------------------------------------------------------------

test('the caller hangs up at each stage: all is closed, the row is ended, nothing is left', async (t) => {
  const w = await world(t, { realtime: { updatedDelay: 150, answers: [] } });
  const idle = w.bridge.fds();
  // begins the stream and gives the model's session that comes of it
  async function session(p) {
    const before = w.server.sessions.length;
    p.begin();
    for (let i = 0; i < 300 && w.server.sessions.length === before; i += 1) await sleep(10);
    assert.equal(w.server.sessions.length, before + 1, 'one session for one call');
    return w.server.sessions.at(-1);
  }
  async function greeted(p) {
    const s = await session(p);
    await w.heard(p, s);
    return s;
  }
  const stages = {
    'before start': async (p) => { p.connected(); },
    'right after start': async (p) => { p.begin(); },
    'while dialling': async (p) => { p.begin(); await sleep(15); },
    'before session.updated': async (p) => { const s = await session(p); await s.until((x) => x.of('session.update').length, 'update'); },
    'in the greeting': async (p) => { p.begin(); await p.until((x) => x.audioMs() > 0, 'greeting'); },
    'after the greeting': greeted,
    'while speaking': async (p) => { (await greeted(p)).speechStarted(); },
    'while a tool runs': async (p) => {
      const s = await greeted(p);
      s.answers.push({ tool: 'log_caller_info', args: { name: 'X' } });
      s.caller('x', { ms: 1 });
      await s.until((x) => x.active, 'tool');
    },
    'in the goodbye': async (p) => {
      const s = await greeted(p);
      s.answers.push({ say: 'goodbye now', ms: 3000, tool: 'end_call', args: { outcome: 'completed' } });
      await s.caller('bye', { ms: 1 });
      await sleep(150);
    },
  };
  for (const how of ['stop', 'close', 'terminate']) {
    for (const [stage, act] of Object.entries(stages)) {
      const peer = await w.peer();
      await peer.open();
      await act(peer);
      if (how === 'stop') await peer.hangUp();
      else peer.ws[how]();
      const what = `${stage}, ${how}`;
      if (stage !== 'before start') {
        const d = await w.ended(peer);
        assert.ok(['caller_left'].includes(d.call.stream_end), `${what}: ${d.call.stream_end}`);
      }
      await sleep(50);
      assert.ok(w.server.sessions.every((s) => s.ws.readyState >= 2), `${what}: the model's socket is closed`);
    }
  }
  await sleep(300);
  within(w.bridge.fds(), 0, idle + 2, 'descriptors');
  const cpu = w.bridge.cpuMs();
  await sleep(1000);
  within(w.bridge.cpuMs() - cpu, 0, 50, 'CPU ms in an idle second');
  const health = await (await fetch(`http://127.0.0.1:${w.bridge.port}/healthz`)).text();
  assert.match(health, /calls=0/);
});

// ---- many, and the end --------------------------------------------------------------------------

test('20 calls at once', async (t) => {
  const w = await world(t, { realtime: { greetingMs: 600, answers: [{ say: 'Noted, goodbye.', ms: 300, tool: 'end_call', args: { outcome: 'completed' } }] } });
  const peers = await Promise.all(Array.from({ length: 20 }, () => w.peer()));
  await Promise.all(peers.map((p) => p.open()));
  for (const p of peers) p.begin();
  const sessions = [];
  for (let i = 0; i < 20; i += 1) sessions.push(await w.server.session());
  await Promise.all(peers.map((p) => p.until((x) => x.played >= 600 && x.pending.length === 0 && x.playEnd <= Date.now(), 'greeting', 10000)));
  await Promise.all(sessions.map((s, i) => s.caller(`caller ${i}`)));
  await Promise.all(peers.map((p) => p.closed));
  const words = new Set();
  for (const p of peers) {
    const d = await w.dump(p);
    assert.equal(d.call.stream_end, 'goodbye');
    assert.equal(d.turns.length, 3);
    words.add(d.turns.find((x) => x.who === 'caller').text);
    assert.deepEqual(p.problems, []);
    assert.equal(p.audioMs(), 900);
  }
  assert.equal(words.size, 20, 'nobody got the words of another');
});

test('drain: no new streams, running calls finish, exit 0', async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'Goodbye.', ms: 300, tool: 'end_call', args: { outcome: 'completed' } }] } });
  const { peer, session } = await w.talk();
  const late = await w.peer();
  w.bridge.child.kill('SIGTERM');
  await sleep(200);
  await assert.rejects(late.open(), { status: 503 });
  assert.equal(peer.ws.readyState, 1);
  await session.caller('bye');
  await peer.closed;
  assert.equal((await w.dump(peer)).call.stream_end, 'goodbye');
  const exit = await Promise.race([w.bridge.exited, sleep(4000).then(() => 'still there')]);
  assert.deepEqual(exit, { code: 0, signal: null });
});

test('drain: a call may go on for BRIDGE_DRAIN_S, then by questions', async (t) => {
  const w = await world(t, { env: { BRIDGE_DRAIN_S: '2' } });
  const { peer } = await w.talk();
  const began = Date.now();
  w.bridge.child.kill('SIGTERM');
  await peer.closed;
  within(Date.now() - began, 1900, 4000, 'it talked on');
  assert.deepEqual(await w.bridge.exited, { code: 0, signal: null });
  const d = await w.dump(peer);
  assert.equal(d.call.stream_end, 'drain');
  assert.equal(d.call.next_step, 'gather');
});

// The database is held while it ends, so that a timer falls due in the middle of that (the pulse, a second
// after its start), and whoever stops it says so once more when all is freed: neither finds what is gone
// (the sanitizers look on).
test('its end takes long: timers and signals that come meanwhile find nothing that is freed', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const peer = await w.peer();
  await peer.open();
  const { over } = await w.db.lock(3000);
  peer.begin();
  await sleep(50);
  peer.ws.terminate();
  await sleep(100);
  w.bridge.child.kill('SIGTERM');
  await over;
  for (let n = 0; n < 100 && !w.bridge.exit; n += 1) {
    w.bridge.child.kill('SIGTERM');
    await sleep(5);
  }
  assert.deepEqual(await w.bridge.stop(), { code: 0, signal: null }, w.bridge.log);
});

test('a second signal ends it at once, with every end written', async (t) => {
  const w = await world(t);
  const { peer } = await w.talk();
  w.bridge.child.kill('SIGTERM');
  await sleep(150);
  w.bridge.child.kill('SIGTERM');
  const exit = await Promise.race([w.bridge.exited, sleep(5000).then(() => 'still there')]);
  assert.deepEqual(exit, { code: 0, signal: null });
  const d = await w.dump(peer);
  assert.equal(d.call.stream_end, 'drain');
  assert.equal(d.call.next_step, 'gather');
});

test('it listens on the loopback address and on no other', async (t) => {
  const w = await world(t);
  await w.bridge.ready;
  const port = w.bridge.port.toString(16).toUpperCase().padStart(4, '0');
  const LISTEN = '0A';
  const listening = ['tcp', 'tcp6'].flatMap((f) => readFileSync(`/proc/net/${f}`, 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && local.endsWith(`:${port}`)).map(([, local]) => local);
  assert.deepEqual(listening, [`0100007F:${port}`]);
});

test('it says why it cannot start', async (t) => {
  const w = await world(t);
  for (const [env, words] of [
    [{ REALTIME_DIALECT: 'gamma' }, /REALTIME_DIALECT must be/],
    [{ REALTIME_AUTH_HEADER: 'no colon' }, /REALTIME_AUTH_HEADER must be/],
    [{ FRONTDESK_DATA: '/nonexistent' }, /data key/]]) {
    const r = spawnSync(w.bridge.child.spawnfile, [], { cwd: w.db.folder, encoding: 'utf8', timeout: 5000,
      env: { ...w.db.env, BRIDGE_PORT: '0', ...env } });
    assert.equal(r.status, 1, r.stderr);
    assert.match(r.stderr, words);
  }
});

test('beta dialect and header, path and model of the address', async (t) => {
  const w = await world(t, { realtime: { refuse: [401] }, env: { REALTIME_DIALECT: 'beta', OPENAI_API_KEY: 'sk-secret-1' } });
  const peer = await w.peer();
  await peer.open();
  peer.begin();
  await peer.closed;
  assert.equal(w.server.refused[0].headers.authorization, 'Bearer sk-secret-1');
  assert.equal(w.server.refused[0].headers['openai-beta'], 'realtime=v1');
  assert.doesNotMatch(w.bridge.log, /sk-secret/);
  const v = await world(t, { realtime: { answers: [] }, env: { REALTIME_AUTH_HEADER: 'api-key: k-2', OPENAI_API_KEY: 'sk-x' } });
  const { peer: p2, session } = await v.talk();
  assert.equal(session.headers['api-key'], 'k-2');
  assert.equal(session.headers.authorization, undefined);
  assert.equal(session.headers['openai-beta'], undefined);
  assert.equal(session.headers['sec-websocket-extensions'], undefined);
  assert.equal(session.url, '/v1/realtime?model=stand-in');
  await p2.hangUp();
});
