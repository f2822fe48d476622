// The offline engine as official Realtime clients meet it: `openai` and `@openai/agents-realtime`
// talk to build/bin/speech over a socket. No account, no network but loopback.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import WebSocket from 'ws';
import { z } from 'zod';
import { build, root, sleep } from './stack.mjs';

const program = path.join(build, 'bin/speech');

let engine, port;
let complaints = '';

before(async () => {
  engine = spawn(program, ['--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LOG_LEVEL: 'warn' } });
  engine.stderr.on('data', (d) => { complaints += d; });
  port = await new Promise((done, fail) => {
    engine.stdout.on('data', (d) => {
      const m = /^listening 127\.0\.0\.1:(\d+)/m.exec(String(d));
      if (m) done(Number(m[1]));
    });
    engine.on('exit', (code) => fail(new Error(`speech ended with ${code}: ${complaints}`)));
  });
});

after(async () => {
  engine.removeAllListeners('exit');
  const ended = new Promise((done) => engine.on('exit', (code) => done(code)));
  engine.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.equal(complaints, '');
});

const facts = {
  business: 'Harwick Plumbing', owner: 'Sal', services: ['drain cleaning', 'water heater'], people: ['Sal'],
  emergencies: ['burst pipe', 'flooding'], caller: { number: '+14155550134' }, can_transfer: true, open_now: true,
};
const instructions = `You answer the phone.\nFACTS\n${JSON.stringify(facts)}\n`;
const tools = ['schedule_callback', 'log_caller_info', 'transfer_to_owner', 'end_call'].map((name) => ({
  type: 'function', name, description: name, parameters: { type: 'object', properties: {} },
}));
const session = {
  type: 'realtime', instructions, tools,
  audio: {
    input: { format: { type: 'audio/pcmu' }, transcription: { model: 'gpt-transcribe' }, turn_detection: { type: 'server_vad' } },
    output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
  },
};

// G.711 µ-law of a recording
function ulaw(name) {
  const pcm = fs.readFileSync(path.join(root, 'tests/audio', `${name}.wav`)).subarray(44);
  const out = Buffer.alloc(pcm.length >> 1);
  for (let i = 0; i < out.length; i++) {
    let s = pcm.readInt16LE(i * 2);
    const sign = s < 0 ? 0x80 : 0;
    s = Math.min(Math.abs(s), 32635) + 132;
    let e = 7;
    for (let mask = 0x4000; !(s & mask) && e > 0; mask >>= 1) e--;
    out[i] = ~(sign | (e << 4) | ((s >> (e + 3)) & 15)) & 0xff;
  }
  return out;
}

// Any client with send() and events: records what comes, waits for what is wanted.
function record(emitter, subscribe, send) {
  const events = [];
  const waiting = new Set();
  subscribe((e) => {
    e.at_ms = performance.now();
    events.push(e);
    for (const w of [...waiting]) w();
  });
  let read = 0;
  const next = (want, what, ms = 30000) => new Promise((done, fail) => {
    const look = () => {
      for (; read < events.length; read++) {
        if (want(events[read])) {
          waiting.delete(look);
          clearTimeout(timer);
          done(events[read++]);
          return;
        }
      }
    };
    const timer = setTimeout(() => {
      waiting.delete(look);
      fail(new Error(`no ${what}; last: ${events.slice(-6).map((e) => e.type)}`));
    }, ms);
    waiting.add(look);
    look();
  });
  return { emitter, events, send, type: (t, ms) => next((e) => e.type === t, t, ms), next };
}

async function official() {
  const client = new OpenAI({ apiKey: 'none', baseURL: `https://127.0.0.1:${port}/v1` });
  const rt = new OpenAIRealtimeWS(
    { model: 'offline', options: { createConnection: () => net.connect({ host: '127.0.0.1', port }) } }, client);
  rt.on('error', () => {});
  const c = record(rt, (on) => rt.on('event', on), (e) => rt.send(e));
  await c.type('session.created');
  return c;
}

async function raw() {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/realtime?model=offline`);
  const c = record(ws, (on) => ws.on('message', (m) => on(JSON.parse(m))), (e) => ws.send(typeof e === 'string' ? e : JSON.stringify(e)));
  await c.type('session.created');
  return c;
}

async function configured(connect, change = {}) {
  const c = await connect();
  c.send({ type: 'session.update', session: { ...session, ...change } });
  await c.type('session.updated');
  return c;
}

// A microphone: 20 ms of µ-law at a time, quiet when nothing is said.
function microphone(c) {
  let queue = Buffer.alloc(0);
  const timer = setInterval(() => {
    const frame = Buffer.alloc(160, 0xff);
    queue.copy(frame, 0, 0, 160);
    queue = queue.subarray(160);
    c.send({ type: 'input_audio_buffer.append', audio: frame.toString('base64') });
  }, 20);
  return { say: (name) => { queue = Buffer.concat([queue, ulaw(name)]); }, stop: () => clearInterval(timer) };
}

const typed = (text) => ({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] } });
const transcript = async (c) => (await c.type('response.output_audio_transcript.done')).transcript;

test('openai: greeting in the right order, paced, with a true end', async () => {
  const c = await configured(official);
  c.send({ type: 'response.create' });
  const created = await c.type('response.created');
  await c.type('response.done');
  const mine = c.events.slice(c.events.indexOf(created)).map((e) => e.type);
  const order = ['response.created', 'response.output_item.added', 'conversation.item.added', 'response.content_part.added',
    'response.output_audio_transcript.delta', 'response.output_audio.delta', 'response.output_audio.done',
    'response.output_audio_transcript.done', 'response.content_part.done', 'response.output_item.done',
    'conversation.item.done', 'response.done'];
  assert.deepEqual([...new Set(mine)], order);
  const deltas = c.events.filter((e) => e.type === 'response.output_audio.delta');
  const ms = deltas.reduce((sum, e) => sum + Buffer.from(e.delta, 'base64').length / 8, 0);
  const took = deltas.at(-1).at_ms - deltas[0].at_ms;
  assert.ok(ms > 3000, `${ms} ms of speech`);
  assert.ok(took > ms - 900 && took < ms + 600, `${ms} ms of speech took ${took} ms`);
  assert.ok(deltas.every((e) => Buffer.from(e.delta, 'base64').length <= 800));
  const done = c.events.at(-1).response;
  assert.equal(done.status, 'completed');
  assert.ok(done.usage.total_tokens > 0);
  assert.match(c.events.find((e) => e.type === 'response.output_audio_transcript.done').transcript, /Harwick Plumbing/);
  c.emitter.close();
});

test('a whole call of real recorded speech and keys ends in a callback', async () => {
  const c = await configured(official);
  const mic = microphone(c);
  const said = [];
  const answer = async (output = { ok: true }) => {
    const call = await c.type('response.function_call_arguments.done');
    await c.type('response.done');
    c.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call.call_id, output: JSON.stringify(output) } });
    c.send({ type: 'response.create' });
    return { name: call.name, ...JSON.parse(call.arguments) };
  };
  const spoken = async () => { said.push(await transcript(c)); await c.type('response.done'); await sleep(450); };
  const hears = async (name) => {
    mic.say(name);
    return (await c.type('conversation.item.input_audio_transcription.completed')).transcript;
  };
  try {
    c.send({ type: 'response.create' });
    await spoken();
    assert.equal(await hears('leave_a_message'), 'leave a message');
    await spoken();
    assert.match(said.at(-1), /your name/);
    assert.equal(await hears('charlie'), 'charlie');
    assert.deepEqual(await answer(), { name: 'Charlie', reason: 'a message to pass on' });
    await spoken();
    assert.match(said.at(-1), /4 1 5, 5 5 5, 0 1 3 4/);
    assert.equal(await hears('no'), 'no');
    await spoken();
    assert.equal(await hears('number_4155550199'), 'four one five five five five zero one nine nine');
    await spoken();
    assert.match(said.at(-1), /4 1 5, 5 5 5, 0 1 9 9/);
    c.send(typed('[keys] 1'));
    c.send({ type: 'response.create' });
    await spoken();
    assert.equal(await hears('tomorrow'), 'tomorrow');
    await spoken();
    assert.match(said.at(-1), /Charlie.*tomorrow.*Is that right/);
    c.send(typed('[keys] 1#'));
    c.send({ type: 'response.create' });
    const call = await answer();
    assert.equal(call.number, '+14155550199');
    assert.equal(call.when_text, 'tomorrow');
    assert.equal(call.urgency, 'normal');
    await spoken();
    assert.match(said.at(-1), /^Done\./);
    assert.equal(await hears('no'), 'no');
    const end = await answer();
    assert.equal(end.outcome, 'completed');
  } finally {
    mic.stop();
    c.emitter.close();
  }
});

test('openai: barge-in cancels, truncate is honoured, a second response.create is refused', async () => {
  const c = await configured(official);
  const mic = microphone(c);
  c.send({ type: 'response.create' });
  c.send({ type: 'response.create', event_id: 'second' });
  const refused = await c.type('error');
  assert.equal(refused.error.code, 'conversation_already_has_active_response');
  assert.equal(refused.error.event_id, 'second');
  const first = await c.type('response.output_audio.delta');
  await sleep(800);
  mic.say('speak_with_a_representative');
  await c.type('input_audio_buffer.speech_started');
  const done = await c.type('response.done');
  assert.equal(done.response.status, 'cancelled');
  assert.equal(done.response.status_details.reason, 'turn_detected');
  c.send({ type: 'conversation.item.truncate', item_id: first.item_id, content_index: 0, audio_end_ms: 700 });
  assert.equal((await c.type('conversation.item.truncated')).audio_end_ms, 700);
  const call = await c.type('response.function_call_arguments.done', 15000);
  assert.equal(call.name, 'transfer_to_owner');
  mic.stop();
  c.emitter.close();
});

test('agents-realtime: session, greeting, tool call, interruption', async () => {
  const called = [];
  const log = tool({
    name: 'log_caller_info', description: 'note the caller',
    parameters: z.object({ name: z.string().nullish(), reason: z.string().nullish() }),
    execute: async (args) => { called.push(args); return JSON.stringify({ ok: true }); },
  });
  const agent = new RealtimeAgent({ name: 'desk', instructions, tools: [log] });
  const transport = new OpenAIRealtimeWebSocket({ url: `ws://127.0.0.1:${port}/v1/realtime?model=offline` });
  const s = new RealtimeSession(agent, { transport, tracingDisabled: true, config: { audio: { output: { voice: 'marin' } } } });
  const errors = [];
  let bytes = 0, interrupted = 0;
  s.on('error', (e) => errors.push(e));
  s.on('audio', (e) => { bytes += e.data.byteLength; });
  s.on('audio_interrupted', () => { interrupted++; });
  const seen = record(transport, (on) => transport.on('*', on), null);
  await s.connect({ apiKey: 'none' });
  transport.sendEvent({ type: 'response.create' });
  await seen.type('response.done');
  assert.ok(bytes > 3 * 48000, `${bytes} bytes of 24 kHz audio`);
  s.sendMessage('drain cleaning');
  assert.match(await transcript(seen), /your name/);
  await seen.type('response.done');
  s.sendMessage('charlie');
  assert.match(await transcript(seen), /Thank you, Charlie/);
  assert.match((await seen.type('response.output_audio_transcript.delta')).delta, /^Shall/); // in step with the audio
  assert.deepEqual(called, [{ name: 'Charlie', reason: 'drain cleaning' }]);
  s.interrupt();
  await seen.next((e) => e.type === 'response.done' && e.response.status === 'cancelled', 'cancelled response');
  assert.ok(interrupted > 0);
  await sleep(200);
  assert.deepEqual(errors.map((e) => JSON.stringify(e)), []);
  s.close();
});

// Ten businesses, so that no session finds another's words, grammars or models in a cache.
const THINGS = ['boiler', 'gutter', 'chimney', 'granite', 'walnut', 'carpet', 'lantern', 'velvet', 'copper', 'marble', 'shutter', 'hedge',
  'pergola', 'skylight', 'terrace', 'plaster', 'parquet', 'ceramic', 'awning', 'gazebo', 'fountain', 'turbine', 'gearbox', 'compressor',
  'generator', 'radiator', 'thermostat', 'sprinkler', 'hydrant', 'conveyor'];
const DEEDS = ['repair', 'inspection', 'installation', 'cleaning', 'painting', 'polishing', 'removal', 'delivery', 'rental', 'tuning'];
const NAMES = ['Quentin', 'Bartholomew', 'Ximena', 'Oswald', 'Philippa', 'Ludmila', 'Thaddeus', 'Gwendolyn', 'Ignatius', 'Persephone'];
const business = (i) => ({
  instructions: `You answer the phone.\nFACTS\n${JSON.stringify({
    ...facts, business: `${THINGS[i]} and sons`, owner: NAMES[i], people: [NAMES[i]], emergencies: [`${THINGS[i + 10]} fire`],
    services: [...Array.from({ length: 6 }, (_, k) => `${THINGS[(i * 3 + k) % 30]} ${DEEDS[(i + k) % 10]}`), `zorbly${'abcdefghij'[i]} tuning`],
  })}\n`,
});

test('ten sessions of ten businesses at once: none holds up another', async (t) => {
  // one that speaks on and on, and one that asks for new words again and again
  const speaker = await configured(raw);
  const asker = await configured(raw);
  const firstWords = async (c, words) => {
    const from = performance.now();
    c.send({ type: 'response.create', response: { instructions: `Say: ${words}` } });
    const e = await c.type('response.output_audio.delta');
    return { c, ms: e.at_ms - from };
  };
  const many = await Promise.all(Array.from({ length: 10 }, (_, i) => configured(raw, business(i))));
  const mics = many.map(microphone);
  try {
    await Promise.all(many.map(async (c, i) => {
      c.send({ type: 'response.create', response: { instructions: `Say: This is line ${i}.` } });
      const deltas = [];
      let words = '';
      for (let e; (e = await c.next((x) => /^response\.(done|output_audio(_transcript)?\.delta)$/.test(x.type), 'audio')).type !== 'response.done';)
        if (e.type.includes('transcript')) words += e.delta;
        else deltas.push(e);
      assert.equal(words, `This is line ${i}.`);
      const gaps = deltas.slice(1).map((e, k) => e.at_ms - deltas[k].at_ms);
      assert.ok(Math.max(0, ...gaps) < 600, `line ${i}: a gap of ${Math.max(...gaps)} ms`);
    }));
    many.forEach((c) => c.send({ type: 'response.create' }));
    await Promise.all(many.map((c) => c.type('response.done', 90000)));
    await firstWords(speaker, Array.from({ length: 40 }, (_, k) => `Sentence number ${k} is about the ${THINGS[k % 30]} of a man.`).join(' '));
    mics.forEach((m) => m.say('leave_a_message'));
    await Promise.all(many.map((c) => c.type('input_audio_buffer.committed')));
    const from = performance.now();
    let hearing = true;
    const asked = [];
    const asking = (async () => {
      while (hearing) {
        asked.push((await firstWords(asker, `Number ${asked.length} is a ${THINGS[asked.length % 30]}.`)).ms);
        await asker.type('response.done');
      }
    })();
    const heard = await Promise.all(many.map((c) => c.type('conversation.item.input_audio_transcription.completed', 120000)));
    hearing = false;
    await asking;
    assert.deepEqual(heard.map((e) => e.transcript), Array(10).fill('leave a message'));
    const during = speaker.events.filter((e) => e.type === 'response.output_audio.delta' && e.at_ms >= from && e.at_ms <= Math.max(...heard.map((h) => h.at_ms)));
    const gap = Math.max(...during.slice(1).map((e, k) => e.at_ms - during[k].at_ms));
    const wait = Math.max(...asked), all = Math.max(...heard.map((e) => e.at_ms)) - from;
    t.diagnostic(`ten heard in ${Math.round(all)} ms; largest gap of one who speaks ${Math.round(gap)} ms; new words after ${Math.round(wait)} ms at worst of ${asked.length}`);
    assert.ok(during.length > 5 && asked.length > 0);
    assert.ok(gap < 600, `a gap of ${gap} ms in what a session says while others are heard`); // audio is sent 400 ms ahead
    assert.ok(wait < 5000, `new words only after ${wait} ms while others are heard`); // on any machine; who waits for whom: tests/unit/test_pool.c
  } finally {
    mics.forEach((m) => m.stop());
    [...many, speaker, asker].forEach((c) => c.emitter.close());
  }
});

test('openai: items stand where the client puts them; behind an unknown one is an error', async () => {
  const c = await configured(official);
  const put = (id, previous_item_id) => c.send({ ...typed(`words of ${id}`), event_id: `ev_${id}`, previous_item_id, item: { ...typed(`words of ${id}`).item, id } });
  for (const [id, previous, behind] of [['b', undefined, null], ['a', 'root', null], ['c', 'b', 'b'], ['x', 'a', 'a']]) {
    put(id, previous);
    for (const type of ['conversation.item.added', 'conversation.item.done']) {
      const e = await c.type(type);
      assert.deepEqual([e.item.id, e.previous_item_id], [id, behind]);
    }
  }
  put('y', 'nobody');
  const { error } = await c.type('error');
  assert.deepEqual([error.type, error.code, error.event_id], ['invalid_request_error', 'item_create_invalid_previous_item_id', 'ev_y']);
  c.send({ type: 'conversation.item.retrieve', item_id: 'y' });
  assert.equal((await c.type('error')).error.code, 'item_not_found');
  c.send({ type: 'response.create' }); // to what was said last, and behind it
  const answer = await c.type('conversation.item.added');
  assert.equal(answer.previous_item_id, 'c');
  assert.equal((await c.type('conversation.item.done', 20000)).previous_item_id, 'c');
  c.emitter.close();
});

test('nonsense is answered by error and the session lives on', async () => {
  const c = await raw();
  const refuses = async (message, code) => {
    c.send(message);
    const e = await c.type('error');
    assert.equal(e.error.code, code);
    return e.error;
  };
  await refuses('{', 'invalid_json');
  await refuses('[]', 'invalid_json');
  await refuses('"text"', 'invalid_json');
  assert.equal((await refuses({ type: 'make.tea', event_id: 'e1' }, 'invalid_value')).event_id, 'e1');
  await refuses({ type: 'session.update', event_id: 'e2', session: { type: 'realtime', output_modalities: ['smell'] } }, 'invalid_value');
  await refuses({ type: 'conversation.item.retrieve', item_id: 'nobody' }, 'item_not_found');
  await refuses({ type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty');
  await refuses(JSON.stringify({ type: 'conversation.item.create', item: { text: 'x'.repeat(5 << 20) } }), 'message_too_long');
  c.emitter.send(Buffer.from([0, 1, 2, 255])); // a binary frame
  assert.equal((await c.type('error')).error.code, 'invalid_json');
  c.send({ type: 'session.update', session });
  await c.type('session.updated');
  c.emitter.close();
});

// ---- the second door: single requests -------------------------------------------------------------

const client = () => new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
const file = (name) => new File([fs.readFileSync(path.join(root, 'tests/audio', `${name}.wav`))], `${name}.wav`);

test('the official client has a recording written down, and a text spoken', async () => {
  const words = await client().audio.transcriptions.create({ file: file('leave_a_message'), model: 'gpt-transcribe' });
  assert.match(words.text, /leave a message/);
  const plain = await client().audio.transcriptions.create({ file: file('tomorrow'), model: 'x', response_format: 'text', expect: 'when' });
  assert.equal(String(plain).trim(), 'tomorrow');
  const spoken = await client().audio.speech.create({ model: 'x', voice: 'marin', input: 'Leave a message. Thank you.', response_format: 'wav' });
  assert.equal(spoken.headers.get('content-type'), 'audio/wav');
  const wav = Buffer.from(await spoken.arrayBuffer());
  assert.equal(wav.readUInt32LE(24), 8000);
  assert.equal(wav.readUInt32LE(40), wav.length - 44);
  assert.ok(wav.length > 16000 && wav.length < 100000);
});

test('a long recording is heard piece by piece, and words worth hearing are heard', async () => {
  const parts = ['leave_a_message', 'goodbye', 'leave_a_message', 'goodbye'].map((n) => fs.readFileSync(path.join(root, 'tests/audio', `${n}.wav`)).subarray(44));
  const pause = Buffer.alloc(16000 * 3);
  const pcm = Buffer.concat(parts.flatMap((p) => [p, pause]));
  const head = Buffer.from(fs.readFileSync(path.join(root, 'tests/audio/goodbye.wav')).subarray(0, 44));
  head.writeUInt32LE(pcm.length, 40);
  assert.ok(pcm.length / 16000 > 16, 'longer than one piece');
  const words = await client().audio.transcriptions.create({ file: new File([head, pcm], 'long.wav'), model: 'x', prompt: 'Leave a message, goodbye' });
  assert.ok(words.text.split('message').length >= 2, words.text);
});

test('what cannot be heard or spoken is told in its own shape', async () => {
  const post = async (where, body, headers = {}) => {
    const res = await fetch(`http://127.0.0.1:${port}${where}`, { method: 'POST', body, headers });
    return { status: res.status, message: (await res.json().catch(() => ({}))).error?.message };
  };
  const form = (...pairs) => { const f = new FormData(); for (const [k, v] of pairs) f.append(k, v); return f; };
  const hear = '/v1/audio/transcriptions', speak = '/v1/audio/speech';
  assert.deepEqual(await post(hear, form(['model', 'x'])), { status: 400, message: 'file is missing.' });
  assert.deepEqual(await post(hear, form(['file', new File(['no sound'], 'a.wav')])), { status: 400, message: 'This is not a WAV file.' });
  assert.equal((await post(hear, 'words')).status, 415);
  assert.deepEqual(await post(speak, '{}'), { status: 400, message: 'input is missing.' });
  assert.deepEqual(await post(speak, 'x'), { status: 400, message: 'The body must be a JSON object.' });
  assert.deepEqual(await post(speak, JSON.stringify({ input: 'a', response_format: 'mp3' })), { status: 400, message: 'response_format must be wav.' });
  assert.equal((await post(speak, JSON.stringify({ input: 'a'.repeat(5000) }))).status, 400);
  assert.equal((await fetch(`http://127.0.0.1:${port}${speak}`)).status, 405);
  assert.equal((await fetch(`http://127.0.0.1:${port}/v1/audio/else`, { method: 'POST', body: 'x' })).status, 404);
});

test('who leaves in the middle of a request harms nobody', async () => {
  const cut = (text, ms) => new Promise((done) => {
    const s = net.connect(port, '127.0.0.1', () => { s.write(text); setTimeout(() => { s.destroy(); done(); }, ms); });
    s.on('error', done);
  });
  const body = JSON.stringify({ input: 'This is a long text. '.repeat(40) });
  const head = (n) => `POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nContent-Length: ${n}\r\n\r\n`;
  await Promise.all([cut(head(1000), 50), cut(head(body.length) + body, 30), cut(head(body.length) + body.slice(0, 50), 30), cut('POST /v1/audio/speech HTTP/1.1\r\n', 30)]);
  const spoken = await client().audio.speech.create({ model: 'x', voice: 'x', input: 'Still here.', response_format: 'wav' });
  assert.equal(spoken.status, 200);
});

test('a wrong path is refused before the upgrade', async () => {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/somewhere`);
  const status = await new Promise((done) => {
    ws.on('unexpected-response', (req, res) => { done(res.statusCode); req.destroy(); });
    ws.on('open', () => done('open'));
    ws.on('error', () => done('error'));
  });
  assert.equal(status, 404);
  ws.terminate();
});
