// A caller leaves a recorded message, through webhooks, outbox, worker and stand-ins for Twilio and for
// a server that writes down speech: its sound comes onto this machine and goes from Twilio, its words are
// written down once, the owner is told once and hears it on the dashboard, and whatever fails is tried
// again or says why.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { startStt } from '../fakes/stt.mjs';
import { OWNER, TO, TOKEN, alive, caller, closedPort, sid, signIn, sleep, startDesk, until } from './lib/desk.mjs';
import { ask } from './stack.mjs';

const WORDS = 'This is Dana, please ring me about my invoice.';
let desk, rest, stt, cookie;
before(async () => {
  rest = await twilioRest({ token: TOKEN });
  stt = await startStt({ key: 'k', text: WORDS });
  desk = await startDesk({ env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/`,
    STT_URL: stt.url, STT_KEY: 'k', TWILIO_DELETE_RECORDINGS: 'true', TEXT_AFTER_MESSAGE: 'false' } });
  ({ cookie } = await signIn(desk));
});
after(async () => {
  await desk?.end();
  await stt?.close();
  await rest?.close();
});

// A call whose caller leaves a message of two seconds. there: Twilio has its sound.
async function message({ there = true, seconds = 2 } = {}) {
  const call = { CallSid: sid(), From: caller() };
  const recording = { RecordingSid: `RE${crypto.randomBytes(16).toString('hex')}`, RecordingDuration: String(seconds) };
  if (there) rest.recording(recording.RecordingSid, 2000);
  await desk.hook('/voice/incoming', call);
  await desk.hook('/voice/voicemail', call);
  const done = { ...call, ...recording, RecordingUrl: `${rest.url}/2010-04-01/Accounts/${ACCOUNT}/Recordings/${recording.RecordingSid}` };
  assert.match((await desk.hook('/voice/voicemail-done', done)).text, /We have your message/);
  for (let i = 0; i < 2; i++) assert.equal((await desk.hook('/voice/recording-status', { ...done, RecordingStatus: 'completed' })).status, 204);
  return { ...call, recording: recording.RecordingSid };
}
const left = async (call) => (await desk.row(call.CallSid)).messages[0];
const saw = (call, what, fn, ms = 20000) => until(what, async () => {
  const m = await left(call);
  return fn(m) && m;
}, ms).catch(async (e) => {
  e.message += ` ${JSON.stringify(await desk.row(call.CallSid))} ${JSON.stringify(rest.media.slice(-3))} ${JSON.stringify(stt.requests.slice(-2).map(({ wav, ...r }) => r))}`;
  throw e;
});
const written = (call) => saw(call, 'words', (m) => m.text);
const events = async (call) => (await desk.row(call.CallSid)).events.map((e) => e.name);
const fetches = (call) => rest.media.filter((m) => m.sid === call.recording && m.method === 'GET' && !m.elsewhere);
const toOwner = (call) => rest.messages.filter((m) => m.To === OWNER && m.Body.includes(`/calls/`) && m.Body.includes(call.id));
const page = (uri, headers = {}) => ask(desk.url + uri, { headers: { cookie, ...headers } });

test('fetched, written down, told, heard, and deleted at Twilio: each once', async () => {
  const call = await message();
  const m = await written(call);
  assert.deepEqual([m.text, m.words_by, m.seconds], [WORDS, 'stt', 2]);
  call.id = (await desk.row(call.CallSid)).id;
  const [text] = await until('the text to the owner', () => toOwner(call).length && toOwner(call));
  assert.match(text.Body, /^Harwick Plumbing: message from \(\d{3}\) \d{3}-\d{4}, .+ \(2 s\)\. "This is Dana, please ring me about my invoice\." http/);
  assert.equal(text.From, TO);
  await until('it is deleted at Twilio', () => !rest.recordings.has(call.recording));
  await sleep(600);
  assert.deepEqual([fetches(call).length, stt.requests.length, toOwner(call).length], [1, 1, 1]);
  const [asked] = stt.requests;
  assert.equal(asked.problem, undefined);
  assert.deepEqual(asked.fields, { model: 'gpt-transcribe', response_format: 'json' });
  assert.deepEqual([asked.wav.rate, asked.wav.samples.length], [8000, 16000]);
  assert.ok(Math.max(...asked.wav.samples) > 5000, 'the sound is the one that was left');
  // Twilio's own words come late: the first stand
  const late = { CallSid: call.CallSid, RecordingSid: call.recording, TranscriptionStatus: 'completed', TranscriptionText: 'Others.' };
  assert.equal((await desk.hook('/voice/transcription', late)).status, 204);
  assert.equal((await left(call)).text, WORDS);
  // on the dashboard
  const shown = (await page(`/calls/${call.id}`)).text();
  const uri = `/calls/${call.id}/messages/${m.id}/sound.wav`;
  assert.ok(shown.includes(`<audio controls preload="none" src="${uri}"`) && shown.includes(WORDS), shown);
  const sound = await page(uri, { range: 'bytes=0-57' });
  assert.deepEqual([sound.status, sound.headers.get('content-type'), sound.headers.get('content-range')], [206, 'audio/wav', 'bytes 0-57/16058']);
  assert.match(sound.text(), /^RIFF/);
  assert.equal((await page(uri, { range: 'bytes=99999-' })).status, 416);
  assert.equal((await ask(desk.url + uri)).status, 303, 'nobody else hears it');
  const names = await events(call);
  for (const name of ['message_left', 'recording_here', 'message_written', 'owner_text_sent', 'recording_erase_sent'])
    assert.equal(names.filter((n) => n === name).length, 1, `${name}: ${names}`);
  assert.deepEqual((await desk.cli('outbox', 'list')).out.match(/^out_/gm), null, 'nothing needs attention');
});

test('Twilio writes it down, if it is asked to: then nobody else is paid for it', async () => {
  const slug = /^\s*(\S+)/m.exec((await desk.cli('business', 'list')).out)[1];
  assert.equal((await desk.cli('settings', 'set', slug, 'TWILIO_TRANSCRIBE', 'true')).code, 0);
  const before = stt.requests.length;
  const said = 'Please call me back about my invoice of last week, it is not right';
  const call = await desk.dial('--text', '--say', 'speak to someone', '--say', said, '--record-seconds', '5', '--dial-result', 'no-answer').over();
  const m = await written({ CallSid: call.sid });
  assert.deepEqual([m.text, m.words_by], [said, 'twilio'], call.story());
  rest.recording(m.recording_sid, 5000);
  await until('it is fetched, and deleted', () => !rest.recordings.has(m.recording_sid));
  assert.equal(stt.requests.length, before);
  assert.equal((await desk.cli('settings', 'set', slug, 'TWILIO_TRANSCRIBE', 'false')).code, 0);
});

describe('whatever fails', () => {
  test('a server that writes down badly is asked again, and each message is written down once', async () => {
    const before = stt.requests.length;
    // never five failures in a row: then it would be left alone for a while
    stt.next({ status: 429, retryAfter: 1 }, { status: 500 }, { malformed: true }, { strange: true }, { giant: 2_000_000 }, {}, { html: true }, { cut: true }, { slow: 700 });
    const calls = [];
    for (let i = 0; i < 5; i++) calls.push(await message());
    for (const call of calls) assert.equal((await written(call)).text, WORDS);
    await sleep(500);
    // seven failures, the slow one, and one answer for each of the others
    assert.equal(stt.requests.length - before, 12);
    assert.deepEqual(stt.requests.filter((r) => r.problem), []);
    const [first, second] = stt.requests.slice(before);
    assert.ok(second.at - first.at >= 950, 'it asked us to wait a second');
  });

  test('one that refuses for good is not asked again, and the page says why', async () => {
    const before = stt.requests.length;
    stt.next({ status: 400, code: 'invalid_value', message: 'k secret' });
    const call = await message();
    const m = await saw(call, 'the reason', (x) => x.no_words);
    assert.match(m.no_words, /refused \(HTTP 400, invalid_value\)/);
    assert.equal(stt.requests.length, before + 1);
    const { id } = await desk.row(call.CallSid);
    assert.match((await page(`/calls/${id}`)).text(), /No words written down\.[^]*refused \(HTTP 400/);
    const { out } = await desk.cli('outbox', 'list');
    assert.match(out, /transcribe {2}failed[^]*refused/);
    // a person mends it and says so
    const [row] = /^out_\S+(?= .*transcribe)/m.exec(out);
    assert.equal((await desk.cli('outbox', 'retry', row)).code, 0);
    assert.equal((await written(call)).text, WORDS);
    assert.equal((await left(call)).no_words, null);
    // and the owner was not kept waiting for it: told once, without the words
    call.id = id;
    await until('the text to the owner', () => toOwner(call).length === 1);
    assert.doesNotMatch(toOwner(call)[0].Body, /Dana/);
  });

  test('a worker that is told to stop does not wait for a slow server; the next one asks again', async () => {
    const before = stt.requests.length;
    stt.next({ slow: 30000 });
    const call = await message();
    await until('it is asked', () => stt.requests.length > before);
    const worker = desk.pid('worker');
    const told = Date.now();
    process.kill(worker, 'SIGTERM');
    await until('it is gone', () => !alive(worker));
    assert.ok(Date.now() - told < 5000, `${Date.now() - told} ms`);
    assert.equal((await written(call)).text, WORDS);
    assert.equal(stt.requests.length, before + 2);
  });

  test('nothing to be understood: no words, and that is said', async () => {
    stt.next({ text: ' \n' });
    const call = await message();
    assert.match((await saw(call, 'the reason', (x) => x.no_words)).no_words, /No words could be made out/);
  });

  test('a sound that does not come whole is fetched again; nothing half stays', async () => {
    rest.nextMedia({ status: 404 }, { cut: true }, { missing: 1000 }, { status: 503 }, { redirect: true });
    const calls = [];
    for (let i = 0; i < 4; i++) calls.push(await message());
    for (const call of calls) await written(call);
    assert.equal(calls.map((c) => fetches(c).length).reduce((a, b) => a + b), 8);
    const away = rest.media.find((m) => m.elsewhere);
    assert.deepEqual([away.method, away.secret], ['GET', undefined], 'no password goes elsewhere');
  });

  test('what is no sound is given up, and the page says why and where it is to be heard', async () => {
    rest.nextMedia({ type: 'text/html; charset=utf-8' });
    const call = await message();
    const { id } = await desk.row(call.CallSid);
    const shown = await until('the reason', async () => {
      const text = (await page(`/calls/${id}`)).text();
      return text.includes('no sound') && text;
    });
    assert.match(shown, /You can listen to it in your Twilio account, under Recordings\. What came from Twilio is no sound: text\/html/);
    assert.doesNotMatch(shown, /<audio/);
    assert.ok(rest.recordings.has(call.recording), 'it is not deleted where it is');
    assert.equal(fetches(call).length, 1);
  });
});
