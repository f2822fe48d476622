// Twilio's end of a ConversationRelay session: speaks the text it is given (msPerChar), tells what
// was played (as `debug` asks for), interrupts, and complains about what Twilio would refuse.
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

// What may be sent to Twilio: field → kind; a "!" behind it: needed.
const TAKES = {
  text: { token: 'string!', last: 'boolean', lang: 'string', interruptible: 'boolean', preemptible: 'boolean' },
  play: { source: 'string!', loop: 'number', preemptible: 'boolean', interruptible: 'boolean' },
  sendDigits: { digits: 'string!' },
  language: { ttsLanguage: 'string', transcriptionLanguage: 'string' },
  end: { handoffData: 'string' },
};

export class RelayPeer {
  constructor(url, { callSid, token, headers = {}, params, from = '+18605550134', msPerChar = 4, info = true } = {}) {
    Object.assign(this, { url, callSid: callSid ?? `CA${randomBytes(16).toString('hex')}`, headers, from, msPerChar, info });
    this.sessionId = `VX${randomBytes(16).toString('hex')}`;
    this.params = params ?? (token === undefined ? {} : { token });
    this.got = []; // {at, type, …}
    this.problems = [];
    this.queue = []; // {words, at, interruptible}: waiting to be spoken
    this.spoken = ''; // of what is being spoken, since its beginning
    this.heard = []; // whole sayings, or what was spoken of them
    this.waiters = [];
    this.closed = new Promise((resolve) => { this.onClosed = resolve; });
  }

  open() {
    return new Promise((resolve, reject) => {
      this.ws = new WebSocket(this.url, { headers: this.headers, perMessageDeflate: false });
      this.ws.once('open', () => resolve(this));
      this.ws.once('unexpected-response', (req, res) => {
        reject(Object.assign(new Error(`HTTP ${res.statusCode}`), { status: res.statusCode }));
        req.destroy();
      });
      this.ws.once('error', reject);
      this.ws.on('message', (data) => this.receive(data));
      this.ws.once('close', (code) => {
        this.code = code;
        this.closedAt = Date.now();
        clearInterval(this.voice);
        this.onClosed(code);
        this.wake();
      });
    });
  }

  raw(text) { if (this.ws.readyState === WebSocket.OPEN) this.ws.send(text); }
  send(message) { this.raw(JSON.stringify(message)); }

  setup(more = {}) {
    this.send({ type: 'setup', sessionId: this.sessionId, accountSid: 'AC0', parentCallSid: '', callSid: this.callSid,
      from: this.from, to: '+18605550100', forwardedFrom: '', callType: 'PSTN', callerName: '', direction: 'inbound',
      callStatus: 'RINGING', customParameters: this.params, ...more });
    return this;
  }

  // The caller says something: parts of it first, as recognition goes, then the whole.
  prompt(words) {
    if (this.info) this.send({ type: 'info', name: 'clientSpeaking', value: 'on', ts: Date.now() });
    for (const part of words.split(' ').slice(0, 2)) this.partial(part);
    if (this.info) this.send({ type: 'info', name: 'clientSpeaking', value: 'off', ts: Date.now() });
    this.send({ type: 'prompt', voicePrompt: words, lang: 'en-US', last: true });
  }

  partial(words) { this.send({ type: 'prompt', voicePrompt: words, lang: 'en-US', last: false }); }
  keys(digits) { for (const digit of digits) this.send({ type: 'dtmf', digit }); }

  // The caller speaks over us: false if that does not stop what is being spoken.
  interrupt() {
    if (!this.speaking || this.queue[0]?.interruptible === false) return false;
    const utterance = this.spoken.trim();
    this.heard.push(utterance);
    this.queue = [];
    this.send({ type: 'interrupt', utteranceUntilInterrupt: utterance, durationUntilInterruptMs: Date.now() - this.began });
    this.silent();
    return true;
  }

