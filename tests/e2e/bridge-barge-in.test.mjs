// Barge-in with audio: recorded speech, our own echo, coughs and a street on the caller's line while
// we speak, frame by frame in real time. When the server believes to hear somebody is in the script
// (150 ms after a sound began, 400 ms after it ended); what is made of it is the bridge's decision.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { atOnce } from './lib/at_once.mjs';
import { world as bare } from './lib/bridge.mjs';
import { toLinear, ulaw } from './lib/twilio-peer.mjs';
import { ajv, valid } from '../fakes/realtime-server.mjs';
import { build, root } from './stack.mjs';

const run = promisify(execFile);
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const names = (d) => d.events.map((e) => `${e.kind}:${e.name}`);
const within = (value, low, high, what) => assert.ok(value >= low && value <= high, `${what}: ${value} not in ${low}…${high}`);
const world = (t, { env, ...options } = {}) => bare(t, { ...options, env: { BARGE_IN_CONFIRM_MS: '160', ...env } });

// A recording of tests/audio as µ-law, its loudest parts at that peak.
function recording(name, peak = 10000) {
  const wav = readFileSync(join(root, `tests/audio/${name}.wav`)).subarray(44);
  const samples = Array.from({ length: wav.length / 2 }, (_, i) => wav.readInt16LE(i * 2));
  const gain = peak / samples.reduce((m, s) => Math.max(m, Math.abs(s)), 1);
  return Buffer.from(samples.map((s) => ulaw(s * gain)));
}
const cough = () => Buffer.concat([recording('cough_man', 12000), recording('cough_woman', 9000)]);
// a car, a motorcycle and people, again and again
function street(peak) {
  const parts = [['car_passing', 1, 0], ['motorcycle_passing', 0.7, 2], ['party', 0.25, 0], ['party', 0.25, 4]]
    .map(([name, gain, at]) => ({ sound: recording(name, peak * gain), at: at * 8000 }));
  return Buffer.from(Array.from({ length: 8000 * 8 }, (_, i) =>
    ulaw(parts.reduce((sum, { sound, at }) => sum + (i >= at && i - at < sound.length ? toLinear(sound[i - at]) : 0), 0))));
}
const OURS = recording('number_4155550199', 16000); // 9.5 s of a human voice: what the model says
const WORDS = 'four one five five five five oh one nine nine and that is the number to call';
const LONG = { say: WORDS, audio: OURS, pace: 2 };
const SLOW = { say: WORDS, audio: OURS, pace: 35 }; // still being generated while it plays

// The answer is being heard since 700 ms; its item.
async function speaking(peer, session, answer = LONG) {
  const before = peer.audioMs();
  session.answers.push(answer);
  session.respond(null);
  await peer.until((p) => p.audioMs() > before, 'the answer began');
  await sleep(700);
  return session.lastItem;
}

// A sound on the caller's line, and what the server says of it.
async function sound(peer, session, audio, { words, answer = true, stop = true } = {}) {
  const from = Date.now();
  const said = peer.speak(audio);
  await sleep(150);
  session.speechStarted();
  await said;
  await sleep(400);
  if (stop) session.speechStopped(words);
  if (stop && answer) session.respond(null);
  return from;
}

test('a business\'s own thresholds reach its calls', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: { TURN_SILENCE_MS: '700' } });
  const set = (...args) => run(join(build, 'bin/frontdesk'), ['settings', ...args], { env: w.db.env, cwd: w.db.folder });
  const detection = async () => {
    const { peer, session } = await w.talk();
    await peer.hangUp();
    return session.of('session.update')[0].session.audio.input.turn_detection;
  };
  const { stdout } = await run(join(build, 'bin/frontdesk'), ['business', 'list'], { env: w.db.env, cwd: w.db.folder });
  const slug = stdout.split(' ')[0];
  assert.equal((await detection()).silence_duration_ms, 700);
  await set('set', slug, 'TURN_SILENCE_MS', '900');
  await set('set', slug, 'BARGE_IN_CONFIRM_MS', '0'); // the server decides
  const own = await detection();
  assert.equal(own.silence_duration_ms, 900);
  assert.equal(own.interrupt_response, true);
  await set('unset', slug, 'TURN_SILENCE_MS');
  assert.equal((await detection()).silence_duration_ms, 700);
  await assert.rejects(set('set', slug, 'TURN_SILENCE_MS', '5'), /must be a whole number from 200 to 3000/);
});

