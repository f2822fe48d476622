// Voice sessions through the whole stack: nginx, api.fcgi, the offline ears and mouth, a stand-in for
// the text model where a turn must last, the worker's clock; and what is left when a process is killed.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { startChat } from '../fakes/chat-server.mjs';
import { fastcgi } from '../fakes/fastcgi.mjs';
import { TestDb } from './lib/db.mjs';
import { signIn } from './lib/desk.mjs';
import { alive, build, cleanEnv, root, run, startStack, until } from './stack.mjs';

const CALLER = '+14155550137', KEY = 'key-of-the-model';
let stack, model, token, reader;

const cli = async (...args) => {
  const got = await run(args, { env: { FRONTDESK_DATA: stack.data } });
  assert.equal(got.code, 0, got.err);
  return got.out;
};
const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(stack.data, 'frontdesk.db'), text], { encoding: 'utf8' }).trim();
const recording = (name) => fs.readFileSync(path.join(root, 'tests/audio', `${name}.wav`));

// One request; the body is JSON, text or bytes.
async function ask(where, body, { type = 'application/json', key, bearer = token, method = body === undefined ? 'GET' : 'POST' } = {}) {
  const headers = { authorization: `Bearer ${bearer}`, connection: 'close', ...(body !== undefined && type ? { 'content-type': type } : {}), ...(key ? { 'idempotency-key': key } : {}) };
  const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const res = await fetch(stack.url + where, { method, headers, body: raw });
  const text = await res.text();
  let json;
  try { json = JSON.parse(text); } catch { /* not JSON */ }
  return { status: res.status, type: res.headers.get('content-type'), headers: res.headers, text, json };
}
async function start(body = {}, options) {
  const got = await ask('/v1/voice/session/start', body, options);
  assert.equal(got.status, 201, got.text);
  return got.json;
}
const input = (id, body, options) => ask(`/v1/voice/session/${id}/input`, body, options);
async function say(id, body, options) {
  const got = await input(id, body, options);
  assert.equal(got.status, 200, got.text);
  return got.json;
}
const stateOf = (id) => sql(`SELECT state FROM voice_session WHERE id = '${id}'`);

// Seconds of a 16-bit WAV at 8 kHz
function wavSeconds(audio) {
  assert.equal(audio.format, 'wav');
  const wav = Buffer.from(audio.data, 'base64');
  assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
  assert.equal(wav.readUInt32LE(24), 8000);
  assert.equal(wav.readUInt16LE(34), 16);
  return (wav.length - 44) / 16000;
}

before(async () => {
  model = await startChat({ key: KEY });
  stack = await startStack({ env: { CHAT_URL: model.url, CHAT_MODEL: 'fake-1', CHAT_API_KEY: KEY, CHAT_REST_S: '0', LOG_LEVEL: 'info' } });
  const secret = (out) => /^token (\S{43}) /m.exec(out)[1];
  token = secret(await cli('token', 'new', 'widget', '--scope', 'read write'));
  reader = secret(await cli('token', 'new', 'looker', '--scope', 'read'));
});
after(async () => {
  await stack.stop();
  await model.close();
  const log = stack.out + stack.err;
  assert.doesNotMatch(log, /AddressSanitizer|LeakSanitizer|runtime error:/);
  assert.ok(!log.includes(token) && !log.includes(KEY), 'a secret is in the log');
  assert.doesNotMatch(log, /zebra|4155550137|415 555/i, 'what was said is in the log');
  stack.remove();
});
beforeEach(() => model.reset());

