// Twilio's end of a media stream: sends 20 ms frames, plays what it gets in real time, returns marks
// when they are played or cleared. Keeps everything it got, and complains about what Twilio would.
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

// G.711 µ-law and linear samples
export function toLinear(u) {
  const v = ~u & 0xff;
  const s = ((((v & 0x0f) << 3) + 132) << ((v >> 4) & 7)) - 132;
  return v & 0x80 ? -s : s;
}
export function ulaw(sample) {
  const s = Math.min(32635, Math.abs(Math.round(sample))) + 132;
  const exponent = 24 - Math.clz32(s); // the highest bit is one of 7…14
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((s >> (exponent + 3)) & 0x0f)) & 0xff;
}

export const SILENCE = Buffer.alloc(160, 0xff).toString('base64');

export class TwilioPeer {
  constructor(url, { callSid, token, headers = {}, params, streamSid } = {}) {
    this.url = url;
    this.callSid = callSid ?? `CA${randomBytes(16).toString('hex')}`;
    this.streamSid = streamSid ?? `MZ${randomBytes(16).toString('hex')}`;
    this.params = params ?? (token === undefined ? {} : { token });
    this.headers = headers;
    this.sequence = 0;
    this.chunk = 0;
    this.got = []; // {at, event, …}
    this.problems = []; // what Twilio would end the call for (31924)
    this.playEnd = 0;
    this.played = 0; // ms of audio really played
    this.pending = []; // marks not yet returned
    this.says = []; // µ-law frames still to be sent
    this.heardPcm = []; // what is played to the caller, by sample since begin(); kept for the echo
    this.waiters = [];
    this.closed = new Promise((resolve) => { this.onClosed = resolve; });
  }

  open() {
    return new Promise((resolve, reject) => {
      this.ws = new WebSocket(this.url, { headers: this.headers, perMessageDeflate: false });
      this.ws.once('open', () => { this.openedAt = Date.now(); resolve(this); });
      this.ws.once('unexpected-response', (req, res) => {
        reject(Object.assign(new Error(`HTTP ${res.statusCode}`), { status: res.statusCode }));
        req.destroy();
      });
      this.ws.once('error', reject);
      this.ws.on('message', (data) => this.receive(data));
      this.ws.once('close', (code) => {
        this.closedAt = Date.now();
        clearInterval(this.frames);
        for (const p of this.pending) clearTimeout(p.timer);
        this.onClosed(code);
        this.wake();
      });
    });
  }

  raw(text) { if (this.ws.readyState === WebSocket.OPEN) this.ws.send(text); }
  send(message) { this.raw(JSON.stringify(message)); }

  connected() { this.send({ event: 'connected', protocol: 'Call', version: '1.0.0' }); }

  startMessage() {
    return { event: 'start', sequenceNumber: String(++this.sequence), streamSid: this.streamSid,
      start: { accountSid: 'AC0', streamSid: this.streamSid, callSid: this.callSid,
        tracks: ['inbound'], mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: this.params } };
  }

  // `connected`, `start`, then frames every 20 ms (silence).
  begin() {
    this.connected();
    this.send(this.startMessage());
    this.beganAt = Date.now();
    let next = Date.now();
    this.frames = setInterval(() => {
      for (; next <= Date.now(); next += 20) this.frame(this.microphone(next));
    }, 20);
    return this;
  }

  frame(payload = SILENCE) {
    this.chunk += 1;
    this.send({ event: 'media', sequenceNumber: String(++this.sequence), streamSid: this.streamSid,
      media: { track: 'inbound', chunk: String(this.chunk), timestamp: String(this.chunk * 20), payload } });
  }

  // The caller speaks: µ-law, in real time; resolves when it is said.
  async speak(ulaw) {
    for (let at = 0; at < ulaw.length; at += 160) this.says.push(Buffer.concat([ulaw.subarray(at, at + 160)], 160));
    await this.until((p) => p.says.length === 0, 'said', ulaw.length / 8 + 3000);
  }

