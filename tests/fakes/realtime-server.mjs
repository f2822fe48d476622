// A stand-in for a Realtime server (OpenAI, Azure, our own `speech`), for end-to-end tests.
// Every client event is checked against the strict schema of OpenAI's own document, and what the
// server would refuse is refused. Answers and faults are scripted:
//
//   const server = await startRealtime({ answers: [{ say: 'Hello' }, { tool: 'end_call', args: {} }] });
//   const session = await server.session();      // the next one that connects
//   await session.caller('I need a plumber');    // speech_started … transcript, then the next answer
//
// An answer: { say, ms } { say, audio: µ-law } { tool, args } (both: words, then the call) { tools: [{tool,args}] }
//   { status: 'incomplete', reason } { fail: code, message } { stall: true } { drop: true } { raw: [text, …] } { error: {…} } { deltas: n, each: ms }
//   say with dropAfter: ms or stallAfter: ms (of its audio)
// Options: refuse: [401, 503, …] (HTTP status for the first connections; 0 = the socket is cut),
//   dropOn: 'session.update' (also { event, nth, code }: the n-th of them; code = with a close frame),
//   dropAfter (ms of life), connectDelay (ms before the upgrade is answered), sessions: [{…}, …] (options
//   of the first, second … session, over the common ones), expiresIn (s), duplicate (all is sent twice),
//   interrupts (true, or false for never, whatever the session says), refuseTruncate, tls: {key, cert}, noUpdated, updatedDelay (ms), format (of session.updated), onEvent(session, event), autoAnswer.
// Faults at any moment: server.refuseNext(n, status), session.stop() (reads on, says nothing more),
//   session.malformed() .giant() .binary() .unknown() .disorder() .burst(n).
// Alone: node realtime-server.mjs [--port N] [--say TEXT]…
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import { WebSocketServer } from 'ws';

const here = dirname(fileURLToPath(import.meta.url));
const schema = JSON.parse(readFileSync(join(here, '../data/realtime-client-strict.json'), 'utf8'));
// "any string, or auto, or none": the document says oneOf, so that "none" would be wrong by fitting both
const { conversation } = schema.$defs.RealtimeResponseCreateParams.properties;
conversation.anyOf = conversation.oneOf;
delete conversation.oneOf;
export const ajv = new Ajv({ strict: false, allErrors: false, logger: false });
ajv.addSchema(schema);
export const valid = ajv.compile({ $ref: `${schema.$id}#/$defs/RealtimeClientEvent` });

// µ-law of a 440 Hz tone
function ulaw(sample) {
  const sign = sample < 0 ? 0x80 : 0;
  let s = Math.min(32635, Math.abs(sample)) + 132;
  let exponent = 7;
  for (let mask = 0x4000; exponent > 0 && !(s & mask); mask >>= 1) exponent -= 1;
  return ~(sign | (exponent << 4) | ((s >> (exponent + 3)) & 0x0f)) & 0xff;
}
export function tone(ms, from = 0) {
  const out = Buffer.alloc(ms * 8);
  for (let i = 0; i < out.length; i += 1) {
    out[i] = ulaw(Math.round(8000 * Math.sin((2 * Math.PI * 440 * (from + i)) / 8000)));
  }
  return out;
}

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
let counter = 0;
const newId = (prefix) => `${prefix}_${(counter += 1).toString(36)}${Math.random().toString(36).slice(2, 8)}`;

class Session {
  constructor(server, ws, request) {
    Object.assign(this, { server, ws, url: request.url, headers: request.headers, at: Date.now() });
    this.options = { ...server.options, ...server.options.sessions?.[server.sessions.length] };
    this.counts = {};
    this.events = []; // client events but appends, {at, …}
    this.refusals = []; // codes of errors
    this.problems = []; // what the schema or the protocol refuses
    this.appended = 0; // bytes
    this.appends = [];
    this.items = new Map(); // id → {type, bytes, deleted}
    this.session = { id: newId('sess'), type: 'realtime', object: 'realtime.session' };
    this.active = null;
    this.answers = [...(this.options.answers ?? [])];
    this.waiters = [];
    this.closed = new Promise((resolve) => { ws.once('close', (code) => { this.closedAt = Date.now(); resolve(code); this.wake(); }); });
    ws.on('message', (data, binary) => this.receive(data, binary));
    ws.on('error', () => {});
    if (this.options.expiresIn) this.session.expires_at = Math.floor(Date.now() / 1000) + this.options.expiresIn;
    if (this.options.dropAfter) setTimeout(() => ws.terminate(), this.options.dropAfter).unref();
    this.send('session.created', { session: this.session });
  }