describe('by the rules, with real ears and a real mouth', () => {
  before(() => cli('settings', 'set', 'plumbing', 'BRAIN', 'rules'));

  test('a caller is heard and answered by sound; it is a call like any other', async () => {
    const first = await start({ caller: { number: CALLER }, reply: { audio: 'wav' } });
    const { id, call_id } = first.session;
    assert.match(first.text, /Harwick Plumbing/);
    assert.ok(wavSeconds(first.audio) > 1, 'the greeting can be heard');
    const one = await say(id, { audio: { format: 'wav', data: recording('leave_a_message').toString('base64') } });
    assert.match(one.heard, /leave a message/);
    assert.ok(wavSeconds(one.audio) > 0.5);
    // the answer's own sound is as long as its words
    const two = await say(id, { text: 'zebra', reply: { audio: 'mulaw' } });
    assert.equal(two.audio.format, 'mulaw');
    assert.ok(Buffer.from(two.audio.data, 'base64').length > 4000);
    await ask(`/v1/voice/session/${id}/end`, { outcome: 'caller_left' });
    const call = (await ask(`/v1/calls/${call_id}`, undefined, { bearer: reader })).json;
    assert.equal(call.channel, 'session');
    assert.equal(call.status, 'completed');
    assert.ok(call.ended_at && call.script_version);
    assert.deepEqual(call.turns.map((t) => t.who).slice(0, 3), ['desk', 'caller', 'desk']);
    assert.ok(call.events.some((e) => e.name === 'caller_new' || e.name === 'caller_known'));
    assert.equal((await ask('/v1/calls?limit=1', undefined, { bearer: reader })).json.calls[0].id, call_id);
    const page = await signIn({ stack, url: stack.url });
    assert.ok((await page('/calls')).includes(`/calls/${call_id}`));
    const shown = await page(`/calls/${call_id}`);
    for (const part of ['by chat', one.heard, 'The conversation has ended.']) assert.ok(shown.includes(part), part);
  });

  test('sound as the body itself, of other kinds; none that is no sound', async () => {
    const { session: { id } } = await start();
    const heard = await say(id, recording('speak_with_a_representative'), { type: 'audio/wav' });
    assert.match(heard.heard, /representative|speak/);
    // µ-law of a recording, without a head
    const pcm = recording('tomorrow').subarray(44), ulaw = Buffer.alloc(pcm.length >> 1);
    for (let i = 0; i < ulaw.length; i++) {
      let v = pcm.readInt16LE(2 * i);
      const sign = v < 0 ? 0x80 : 0;
      v = Math.min(Math.abs(v), 32635) + 132;
      const exponent = Math.floor(Math.log2(v)) - 7;
      ulaw[i] = ~(sign | exponent << 4 | (v >> exponent + 3 & 15)) & 255;
    }
    const other = (await start()).session.id;
    assert.equal(typeof (await say(other, ulaw, { type: 'audio/basic' })).heard, 'string');
    for (const [type, body, status] of [['audio/ogg', 'OggS', 415], ['text/plain', 'hello', 415], ['audio/wav', 'hello', 422], ['audio/basic', 'x', 422]])
      assert.equal((await input(other, body, { type })).status, status, type);
  });

  test('a whole conversation by text ends by itself, and the promise is kept', async () => {
    const { session } = await start({ caller: { number: CALLER } });
    const answers = { name: 'Dana Smith', number: '415 555 0137', when: 'tomorrow at nine', yesno: 'yes' };
    let got = await say(session.id, { text: 'I would like a callback please' });
    for (let i = 0; i < 15 && !got.over; i++)
      got = await say(session.id, { text: got.text.includes('anything else') ? 'no, goodbye' : answers[got.expect] ?? 'no, goodbye' });
    assert.equal(got.session.state, 'COMPLETED', got.text);
    assert.deepEqual(got.next, { step: 'hangup' });
    const call = (await ask(`/v1/calls/${session.call_id}`)).json;
    assert.equal(call.outcome, 'callback');
    assert.equal(call.callbacks.length, 1);
    const late = await input(session.id, { text: 'hello?' });
    assert.deepEqual([late.status, late.json.code, late.json.reason], [409, 'conflict', 'session_over']);
  });

  test('who goes without a word is ABANDONED by the worker', async () => {
    const { session } = await start({ timeout_s: 1 });
    await until('it lapses', () => stateOf(session.id) === 'ABANDONED', 15000);
    const call = (await ask(`/v1/calls/${session.call_id}`)).json;
    assert.equal(call.status, 'completed');
    assert.equal(call.outcome, 'hung_up');
    assert.ok(call.events.some((e) => e.name === 'session_abandoned'));
    assert.equal((await ask(`/v1/voice/session/${session.id}`)).json.session.state, 'ABANDONED');
  });

  test('the same key is the same request, also when both come at once', async () => {
    const both = await Promise.all([1, 2, 3].map(() => start({ caller: { number: CALLER } }, { key: 'widget-7' })));
    assert.equal(new Set(both.map((b) => b.session.id)).size, 1);
    const { id } = both[0].session;
    const tries = await Promise.all([1, 2, 3].map(() => input(id, { text: 'I need a callback' }, { key: 'turn-1' })));
    for (const t of tries) assert.ok([200, 409].includes(t.status), t.text);
    const again = await say(id, { text: 'I need a callback' }, { key: 'turn-1' });
    assert.equal(again.turn, 1);
    for (const t of tries.filter((t) => t.status === 200)) assert.equal(t.json.text, again.text);
    assert.equal(sql(`SELECT count(*) FROM turn WHERE call_id = '${both[0].session.call_id}' AND who = 'caller'`), '1');
    assert.equal((await input(id, { text: 'something else' }, { key: 'turn-1' })).status, 422);
  });

  test("another provider's call", async () => {
    const audio = (body) => ask('/telephony/audio', { call_id: 'prov/1', ...body });
    const first = await audio({ from: CALLER, verified: true, reply: { audio: 'none' } });
    assert.equal(first.status, 200, first.text);
    assert.match(first.json.text, /Harwick/);
    const next = await audio({ audio: { format: 'wav', data: recording('leave_a_message').toString('base64') } });
    assert.match(next.json.heard, /leave a message/);
    assert.equal(next.json.session.id, first.json.session.id);
    const end = await ask('/telephony/end', { call_id: 'prov/1' });
    assert.equal(end.json.session.state, 'COMPLETED');
    assert.equal((await audio({ keys: '1' })).status, 409);
    assert.equal((await ask('/telephony/end', { call_id: 'prov/2' })).status, 404);
    // Twilio's own addresses are still Twilio's
    assert.equal((await ask('/telephony/inbound', '', { type: 'application/x-www-form-urlencoded' })).status, 403);
  });

  test('what is too long, of another kind, or not for you', async () => {
    const { session: { id } } = await start();
    const big = await input(id, ' '.repeat(2 * 1024 * 1024 + 1));
    assert.deepEqual([big.status, big.json?.code], [413, 'too_large']);
    const bigger = await input(id, Buffer.alloc(3 * 1024 * 1024 + 1), { type: 'audio/wav' }); // nginx says so
    assert.deepEqual([bigger.status, bigger.json?.code, bigger.type], [413, 'too_large', 'application/problem+json']);
    const get = await ask(`/v1/voice/session/${id}/input`);
    assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST']);
    assert.equal((await input(id, { text: 'a' }, { type: 'text/html' })).status, 415);
    assert.equal((await input(id, { text: 'a' }, { bearer: reader })).status, 403);
    assert.equal((await input(id, { text: 'a' }, { bearer: 'nobody' })).status, 401);
    const wrong = await input(id, { text: 7, keys: 'x' });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.type, 'application/problem+json');
    assert.deepEqual(wrong.json.errors.map((e) => e.pointer).sort(), ['#/keys', '#/text']);
    assert.equal((await say(id, { text: 'I need a callback' })).turn, 1); // and nothing has happened
  });
});

