// A stand-in for Frontdesk's server side, for testing the phone simulator: serves TwiML documents
// and a media WebSocket, and checks every signature with Twilio's own library.
//
//   const fake = await twimlServer({ pages: { '/voice/incoming': '<Say>Hi</Say>' } });
//   fake.url, fake.requests, fake.streams, await fake.close()
// tls: {key, cert} serves https and wss; fake.names are then those asked for in the handshakes.
//
// A page is a string (put inside <Response> unless it begins with "<?xml" or "<Response"), an object
// {status, type, body, headers, delay}, or a function (fields, request) returning one of these.
import http from 'node:http';
import https from 'node:https';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import twilio from 'twilio';
import { WebSocketServer } from 'ws';

export const TOKEN = 'practice-token';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// One media stream seen from the server.
class Stream extends EventEmitter {
  constructor(ws, request, sigOk) {
    super();
    this.ws = ws;
    this.sigOk = sigOk;
    this.path = request.url;
    this.headers = request.headers;
    this.messages = []; // everything but media
    this.media = []; // {at, chunk, timestamp, sequence, loud}
    this.received = Buffer.alloc(0);
    this.marks = []; // {name, at}
    this.keys = '';
    this.closed = false;
    this.opened = Date.now();
    ws.on('message', (data, binary) => this.#message(data, binary));
    ws.on('close', (code) => {
      this.closed = true;
      this.code = code;
      this.emit('close', code);
    });
  }

  #message(data, binary) {
    if (binary) throw new Error('binary message from the simulator');
    const m = JSON.parse(data.toString());
    const at = Date.now();
    if (m.event === 'media') {
      const bytes = Buffer.from(m.media.payload, 'base64');
      this.received = Buffer.concat([this.received, bytes]);
      this.media.push({
        at, chunk: m.media.chunk, timestamp: m.media.timestamp, sequence: m.sequenceNumber,
        track: m.media.track, bytes: bytes.length, loud: bytes.some((b) => b !== 0xff && b !== 0x7f),
      });
    } else {
      this.messages.push(m);
    }
    if (m.event === 'start') {
      this.start = m;
      this.sid = m.start.streamSid;
    }
    if (m.event === 'mark') this.marks.push({ name: m.mark.name, at });
    if (m.event === 'dtmf') this.keys += m.dtmf.digit;
    if (m.event === 'stop') this.stop = m;
    this.emit(m.event, m, at);
  }

  send(object) {
    if (this.ws.readyState === 1) this.ws.send(JSON.stringify(object));
  }

  // ms of a 400 Hz tone, all at once, in messages of 100 ms
  play(ms, message = 100) {
    for (let left = ms; left > 0; left -= message) {
      const payload = tone(Math.min(left, message)).toString('base64');
      this.send({ event: 'media', streamSid: this.sid, media: { payload } });
    }
  }

  mark(name) {
    this.send({ event: 'mark', streamSid: this.sid, mark: { name } });
  }

  clear() {
    this.send({ event: 'clear', streamSid: this.sid });
  }

  close(code = 1000) {
    this.ws.close(code);
  }
}

// µ-law of a loud 400 Hz square wave: 20 samples a period
export function tone(ms) {
  const bytes = Buffer.alloc(ms * 8);
  for (let i = 0; i < bytes.length; i++) bytes[i] = i % 20 < 10 ? 0x90 : 0x10;
  return bytes;
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function documentOf(page) {
  const text = page.body ?? '';
  if (page.raw || /^\s*<(\?xml|Response)/.test(text) || page.type) return text;
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${text}</Response>`;
}

export async function twimlServer({ pages = {}, onStream = () => {}, publicUrl, token = TOKEN, tls } = {}) {
  const fake = { pages, requests: [], streams: [], onStream };
  const serve = async (request, response) => {
    const text = await body(request);
    const [path, query = ''] = request.url.split('?');
    const fields = Object.fromEntries(new URLSearchParams(request.method === 'POST' ? text : query));
    const seen = {
      method: request.method, path, query, fields, headers: request.headers, at: Date.now(),
      sigOk: twilio.validateRequest(token, request.headers['x-twilio-signature'] ?? '',
        fake.public + request.url, request.method === 'POST' ? fields : {}),
    };
    fake.requests.push(seen);
    let page = fake.pages[path];
    if (typeof page === 'function') page = await page(fields, seen);
    if (page === undefined) page = { status: 404, type: 'text/plain', body: 'no such page' };
    if (typeof page === 'string') page = { body: page };
    if (page.delay) await sleep(page.delay);
    response.writeHead(page.status ?? 200, { 'content-type': page.type ?? 'text/xml', ...page.headers });
    response.end(Buffer.isBuffer(page.body) ? page.body : documentOf(page));
  };
  const server = tls ? https.createServer(tls, serve) : http.createServer(serve);
  fake.names = [];
  server.on('secureConnection', (socket) => fake.names.push(socket.servername));
  const wss = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const refuse = fake.refuse?.(request);
    if (refuse) {
      socket.end(`HTTP/1.1 ${refuse} Refused\r\nconnection: close\r\n\r\n`);
      return;
    }
    const url = fake.public.replace(/^http/, 'ws') + request.url;
    const sig = request.headers['x-twilio-signature'] ?? '';
    wss.handleUpgrade(request, socket, head, (ws) => {
      const stream = new Stream(ws, request, twilio.validateRequest(token, sig, url, {}));
      fake.streams.push(stream);
      stream.once('start', () => fake.onStream(stream));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  fake.url = `${tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}`;
  fake.public = publicUrl ?? fake.url;
  fake.ws = fake.public.replace(/^http/, 'ws');
  fake.paths = () => fake.requests.map((r) => r.path);
  fake.of = (path) => fake.requests.filter((r) => r.path === path);
  fake.close = async () => {
    for (const s of fake.streams) s.ws.terminate();
    server.closeAllConnections?.();
    server.close();
  };
  return fake;
}