  send(type, fields = {}) { this.raw(JSON.stringify({ type, event_id: newId('event'), ...fields })); }
  raw(text) {
    if (this.ws.readyState !== 1 || this.stopped) return;
    this.ws.send(text);
    if (this.options.duplicate) this.ws.send(text);
  }

  // ---- faults ----
  stop() { this.stopped = true; }
  malformed(n = 1) { for (let i = 0; i < n; i += 1) this.raw('{"type":"response.done",'); }
  giant(bytes = 5 << 20) { this.raw(`{"type":"noise","x":"${'y'.repeat(bytes)}"}`); }
  binary(n = 100) { this.ws.send(Buffer.alloc(n, 7)); }
  unknown() { for (const type of ['tomorrow.event', 'response.hologram.delta', 'session.updated', 'response.created.v2']) this.send(type, { x: [1, { y: null }] }); }

  // Words and audio before what announces them, the end twice, and the end of what never was.
  disorder(text = 'out of order') {
    const r = newId('resp');
    const i = newId('item');
    const base = { response_id: r, item_id: i, output_index: 0, content_index: 0 };
    this.items.set(i, { type: 'message', bytes: 1600, spoken: true });
    this.send('response.done', { response: { id: 'resp_never', status: 'completed', output: [] } });
    this.send('response.output_audio.delta', { ...base, delta: tone(200).toString('base64') });
    this.send('response.output_item.added', { response_id: r, output_index: 0, item: { id: i, type: 'message', role: 'assistant', content: [] } });
    this.send('response.output_audio_transcript.done', { ...base, transcript: text });
    this.send('response.created', { response: { id: r, status: 'in_progress', output: [] } });
    this.send('response.output_audio_transcript.delta', { ...base, delta: 'late' });
    for (let k = 0; k < 2; k += 1) this.send('response.done', { response: { id: r, status: 'completed', output: [] } });
    this.send('conversation.item.truncated', { item_id: 'item_never', content_index: 0, audio_end_ms: 1 });
    return i;
  }

  // What was said before this session, as it was told.
  told() {
    return this.of('conversation.item.create').filter((e) => e.item.type !== 'message' || e.item.role !== 'system')
      .map(({ item }) => (item.type === 'message' ? `${item.role}: ${item.content[0].text}` : `${item.type}: ${item.name ?? item.output}`));
  }
  notes() { return this.of('conversation.item.create').filter((e) => e.item.role === 'system').map((e) => e.item.content[0].text); }

  refuse(code, message, event, type = 'invalid_request_error') {
    this.refusals.push(code);
    this.send('error', { error: { type, code, message, param: null, event_id: event?.event_id ?? null } });
  }
  wake() { for (const w of this.waiters.splice(0)) w(); }

  async until(test, what = 'condition', ms = 15000) {
    const end = Date.now() + ms;
    while (!test(this)) {
      if (Date.now() > end) {
        throw new Error(`realtime session: ${what} not within ${ms} ms; got ${this.events.map((e) => e.type).join(' ')}`);
      }
      await new Promise((resolve) => { this.waiters.push(resolve); setTimeout(resolve, 20); });
    }
    return this;
  }
  of(type) { return this.events.filter((e) => e.type === type); }