// The whole session.update, but the prompt and the tools, as tests/golden/session-update.json has it.
test('when a caller speaks, and has finished, is a business\'s own choice; the update is what the golden one is', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const golden = JSON.parse(readFileSync(join(root, 'tests/golden/session-update.json'), 'utf8'));
  const set = (...args) => run(join(build, 'bin/frontdesk'), ['settings', ...args], { env: w.db.env, cwd: w.db.folder });
  const { stdout } = await run(join(build, 'bin/frontdesk'), ['business', 'list'], { env: w.db.env, cwd: w.db.folder });
  const slug = stdout.split(' ')[0];
  const update = async () => {
    const { peer, session } = await w.talk();
    await peer.hangUp();
    const [{ at, ...event }] = session.of('session.update');
    assert.ok(valid(event), ajv.errorsText(valid.errors)); // OpenAI's own document, nothing let pass
    assert.ok(event.session.instructions.length > 100 && event.session.tools.length > 3);
    event.session.instructions = '…';
    event.session.tools = [];
    return event;
  };
  for (const { settings, turn_detection } of golden.changed) {
    for (const [name, value] of Object.entries(settings)) await set('set', slug, name, value);
    const expected = structuredClone(golden.usual);
    if (turn_detection) expected.session.audio.input.turn_detection = turn_detection;
    assert.deepEqual(await update(), expected, JSON.stringify(settings));
    for (const name of Object.keys(settings)) await set('unset', slug, name);
  }
  for (const [name, value, why] of golden.refused) {
    await assert.rejects(set('set', slug, name, value), new RegExp(why), name);
  }
});

test('recorded speech while we speak: clear, cancel, truncate to what was heard', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  assert.equal(session.of('session.update')[0].session.audio.input.turn_detection.interrupt_response, false);
  assert.equal(session.of('session.update')[0].session.audio.input.turn_detection.create_response, true);
  peer.line({ echoDb: 25 });
  const item = await speaking(peer, session, SLOW);
  const began = peer.got.findLast((m) => m.event === 'mark')?.at;
  session.answers.push({ say: 'Yes?', ms: 200 });
  const from = await sound(peer, session, recording('speak_with_a_representative'), { words: 'to a representative' });
  const clear = peer.got.find((m) => m.event === 'clear');
  assert.ok(clear && began, 'cleared');
  within(clear.at - from, 150, 600, 'reaction, ms after the first sound');
  assert.equal(session.of('response.cancel').length, 1);
  await session.until((s) => s.of('conversation.item.truncate').length === 1, 'truncate');
  const [cut] = session.of('conversation.item.truncate');
  assert.equal(cut.item_id, item);
  assert.ok(Number.isInteger(cut.audio_end_ms));
  within(cut.audio_end_ms, 700, 700 + clear.at - from + 250, 'heard');
  assert.equal(session.of('conversation.item.delete').length, 0);
  await w.heard(peer, session);
  await peer.hangUp();
  const d = await w.ended(peer);
  const turn = d.turns.find((x) => x.item_id === item || x.text.startsWith('four'));
  assert.ok(turn.unheard, 'the unheard is kept apart');
  assert.equal(d.turns.filter((x) => x.who === 'caller').length, 1);
  assert.ok(names(d).includes('stream:interrupted'));
  assert.ok(!names(d).includes('stream:not_speech'));
  assert.deepEqual(peer.problems, []);
});