describe('by a model that takes its time', () => {
  before(() => cli('settings', 'set', 'plumbing', 'BRAIN', 'model'));
  let release;
  const held = (plan) => model.next({ ...plan, hold: new Promise((done) => { release = done; }) });
  const asked = () => until('the model is asked', () => model.requests.length > 0);

  test('one turn at a time: the second is told so at once', async () => {
    const { session: { id } } = await start();
    held({ say: 'What is your name?' });
    const first = input(id, { text: 'I need a callback' });
    await asked();
    const began = Date.now();
    const second = await input(id, { text: 'me too' });
    assert.deepEqual([second.status, second.json.reason, second.headers.get('retry-after')], [409, 'turn_running', '1']);
    assert.ok(Date.now() - began < 2000);
    assert.equal((await fetch(`${stack.url}/healthz`)).status, 200);
    release();
    assert.equal((await first).json.text, 'What is your name?');
  });

  test('killed in the middle of a turn: in some seconds the session goes on', async () => {
    const { session: { id } } = await start();
    held({ say: 'never said' });
    const lost = input(id, { text: 'I need a callback' }).catch((e) => e);
    await asked();
    const pid = stack.children().api;
    process.kill(pid, 'SIGKILL');
    assert.notEqual((await lost).status, 200);
    release();
    await until('another api.fcgi', () => { const p = stack.children().api; return p && p !== pid && alive(p); });
    await cli('settings', 'set', 'plumbing', 'BRAIN', 'rules');
    let got;
    await until('the session goes on', async () => {
      got = await input(id, { text: 'Dana Smith' });
      return got.status === 200 || (![409, 502].includes(got.status) && assert.fail(got.text));
    }, 15000);
    assert.ok(got.json.missed, 'the answer that nobody got');
    assert.equal(got.json.turn, 2);
    assert.equal(got.json.session.state, 'ACTIVE');
    await cli('settings', 'set', 'plumbing', 'BRAIN', 'model');
  });

  test('stopped in the middle of a turn: it is answered before the end', async () => {
    const { session: { id } } = await start();
    held({ say: 'never said' });
    const turn = input(id, { text: 'I need a callback' });
    await asked();
    const pid = stack.children().api;
    process.kill(pid, 'SIGTERM');
    const got = await turn;
    release();
    assert.equal(got.status, 200, got.text);
    assert.ok(got.json.text.length > 0);
    await until('another api.fcgi', async () => { const p = stack.children().api; return p && p !== pid && (await fetch(`${stack.url}/healthz`).catch(() => ({}))).status === 200; });
  });
});