  hangUp() { this.ws.close(); return this.closed; }

  receive(data) {
    let m;
    try { m = JSON.parse(data.toString()); } catch { this.problems.push('not JSON'); return; }
    this.got.push({ at: Date.now(), ...m });
    const takes = TAKES[m.type];
    if (!takes) this.problems.push(`type ${m.type}`);
    for (const [field, kind] of Object.entries(takes ?? {})) {
      if (m[field] === undefined ? kind.endsWith('!') : typeof m[field] !== kind.replace('!', '')) this.problems.push(`${m.type}.${field}`);
    }
    for (const field of Object.keys(m)) if (field !== 'type' && !takes?.[field]) this.problems.push(`${m.type}.${field}?`);
    if (this.ended) this.problems.push(`${m.type} after end`);
    if (m.type === 'text') this.speak(m);
    if (m.type === 'end') {
      this.ended = { at: Date.now(), unspoken: this.queue.map((q) => q.words.slice(q.at)).join(''), ...m };
      if (!this.deaf) this.ws.close(1000);
    }
    this.wake();
  }

  speak({ token, last = false, interruptible = true }) {
    const open = this.queue.at(-1);
    if (open && !open.last) Object.assign(open, { words: open.words + token, last });
    else this.queue.push({ words: token, at: 0, last, interruptible });
    if (this.mute || this.speaking) return;
    this.speaking = true;
    this.began = Date.now();
    this.spoken = '';
    if (this.info) this.send({ type: 'info', name: 'agentSpeaking', value: 'on', ts: Date.now() });
    this.voice = setInterval(() => this.voiceOn(), 20);
  }

  // 20 ms of voice; played words are told by whole words
  voiceOn() {
    let left = Math.max(1, Math.round(20 / this.msPerChar));
    let played = '';
    while (left > 0 && this.queue.length) {
      const q = this.queue[0];
      let to = Math.min(q.words.length, q.at + left);
      while (to < q.words.length && q.words[to] !== ' ') to += 1;
      played += q.words.slice(q.at, to);
      left -= to - q.at;
      q.at = to;
      if (to < q.words.length) break;
      if (!q.last) break;
      this.spoken += played;
      this.heard.push(q.words);
      this.queue.shift();
      if (this.info) this.send({ type: 'info', name: 'tokensPlayed', value: played });
      played = '';
      if (this.queue.length) { this.spoken = ''; this.began = Date.now(); }
    }
    this.spoken += played;
    if (this.info && played) this.send({ type: 'info', name: 'tokensPlayed', value: played });
    if (!this.queue.length) this.silent();
    this.wake();
  }

  silent() {
    clearInterval(this.voice);
    if (this.speaking && this.info) this.send({ type: 'info', name: 'agentSpeaking', value: 'off', ts: Date.now() });
    this.speaking = false;
  }

  // Sayings, each on a line of its own: tokens are put together until the last one.
  said(from = 0) { return this.of('text').slice(from).map((m) => m.token + (m.last ? '\n' : '')).join(''); }
  of(type) { return this.got.filter((m) => m.type === type); }
  wake() { for (const w of this.waiters.splice(0)) w(); }

  async until(test, what = 'condition', ms = 8000) {
    const end = Date.now() + ms;
    while (!test(this)) {
      if (Date.now() > end) throw new Error(`relay peer: ${what} not within ${ms} ms; said: ${this.said()}`);
      await new Promise((resolve) => { this.waiters.push(resolve); setTimeout(resolve, 20); });
    }
    return this;
  }

  // The answer to what was said is spoken: more sayings than before, and all is silent.
  async answer(pattern, ms) {
    const from = this.seen ?? 0;
    await this.until((p) => pattern.test(p.said(from)), String(pattern), ms);
    await this.until((p) => !p.speaking && !p.queue.length, 'silence');
    this.seen = this.of('text').length;
    return this;
  }
}