test('speech long after the model has finished generating: clear all the same', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  peer.line({ echoDb: 20 });
  const item = await speaking(peer, session);
  await peer.until((p) => p.audioMs() > 9000, 'all is sent');
  await session.until((s) => !s.active, 'generated');
  await sleep(1500);
  await sound(peer, session, recording('leave_a_message'), { words: 'leave a message' });
  await session.until((s) => s.of('conversation.item.truncate').length === 1, 'truncate');
  assert.equal(peer.count('clear'), 1);
  assert.equal(session.of('response.cancel').length, 0, 'nothing was active');
  assert.equal(session.of('conversation.item.truncate')[0].item_id, item);
  within(session.of('conversation.item.truncate')[0].audio_end_ms, 2000, 5000, 'heard');
  await peer.hangUp();
  await w.ended(peer);
});

// What is on the line beside us must change nothing: not a clear, not a word, and no trace of it.
const ignored = (what, { line, audio, answer = LONG, times = 1 }) => [what, async (tt) => {
  const w = await world(tt, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  peer.line(line);
  const before = peer.audioMs();
  const item = await speaking(peer, session, answer);
  const items = [];
  let free = Promise.resolve();
  for (let i = 0; i < times; i += 1) {
    session.answers.push({ say: 'I beg your pardon?', ms: 400, pace: 30 });
    await sound(peer, session, audio ?? Buffer.alloc(8000, 0xff), { words: 'thank you', answer: false });
    items.push(session.userItem);
    // the server answers it: at once, or when the answer it is giving is over
    free = free.then(() => session.until((s) => !s.active, 'free', 12000)).then(() => session.respond(null));
    await session.until((s) => s.of('conversation.item.delete').some((e) => e.item_id === items.at(-1)), 'its item is deleted');
  }
  await free;
  await session.until((s) => s.answers.length === 0 && !s.active, 'answered', 15000);
  await w.heard(peer, session);
  await sleep(100);
  assert.equal(peer.count('clear'), 0, 'nothing is cut');
  assert.equal(session.of('conversation.item.truncate').length, 0);
  assert.equal(session.of('response.cancel').length, times, 'the answer to it is cancelled');
  assert.equal(session.of('response.cancel').at(-1).response_id, session.lastResponse.id);
  assert.equal(Math.round(peer.audioMs() - before), Math.round(OURS.length / 8), 'all of ours, and nothing else');
  if (session.lastItem !== item) {
    assert.ok(session.of('conversation.item.delete').some((e) => e.item_id === session.lastItem), 'what it had made is deleted');
  }
  session.answers = [{ say: 'Goodbye then.', ms: 200 }];
  const heard = peer.audioMs();
  await session.caller('are you there?', { ms: 600 }); // and the call goes on
  await w.heard(peer, session);
  assert.equal(peer.audioMs() - heard, 200);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(d.turns.filter((x) => x.who === 'caller').map((x) => x.text), ['are you there?']);
  assert.ok(d.turns.some((x) => x.text === WORDS && !x.unheard), 'said and heard');
  assert.ok(!d.turns.some((x) => /pardon/.test(x.text)));
  assert.equal(names(d).filter((n) => n === 'stream:not_speech').length, times);
  assert.ok(!names(d).includes('stream:interrupted'));
}];

test('what is no speech does not interrupt', { concurrency: true }, async (t) => {
  await atOnce(t, [
    ignored('echo of our own voice, -20 dB', { line: { echoDb: 20, delayMs: 120 } }),
    ignored('echo of our own voice, -15 dB and late', { line: { echoDb: 15, delayMs: 300 } }),
    ignored('a cough', { line: { echoDb: 30 }, audio: cough() }),
    ignored('coughs while it is still being generated', { line: {}, audio: cough(), answer: SLOW, times: 2 }),
    ignored('a street, and an echo', { line: { echoDb: 25, noise: street(4000) } }),
  ], 2);
});

test('ten interruptions work like the first', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: { UNPRODUCTIVE_TURNS: '0' } }); // it is the same again
  const { peer, session } = await w.talk();
  peer.line({ echoDb: 25, delayMs: 60 });
  const words = ['monday', 'friday', 'tomorrow', 'charlie', 'romeo'];
  for (let i = 0; i < 10; i += 1) {
    await speaking(peer, session, i % 2 ? SLOW : LONG);
    await sound(peer, session, recording(words[i % words.length]), { words: `${words[i % words.length]}, I said ${i}`, answer: false });
    assert.equal(peer.count('clear'), i + 1, `interruption ${i + 1}`);
    await session.until((s) => s.of('conversation.item.truncate').length === i + 1, 'truncate');
    await session.until((s) => !s.active, 'free');
  }
  assert.equal(session.of('conversation.item.delete').length, 0);
  await sleep(200); // the last words have arrived
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.equal(d.turns.filter((x) => x.unheard).length, 10, JSON.stringify(d.turns.filter((x) => x.who === 'desk')));
  assert.equal(d.turns.filter((x) => x.who === 'caller').length, 10);
  assert.equal(names(d).filter((n) => n === 'stream:interrupted').length, 10);
});