  receive(data, binary) {
    let event;
    if (binary) this.problems.push('binary frame');
    try { event = JSON.parse(data.toString()); } catch { this.problems.push('not JSON'); return; }
    if (!valid(event)) {
      this.problems.push(`${event.type}: ${ajv.errorsText(valid.errors).slice(0, 400)}`);
    }
    if (event.type === 'input_audio_buffer.append') {
      const bytes = Buffer.from(event.audio, 'base64');
      this.appended += bytes.length;
      if (this.options.keepAudio) this.appends.push(bytes);
      this.wake();
      return;
    }
    this.events.push({ at: Date.now(), ...event });
    this.server.options.onEvent?.(this, event);
    this.counts[event.type] = (this.counts[event.type] ?? 0) + 1;
    const drop = typeof this.options.dropOn === 'string' ? { event: this.options.dropOn } : this.options.dropOn;
    if (drop?.event === event.type && (drop.nth ?? this.counts[event.type]) === this.counts[event.type]) {
      if (drop.code) this.ws.close(drop.code, 'as told'); else this.ws.terminate();
      this.wake();
      return;
    }
    if (this.stopped) { this.wake(); return; }
    this.handlers[event.type]?.call(this, event);
    this.wake();
  }

  handlers = {
    'session.update': async function (e) {
      if (this.options.noUpdated) return;
      if (this.options.sessionError) { this.refuse(this.options.sessionError, 'no', e); return; }
      await sleep(this.options.updatedDelay ?? 5);
      this.session = { ...this.session, ...e.session };
      if (this.options.format) {
        this.session = structuredClone(this.session);
        this.session.audio.output.format = this.options.format;
      }
      this.send('session.updated', { session: this.session });
    },
    'response.create': function (e) { this.respond(e); },
    'response.cancel': function (e) {
      if (!this.active) this.refuse('response_cancel_not_active', 'Cancellation failed: no active response found', e);
      else this.cancel('client_cancelled');
    },
    'conversation.item.create': function (e) {
      const item = { object: 'realtime.item', status: 'completed', ...e.item, id: e.item.id ?? newId('item') };
      this.items.set(item.id, { ...item, bytes: 0 });
      this.send('conversation.item.added', { item, previous_item_id: null });
      this.send('conversation.item.done', { item, previous_item_id: null });
    },
    'conversation.item.truncate': function (e) {
      const item = this.items.get(e.item_id);
      if (!item) { this.refuse('item_truncate_invalid_item_id', 'no such item', e); return; }
      if (this.server.options.refuseTruncate) { this.refuse('invalid_value', 'no', e); return; }
      if (!item.spoken) { this.refuse('invalid_value', 'Only model output audio messages can be truncated', e); return; }
      if (e.audio_end_ms > item.bytes / 8) {
        this.problems.push(`truncate: Audio content of ${item.bytes / 8}ms is already shorter than ${e.audio_end_ms}ms`);
        this.refuse('invalid_value', 'Audio content is already shorter', e);
        return;
      }
      item.truncated = e.audio_end_ms;
      this.send('conversation.item.truncated', { item_id: e.item_id, content_index: 0, audio_end_ms: e.audio_end_ms });
    },
    'conversation.item.delete': function (e) {
      const item = this.items.get(e.item_id);
      if (!item) { this.refuse('item_delete_invalid_item_id', 'no such item', e); return; }
      item.deleted = true;
      this.send('conversation.item.deleted', { item_id: e.item_id });
    },
  };

  // ---- the caller, as the server hears them ----
  audioMs() { return Math.floor(this.appended / 8); }

  speechStarted() {
    this.userItem = newId('item');
    this.send('input_audio_buffer.speech_started', { item_id: this.userItem, audio_start_ms: this.audioMs() });
    const turns = this.session.audio?.input?.turn_detection ?? this.session.turn_detection;
    if (this.active && (this.server.options.interrupts ?? turns?.interrupt_response !== false)) this.cancel('turn_detected');
    return this.userItem;
  }

  speechStopped(transcript) {
    const item_id = this.userItem;
    this.send('input_audio_buffer.speech_stopped', { item_id, audio_end_ms: this.audioMs() });
    this.send('input_audio_buffer.committed', { item_id, previous_item_id: null });
    this.items.set(item_id, { type: 'message', bytes: 0 });
    this.send('conversation.item.added', { previous_item_id: null,
      item: { id: item_id, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content: [{ type: 'input_audio', transcript: null }] } });
    if (transcript !== undefined) {
      this.send('conversation.item.input_audio_transcription.completed', { item_id, content_index: 0, transcript,
        usage: { type: 'duration', seconds: 1 } });
    }
  }