// ---- ears and mouth of somebody else ---------------------------------------------------------------

// A service in the shape of OpenAI's, strict where a mistake of ours would show.
async function startAudio() {
  const seen = [];
  const it = { hears: 'leave a message', status: 200, wav: undefined, seen };
  const server = http.createServer(async (req, res) => {
    const parts = [];
    for await (const d of req) parts.push(d);
    const body = Buffer.concat(parts), request = new Request('http://x/', { method: 'POST', headers: req.headers, body });
    const hear = req.url.endsWith('/audio/transcriptions');
    seen.push({ url: req.url, headers: req.headers, ...(hear ? { form: await request.formData() } : { json: await request.json() }) });
    if (it.status !== 200) return res.writeHead(it.status, { 'content-type': 'text/html' }).end('<p>no</p>');
    if (hear) return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text: ` ${it.hears}\n`, usage: { type: 'duration', seconds: 1 } }));
    return res.writeHead(200, { 'content-type': 'audio/wav' }).end(it.wav ?? wav24());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  it.url = `http://127.0.0.1:${server.address().port}/v1`;
  it.close = () => { server.closeAllConnections(); server.close(); };
  return it;
}
// Half a second at 24 kHz, with the head of a stream that does not know its length.
function wav24() {
  const wav = Buffer.alloc(44 + 24000);
  wav.write('RIFF', 0); wav.writeUInt32LE(0xffffffff, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(24000, 24); wav.writeUInt32LE(48000, 28);
  wav.writeUInt16LE(2, 32); wav.writeUInt16LE(16, 34); wav.write('data', 36); wav.writeUInt32LE(0xffffffff, 40);
  for (let i = 0; i < 12000; i++) wav.writeInt16LE(Math.round(9000 * Math.sin(i / 8)), 44 + 2 * i);
  return wav;
}

test('ears and mouth may be another service, by the settings', async () => {
  const audio = await startAudio(), db = new TestDb({});
  await db.init();
  const env = cleanEnv({ FRONTDESK_DATA: db.folder, FRONTDESK_SHARE: root, STT_URL: audio.url, STT_KEY: 'stt-secret', TTS_URL: `${audio.url}/`,
    TTS_KEY: 'xi-api-key: tts-secret', TTS_MODEL: 'voice-1', REALTIME_VOICE: 'cedar' });
  const api = await fastcgi(path.join(build, 'cgi-bin/api.fcgi'), { env });
  try {
    const made = await run(['token', 'new', 'x', '--scope', 'read write'], { env: { FRONTDESK_DATA: db.folder } });
    const bearer = /^token (\S{43}) /m.exec(made.out)[1];
    const post = async (where, body) => {
      const res = await fetch(api.url + where, { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' } });
      return { status: res.status, json: await res.json() };
    };
    const first = (await post('/v1/voice/session/start', { reply: { audio: 'wav' } })).json;
    assert.equal(wavSeconds(first.audio), 0.5);
    const spoken = audio.seen.at(-1);
    assert.equal(spoken.url, '/v1/audio/speech');
    assert.equal(spoken.headers['xi-api-key'], 'tts-secret');
    assert.equal(spoken.headers.authorization, undefined);
    assert.deepEqual(spoken.json, { model: 'voice-1', voice: 'cedar', input: first.text, response_format: 'wav' });
    const at = `/v1/voice/session/${first.session.id}/input`;
    const sound = { audio: { format: 'wav', data: recording('no').toString('base64') } };
    const got = (await post(at, { ...sound, reply: { audio: 'mulaw', voice: 'ash' } })).json;
    assert.equal(got.heard, 'leave a message');
    assert.equal(Buffer.from(got.audio.data, 'base64').length, 4000);
    assert.equal(audio.seen.at(-1).json.voice, 'ash');
    const heard = audio.seen.at(-2);
    assert.equal(heard.headers.authorization, 'Bearer stt-secret');
    assert.deepEqual([...heard.form.keys()].sort(), ['file', 'model', 'prompt', 'response_format']); // nothing of ours
    assert.equal(heard.form.get('model'), 'gpt-transcribe');
    assert.deepEqual(Buffer.from(await heard.form.get('file').arrayBuffer()), recording('no'));
    assert.ok(heard.form.get('prompt').length <= 600);
    for (const [status, ours] of [[500, 502], [429, 502], [401, 502], [400, 422]]) {
      audio.status = status;
      const no = await post(at, sound);
      assert.deepEqual([no.status, no.json.reason], [ours, 'not_heard'], String(status));
    }
    audio.status = 200;
    audio.wav = Buffer.from('<html>');
    const mute = await post(at, sound);
    assert.equal(mute.status, 200);
    assert.ok(mute.json.text && mute.json.audio === null && mute.json.audio_error);
  } finally {
    const codes = await api.close();
    audio.close();
    db.remove();
    assert.deepEqual(codes, [0]);
    assert.doesNotMatch(api.log(), /stt-secret|tts-secret|leave a message|Sanitizer/);
  }
});

test('without ears and mouth the session goes on by text', async () => {
  await cli('settings', 'set', 'plumbing', 'BRAIN', 'rules');
  const supervisor = stack.child, speech = stack.children().speech;
  const { session: { id } } = await start({ reply: { audio: 'wav' } });
  supervisor.kill('SIGSTOP'); // it stays dead
  try {
    process.kill(speech, 'SIGKILL');
    await until('speech is gone', () => !alive(speech));
    const unheard = await input(id, { audio: { format: 'wav', data: recording('no').toString('base64') } });
    assert.deepEqual([unheard.status, unheard.json.reason], [502, 'not_heard']);
    const got = await say(id, { text: 'I need a callback' });
    assert.equal(got.turn, 1);
    assert.equal(got.audio, null);
    assert.match(got.audio_error, /could not be spoken/);
  } finally {
    supervisor.kill('SIGCONT');
  }
  await until('speech again', () => stack.children().speech && stack.children().speech !== speech);
});