test('a server that refuses truncate: logged, and the call goes on', async (t) => {
  const w = await world(t, { realtime: { answers: [], refuseTruncate: true } });
  const { peer, session } = await w.talk();
  await speaking(peer, session);
  session.answers.push({ say: 'Go on.', ms: 200 });
  await sound(peer, session, recording('leave_a_message'), { words: 'leave a message' });
  await session.until((s) => s.of('conversation.item.truncate').length === 1, 'truncate');
  await w.heard(peer, session);
  assert.match(w.bridge.log, /model\.error .*code=invalid_value/);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.equal(d.call.stream_end, 'caller_left');
  assert.ok(d.turns.some((x) => x.text === 'Go on.'));
});

test('a server that interrupts by itself, whatever the session says: the answer it cut is cut here, too', async (t) => {
  const w = await world(t, { realtime: { answers: [], interrupts: true } });
  const { peer, session } = await w.talk();
  await speaking(peer, session, SLOW);
  session.answers.push({ say: 'Sorry, what?', ms: 200 });
  await sound(peer, session, cough(), { words: 'hm' });
  await w.heard(peer, session);
  assert.equal(peer.count('clear'), 1);
  assert.equal(session.of('conversation.item.truncate').length, 1);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.ok(d.turns.some((x) => x.text === 'Sorry, what?'));
  assert.ok(d.turns.some((x) => x.unheard));
});

test('the server decides, is to cut its answer itself, and does not: it is cancelled', async (t) => {
  for (const [interrupts, cancels] of [[false, 1], [true, 0]]) {
    const w = await bare(t, { realtime: { answers: [], interrupts } });
    const { peer, session } = await w.talk();
    assert.equal(session.of('session.update')[0].session.audio.input.turn_detection.interrupt_response, true);
    await speaking(peer, session, SLOW);
    const cut = session.lastResponse.id;
    session.speechStarted();
    await peer.until((p) => p.count('clear') === 1, 'clear');
    await session.until((s) => !s.active, 'ended', 2000);
    await sleep(400);
    assert.deepEqual(session.of('response.cancel').map((e) => e.response_id), Array(cancels).fill(cut));
    assert.deepEqual(session.refusals, []);
    session.answers.push({ say: 'Go on.', ms: 200 });
    session.speechStopped('and another thing');
    await session.respond(null);
    await w.heard(peer, session);
    await peer.hangUp();
    const d = await w.ended(peer);
    assert.ok(d.turns.some((x) => x.text === 'Go on.' && !x.unheard));
  }
});