  // Speak for ms, then (unless autoAnswer is false) the next answer comes by itself.
  async caller(transcript, { ms = 200, answer = true } = {}) {
    this.speechStarted();
    await sleep(ms);
    this.speechStopped(transcript);
    if (answer) return this.respond(null);
    return undefined;
  }

  // ---- our answers ----
  cancel(reason) {
    const r = this.active;
    if (!r) return;
    r.cancelled = reason;
    this.finish(r, 'cancelled', { type: 'cancelled', reason });
  }

  finish(r, status, details = null) {
    if (this.active !== r) return;
    this.active = null;
    if (status === 'completed' && r.spoken) this.spokenToTheEnd = (this.spokenToTheEnd ?? 0) + 1;
    this.send('response.done', { response: { id: r.id, object: 'realtime.response', status, status_details: details,
      output: [], metadata: r.metadata, usage: { total_tokens: 10, input_tokens: 5, output_tokens: 5 } } });
    this.wake();
  }

  next(event) {
    const asked = event?.response?.instructions ?? '';
    if (asked.startsWith('Say: ')) return { say: this.options.greetingSay ?? asked.slice(5), ms: this.options.greetingMs ?? 400 };
    if (asked) return { say: asked, ms: 300 };
    const a = this.answers.shift() ?? { say: 'I see.', ms: 200 };
    return typeof a === 'function' ? a(this, event) : a;
  }

  async respond(event) {
    if (this.active) {
      this.refuse('conversation_already_has_active_response', 'Conversation already has an active response', event);
      return;
    }
    const answer = this.next(event);
    if (answer.silent) return;
    if (answer.drop) { this.ws.terminate(); return; }
    const r = { id: newId('resp'), metadata: event?.response?.metadata ?? null,
      aside: event?.response?.conversation === 'none' };
    this.active = r;
    this.lastResponse = r;
    await sleep(answer.after ?? 1);
    if (this.active !== r) return;
    this.send('response.created', { response: { id: r.id, object: 'realtime.response', status: 'in_progress', status_details: null, output: [], metadata: r.metadata } });
    if (answer.stall) return;
    if (answer.fail) {
      this.finish(r, 'failed', { type: 'failed', error: { type: 'server_error', code: answer.fail, message: answer.message ?? 'no' } });
      return;
    }
    for (const text of answer.raw ?? []) this.raw(text);
    if (answer.say !== undefined || answer.deltas) await this.speak(r, answer);
    const calls = answer.tools ?? (answer.tool ? [{ tool: answer.tool, args: answer.args }] : []);
    for (const c of calls) this.callTool(r, c);
    if (answer.hold) await answer.hold;
    this.finish(r, answer.status ?? 'completed', answer.reason ? { type: answer.status, reason: answer.reason } : null);
  }