  // From now on our voice comes back, so many dB lower and ms later; noise (µ-law) goes round and round.
  line({ echoDb, delayMs = 120, noise } = {}) { this.echo = { gain: echoDb ? 10 ** (-echoDb / 20) : 0, delayMs, noise }; }

  // 20 ms of the caller's line, ending at that time
  microphone(now) {
    const said = this.says.shift();
    if (!this.echo) return said?.toString('base64');
    const { gain, delayMs, noise } = this.echo;
    const from = Math.round((now - 20 - delayMs - this.beganAt) * 8);
    const out = Buffer.alloc(160);
    for (let i = 0; i < 160; i += 1) {
      const ours = from + i >= 0 ? this.heardPcm[from + i] ?? 0 : 0;
      const around = noise ? toLinear(noise[(this.chunk * 160 + i) % noise.length]) : 0;
      out[i] = ulaw((said ? toLinear(said[i]) : 0) + gain * ours + around);
    }
    return out.toString('base64');
  }

  keys(digits) {
    for (const digit of digits) {
      this.send({ event: 'dtmf', sequenceNumber: String(++this.sequence), streamSid: this.streamSid,
        dtmf: { track: 'inbound_track', digit } });
    }
  }

  hangUp() {
    this.send({ event: 'stop', sequenceNumber: String(++this.sequence), streamSid: this.streamSid,
      stop: { accountSid: 'AC0', callSid: this.callSid } });
    this.ws.close();
    return this.closed;
  }

  receive(data) {
    const now = Date.now();
    let m;
    try { m = JSON.parse(data.toString()); } catch { this.problems.push('not JSON'); return; }
    this.got.push({ at: now, ...m });
    if (m.streamSid !== this.streamSid) this.problems.push(`streamSid ${m.streamSid}`);
    if (m.event === 'media') this.playMedia(m, now);
    else if (m.event === 'mark') this.queueMark(m.mark.name, now);
    else if (m.event === 'clear') this.clear(now);
    else this.problems.push(`event ${m.event}`);
    this.wake();
  }

  playMedia(m, now) {
    const bytes = Buffer.from(m.media.payload, 'base64');
    if (!bytes.length || bytes.toString('base64') !== m.media.payload) this.problems.push('payload');
    const begin = Math.max(now, this.playEnd);
    for (let i = 0; this.echo && i < bytes.length; i += 1) {
      this.heardPcm[Math.round((begin - this.beganAt) * 8) + i] = toLinear(bytes[i]);
    }
    this.playEnd = begin + bytes.length / 8;
    this.played += bytes.length / 8;
  }

  queueMark(name, now) {
    const entry = { name };
    entry.timer = setTimeout(() => {
      this.pending = this.pending.filter((p) => p !== entry);
      this.sendMark(name);
    }, Math.max(0, this.playEnd - now));
    this.pending.push(entry);
  }

  sendMark(name) {
    this.send({ event: 'mark', sequenceNumber: String(++this.sequence), streamSid: this.streamSid,
      mark: { name } });
  }

  clear(now) {
    this.played -= Math.max(0, this.playEnd - now);
    this.playEnd = now;
    if (this.echo) this.heardPcm.length = Math.min(this.heardPcm.length, Math.max(0, Math.round((now - this.beganAt) * 8)));
    for (const p of this.pending.splice(0)) {
      clearTimeout(p.timer);
      this.sendMark(p.name);
    }
  }

  audioMs() {
    return this.got.filter((m) => m.event === 'media')
      .reduce((ms, m) => ms + Buffer.from(m.media.payload, 'base64').length / 8, 0);
  }

  wake() { for (const w of this.waiters.splice(0)) w(); }

  // Wait until test(this) holds.
  async until(test, what = 'condition', ms = 15000) {
    const end = Date.now() + ms;
    while (!test(this)) {
      if (Date.now() > end) {
        throw new Error(`twilio peer: ${what} not within ${ms} ms; got ${this.got.length} messages`);
      }
      await new Promise((resolve) => {
        this.waiters.push(resolve);
        setTimeout(resolve, 20);
      });
    }
    return this;
  }

  count(event) { return this.got.filter((m) => m.event === event).length; }
}