test('a server that never says that speech has stopped', async (t) => {
  await t.test('it was noise: we speak to the end, then it counts, and ends by our own ear', async (tt) => {
    const w = await world(tt, { realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    await speaking(peer, session, { ...LONG, audio: OURS.subarray(0, 8 * 2500) });
    session.answers.push({ say: 'Still there?', ms: 200 });
    await sound(peer, session, cough(), { stop: false });
    await session.until((s) => s.of('response.create').length === 2, 'asked for an answer by ourselves', 9000);
    await w.heard(peer, session);
    assert.equal(peer.count('clear'), 0);
    await peer.hangUp();
    const d = await w.ended(peer);
    assert.ok(d.turns.some((x) => x.text === 'Still there?'));
  });
  await t.test('it was speech', async (tt) => {
    const w = await world(tt, { realtime: { answers: [] } });
    const { peer, session } = await w.talk();
    await speaking(peer, session);
    session.answers.push({ say: 'I hear you.', ms: 200 });
    await sound(peer, session, recording('leave_a_message'), { stop: false });
    assert.equal(peer.count('clear'), 1);
    await session.until((s) => s.raw && s.of('response.create').length === 2, 'asked for an answer by ourselves', 7000);
    assert.equal(session.of('input_audio_buffer.commit').length, 1);
    await w.heard(peer, session);
    await peer.hangUp();
    assert.match(w.bridge.log, /call\.stop_missed/);
  });
});

test('speech that begins while we speak and goes on after is speech, even too soft for our ear', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  peer.line({});
  await speaking(peer, session, { ...LONG, audio: OURS.subarray(0, 8 * 1500) });
  session.answers.push({ say: 'Pardon?', ms: 200 });
  const soft = Buffer.from(recording('speak_with_a_representative').map((u) => ulaw(toLinear(u) / 64)));
  await sound(peer, session, soft, { words: 'a representative' });
  await w.heard(peer, session);
  assert.equal(peer.count('clear'), 0);
  assert.equal(session.of('conversation.item.delete').length, 0);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.deepEqual(d.turns.filter((x) => x.who === 'caller').map((x) => x.text), ['a representative']);
});

// ---- interrupted by nobody ----------------------------------------------------------------------

// A sentence of four seconds and more; its beginning, its middle and its end.
const THREE = { say: 'Sal is out today. Would you like him to call you back? He is in tomorrow at nine.', audio: OURS.subarray(0, 8 * 6000), pace: 2 };
// a door, or a cough that is a voice to the ear: it lasts long enough
const COUGHS = { BARGE_IN_CONFIRM_MS: '60', VOICE_TONE: '0', BARGE_IN_RESUME_MS: '600' };
const resumed = (session) => session.of('response.create').filter((e) => e.response?.metadata?.purpose === 'resume');

test('a cough cuts us off and no words come: we go on with what was not heard', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: COUGHS });
  const { peer, session } = await w.talk();
  const item = await speaking(peer, session, THREE);
  await sleep(1300); // in the middle of the second sentence
  await sound(peer, session, cough(), { answer: false });
  const noise = session.userItem;
  assert.equal(peer.count('clear'), 1);
  await session.until((s) => resumed(s).length === 1, 'resumed', 3000);
  const { instructions, tool_choice } = resumed(session)[0].response;
  assert.match(instructions, /has not heard this: "Would you like him to call you back\? He is in tomorrow at nine\."/);
  assert.equal(tool_choice, 'none');
  assert.ok(session.of('conversation.item.delete').some((e) => e.item_id === noise), 'the cough is not part of the talk');
  assert.ok(session.of('conversation.item.truncate').some((e) => e.item_id === item));
  await w.heard(peer, session);
  await sleep(900);
  assert.equal(resumed(session).length, 1, 'once');
  // cut off again, by words this time
  await speaking(peer, session, THREE);
  session.answers.push({ say: 'Yes?', ms: 200, after: 900 });
  await sound(peer, session, recording('leave_a_message'), { words: 'leave a message' });
  await w.heard(peer, session);
  assert.equal(resumed(session).length, 1);
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.equal(names(d).filter((n) => n === 'stream:resumed').length, 1);
  assert.deepEqual(d.turns.filter((x) => x.who === 'caller').map((x) => x.text), ['leave a message']);
});

test('an empty transcript: the answer to it is not said, and we go on', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: { ...COUGHS, BARGE_IN_RESUME_MS: '5000' } });
  const { peer, session } = await w.talk();
  for (const late of [false, true]) { // the answer is there before the transcript, or after it
    await speaking(peer, session, THREE);
    const before = peer.audioMs();
    session.answers.push(late ? { say: 'I beg your pardon?', ms: 400, pace: 100 } : { stall: true });
    await sound(peer, session, cough(), { answer: !late }); // answered, but it does not sound yet
    session.send('conversation.item.input_audio_transcription.completed', { item_id: session.userItem, content_index: 0, transcript: ' ',
      usage: { type: 'duration', seconds: 1 } });
    if (late) await session.respond(null); // the transcript is there before the answer begins
    await session.until((s) => resumed(s).length === (late ? 2 : 1), 'resumed', 2500);
    await w.heard(peer, session);
    assert.ok(peer.audioMs() > before);
    assert.equal(session.answers.length, 0);
  }
  await peer.hangUp();
  const d = await w.ended(peer);
  assert.ok(!d.turns.some((x) => /pardon/.test(x.text)), JSON.stringify(d.turns));
  assert.deepEqual(session.refusals, []);
});