  async speak(r, { say = 'tone', ms, chunk = 100, pace = 5, deltas, each = 20, dropAfter, stallAfter, audio }) {
    const id = newId('item');
    const total = audio ? audio.length / 8 : deltas ? deltas * each : ms ?? 200 + say.length * 30;
    const step = deltas ? each : chunk;
    const item = { type: 'message', bytes: 0, spoken: true };
    const base = { response_id: r.id, item_id: id, output_index: 0, content_index: 0 };
    if (!r.aside) this.items.set(id, item);
    this.lastItem = id;
    r.spoken = total > 0;
    const open = { id, object: 'realtime.item', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    this.send('response.output_item.added', { response_id: r.id, output_index: 0, item: open });
    if (!r.aside) this.send('conversation.item.added', { previous_item_id: null, item: open });
    this.send('response.content_part.added', { ...base, part: { type: 'audio', transcript: '' } });
    const words = say.split(/(?<= )/);
    let said = 0;
    for (let at = 0; at < total && this.active === r; at += step) {
      const part = Math.min(step, total - at);
      item.bytes += part * 8;
      this.send('response.output_audio.delta', { ...base, delta: (audio?.subarray(at * 8, (at + part) * 8) ?? tone(part, at * 8)).toString('base64') });
      for (; said < words.length && said / words.length <= (at + part) / total; said += 1) {
        this.send('response.output_audio_transcript.delta', { ...base, delta: words[said] });
      }
      if (dropAfter !== undefined && at + part >= dropAfter) { this.ws.terminate(); return; }
      if (stallAfter !== undefined && at + part >= stallAfter) { this.stop(); return; }
      if (!deltas && pace) await sleep(pace);
    }
    const transcript = this.active === r ? say : words.slice(0, said).join('');
    this.send('response.output_audio.done', base);
    this.send('response.output_audio_transcript.done', { ...base, transcript });
    this.send('response.content_part.done', { ...base, part: { type: 'audio', transcript } });
    this.send('response.output_item.done', { response_id: r.id, output_index: 0,
      item: { ...open, status: this.active === r ? 'completed' : 'incomplete', content: [{ type: 'output_audio', transcript }] } });
  }

  callTool(r, { tool, args = {}, call_id = newId('call') }) {
    const id = newId('item');
    const text = typeof args === 'string' ? args : JSON.stringify(args);
    const item = { id, object: 'realtime.item', type: 'function_call', status: 'completed', name: tool, call_id, arguments: text };
    const base = { response_id: r.id, item_id: id, output_index: 1, call_id };
    this.items.set(id, { type: 'function_call', bytes: 0 });
    this.send('response.output_item.added', { response_id: r.id, output_index: 1, item: { ...item, status: 'in_progress', arguments: '' } });
    this.send('response.function_call_arguments.delta', { ...base, delta: text });
    this.send('response.function_call_arguments.done', { ...base, name: tool, arguments: text });
    this.send('response.output_item.done', { response_id: r.id, output_index: 1, item });
  }

  // What the conversation holds now: kinds in order.
  holds() {
    return [...this.items.values()].filter((i) => !i.deleted).map((i) => (i.spoken ? 'said' : i.type));
  }

  // Results the client gave to tools: parsed, in order.
  outputs() {
    return this.of('conversation.item.create').filter((e) => e.item.type === 'function_call_output')
      .map((e) => JSON.parse(e.item.output));
  }
}

export async function startRealtime(options = {}) {
  const server = { options, sessions: [], connections: 0, refused: [] };
  const answer = (req, res) => { res.statusCode = 426; res.end(); };
  const http = options.tls ? createTlsServer(options.tls, answer) : createServer(answer);
  const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 << 20 });
  const refuse = [...(options.refuse ?? [])];
  const waiting = [];
  const sockets = new Set();
  http.on('upgrade', (request, socket, head) => {
    server.connections += 1;
    socket.on('error', () => {});
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (options.hang) return; // accepted, never answered
    if (refuse.length) {
      const status = refuse.shift();
      server.refused.push({ status, headers: request.headers, at: Date.now() });
      if (!status) { socket.destroy(); return; }
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    setTimeout(() => wss.handleUpgrade(request, socket, head, (ws) => {
      const s = new Session(server, ws, request);
      server.sessions.push(s);
      for (const w of waiting.splice(0)) w();
    }), options.connectDelay ?? 0);
  });
  await new Promise((resolve) => { http.listen(options.port ?? 0, '127.0.0.1', resolve); });
  server.port = http.address().port;
  http.on('tlsClientError', () => { server.tlsErrors = (server.tlsErrors ?? 0) + 1; });
  server.url = options.tls ? `wss://localhost:${server.port}/v1/realtime?model=stand-in`
    : `ws://127.0.0.1:${server.port}/v1/realtime?model=stand-in`;
  let given = 0;
  server.session = async (ms = 15000) => {
    const end = Date.now() + ms;
    while (server.sessions.length <= given) {
      if (Date.now() > end) throw new Error('realtime server: no session came');
      await new Promise((resolve) => { waiting.push(resolve); setTimeout(resolve, 20); });
    }
    return server.sessions[given++];
  };
  server.refuseNext = (n = 1, status = 503) => refuse.splice(0, refuse.length, ...Array(Math.max(0, n)).fill(status));
  server.close = () => new Promise((resolve) => {
    for (const s of sockets) s.destroy();
    http.closeAllConnections?.();
    http.close(resolve);
    wss.close();
  });
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const value = (name) => process.argv.flatMap((a, i) => (a === name ? [process.argv[i + 1]] : []));
  const server = await startRealtime({ port: Number(value('--port')[0] ?? 0), answers: value('--say').map((say) => ({ say })) });
  console.log(`listening ${server.url}`);
}