test('we do not go on over an answer that sounds, after keys, or where a business does not want it', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: COUGHS });
  const { peer, session } = await w.talk();
  await speaking(peer, session, THREE);
  session.answers.push({ say: 'Bless you.', ms: 200 });
  await sound(peer, session, cough(), {}); // no transcript ever, but the model answers
  await w.heard(peer, session);
  await sleep(900);
  await speaking(peer, session, THREE);
  await sound(peer, session, cough(), { answer: false });
  session.answers.push({ say: 'Thank you.', ms: 200 });
  peer.keys('5#');
  await session.until((s) => asked(s, 'answer') === 1, 'keys answered');
  await w.heard(peer, session);
  await sleep(900);
  assert.deepEqual(resumed(session), []);
  await peer.hangUp();
  const off = await world(t, { realtime: { answers: [] }, env: { ...COUGHS, BARGE_IN_RESUME_MS: '0' } });
  const other = await off.talk();
  await speaking(other.peer, other.session, THREE);
  await sound(other.peer, other.session, cough(), { answer: false });
  assert.equal(other.peer.count('clear'), 1);
  await other.session.until((s) => asked(s, 'answer') === 1, 'asked for an answer', 4000);
  assert.deepEqual(resumed(other.session), []);
  await other.peer.hangUp();
});

const asked = (session, purpose) => session.of('response.create').filter((e) => e.response?.metadata?.purpose === purpose).length;
const SILENCE = { SILENCE_PROMPT_S: '4', SILENCE_GOODBYE_S: '3', NO_WORDS_S: '0', UNPRODUCTIVE_TURNS: '0', MODEL_SILENT_S: '20' };

test('the clock of silence: what the server hears in passing cars, and answers, is not the caller', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: SILENCE });
  const { peer, session } = await w.talk();
  peer.line({ noise: recording('car_passing', 6000) });
  const from = Date.now();
  let noises = 0;
  while (!session.closedAt && peer.ws.readyState === 1 && Date.now() - from < 20000) {
    session.speechStarted();
    await sleep(500);
    session.speechStopped();
    noises += 1;
    session.answers.push({ say: 'Sorry?', ms: 200 });
    if (!session.active) await session.respond(null);
    await sleep(700);
  }
  assert.ok(noises > 4);
  assert.equal(asked(session, 'still_there'), 1);
  const d = await w.ended(peer);
  assert.equal(d.call.stream_end, 'silent');
  within(Date.now() - from, 6500, 14000, 'ms to the goodbye\'s end');
  assert.ok(d.turns.some((x) => x.text === 'Are you still there?'), JSON.stringify(d.turns));
});

test('the clock of silence: a caller whom the server does not hear is there', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: SILENCE });
  const { peer, session } = await w.talk();
  peer.line({ noise: recording('car_passing', 1500) });
  await peer.speak(recording('number_4155550134', 9000)); // 9 s
  assert.equal(asked(session, 'still_there'), 0);
  const over = Date.now();
  await session.until((s) => asked(s, 'still_there') === 1, 'asked', 8000);
  within(Date.now() - over, 2500, 6500, 'ms after the last word');
  await peer.hangUp();
  await w.ended(peer);
});

test('keys interrupt at once', async (t) => {
  const w = await world(t, { realtime: { answers: [] } });
  const { peer, session } = await w.talk();
  await speaking(peer, session);
  const at = Date.now();
  peer.keys('0');
  await peer.until((p) => p.count('clear') === 1, 'clear', 300);
  within(Date.now() - at, 0, 100, 'ms');
  await peer.hangUp();
  await w.ended(peer);
});
