// A running stack as its users meet it: webhooks signed by Twilio's own library, practice calls by
// `frontdesk call`, and what came of them by the REST API. Nothing is read behind its back.
//
//   const desk = await startDesk({ env: { REALTIME_URL: model.url } });
//   const call = desk.dial('--say', 'hello');          // frontdesk call --json
//   await call.saw((e) => e.event === 'record', 'the beep');
//   const { row } = await call.over();                  // GET /v1/calls/ID once it has ended
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import twilio from 'twilio';
import { alive, ask, cleanEnv, listens, program, run, startStack, until } from '../stack.mjs';

export { alive, build, freePort as closedPort, root, run, scratch, remove, sleep, until } from '../stack.mjs';

export const TOKEN = crypto.randomBytes(16).toString('hex');
export const OLD_TOKEN = crypto.randomBytes(16).toString('hex');
export const TO = '+18605550100'; // the example business
export const OWNER = '+18605550101';

let numbers = 0, files = 0;
// Another caller each time: nobody is greeted by a name from an earlier test.
export const caller = () => `+1415555${String(1000 + ++numbers)}`;
export const sid = () => `CA${crypto.randomBytes(16).toString('hex')}`;

// Follows the JSON lines of `frontdesk call`.
class Dialled {
  constructor(desk, args, { from = caller(), withheld = false } = {}) {
    this.desk = desk;
    this.from = from;
    this.events = [];
    this.summaries = [];
    this.err = '';
    const who = withheld ? ['--withheld'] : ['--from', from];
    this.child = spawn(program, ['call', '--json', '--url', desk.url, '--token', TOKEN, '--to', TO, ...who, ...args],
      { cwd: desk.data, env: cleanEnv({ FRONTDESK_DATA: desk.data }), stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.child.stdout.on('data', (d) => {
      const lines = (rest + d).split('\n');
      rest = lines.pop();
      for (const line of lines) this.#line(JSON.parse(line));
    });
    this.child.stderr.on('data', (d) => (this.err += d));
    this.ended = new Promise((done) => this.child.on('close', (code, signal) => done((this.code = signal ?? code))));
  }

  #line(e) {
    if (e.event === 'summary') this.summaries.push(e);
    else if (e.event === 'total') this.total = e;
    else this.events.push({ at: Date.now(), ...e });
    this.sid ??= e.call_sid;
  }

  get summary() { return this.summaries[0]; }
  of(event) { return this.events.filter((e) => e.event === event); }
  paths() { return this.of('webhook').map((e) => e.text); }
  // What the receptionist said in TwiML pages.
  heard() { return this.events.filter((e) => e.event === 'say' && e.who === 'receptionist').map((e) => e.text).join(' | '); }
  story() { return this.events.map((e) => `${e.t_ms} ${e.who} ${e.event}: ${e.text}`).join('\n') + `\n${this.err}${JSON.stringify(this.summary ?? {})}`; }

  async saw(want, what = 'the event', ms = 30000) {
    return until(what, () => {
      const found = this.events.find(want);
      if (!found && this.code !== undefined) throw new Error(`the call ended before ${what}:\n${this.story()}`);
      return found;
    }, ms).catch((e) => { e.message += `\n${this.story()}`; throw e; });
  }

  hangUp() { if (this.code === undefined) this.child.kill('SIGINT'); }

  // The end of the call and its row. ok: it must have ended as a call should.
  async over({ ok = true } = {}) {
    await this.ended;
    if (ok) assert.equal(this.code, 0, this.story());
    this.row = await this.desk.row(this.sid);
    return this;
  }
}

class Desk {
  constructor(stack, model) { Object.assign(this, { stack, model, url: stack.url, data: stack.data, dialled: [] }); }

  cli(...args) { return run(args, { env: { FRONTDESK_DATA: this.data } }); }

  // A file of the test, in the data folder; its path.
  write(name, text) {
    const file = path.join(this.data, `${name}-${++files}`);
    fs.writeFileSync(file, text);
    return file;
  }

  dial(...args) {
    const options = typeof args.at(-1) === 'object' ? args.pop() : {};
    this.sessions = this.model?.sessions.length;
    const call = new Dialled(this, args, options);
    this.dialled.push(call);
    return call;
  }

  // The stand-in model's first session since the last dial().
  session() {
    const n = this.sessions;
    return until('a session with the model', () => this.model.sessions[n], 15000);
  }

  // One webhook. token signs; signature (also '') replaces what it would be.
  async hook(uri, more = {}, { token = TOKEN, method = 'POST', signature, headers = {} } = {}) {
    const fields = { AccountSid: 'AC00000000000000000000000000000000', CallSid: sid(), From: caller(), To: TO,
      CallStatus: 'ringing', Direction: 'inbound', ApiVersion: '2010-04-01', ...more };
    const get = method === 'GET';
    const url = this.url + uri + (get ? `${uri.includes('?') ? '&' : '?'}${new URLSearchParams(fields)}` : '');
    const proof = signature ?? twilio.getExpectedTwilioSignature(token, url, get ? {} : fields);
    const started = Date.now();
    const res = await ask(url, { method, body: get ? undefined : new URLSearchParams(fields).toString(),
      headers: { ...(get ? {} : { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }),
        ...(proof ? { 'x-twilio-signature': proof } : {}), ...headers } });
    return { status: res.status, text: res.text(), type: res.headers.get('content-type'), ms: Date.now() - started, sid: fields.CallSid };
  }

  async api(uri) {
    this.secret ??= /^token (\S+)/m.exec((await this.cli('token', 'new', 'tests')).out)?.[1];
    const res = await ask(this.url + uri, { headers: { authorization: `Bearer ${this.secret}` } });
    return { status: res.status, json: JSON.parse(res.text()) };
  }

  async list() {
    const calls = [];
    for (let uri = '/v1/calls?limit=50'; uri;) {
      const { status, json } = await this.api(uri);
      assert.equal(status, 200, JSON.stringify(json));
      calls.push(...json.calls);
      uri = json.next;
    }
    return calls;
  }

  // The call of a CallSid with all that hangs on it; undefined if there is none.
  async find(callSid) {
    const hits = (await this.list()).filter((c) => c.call_sid === callSid);
    assert.ok(hits.length <= 1, `${hits.length} rows of one CallSid`);
    return hits.length ? (await this.api(`/v1/calls/${hits[0].id}`)).json : undefined;
  }

  async row(callSid) {
    const row = await this.find(callSid);
    assert.ok(row, `no row of ${callSid}`);
    return row;
  }

  // Not one call is left as running.
  async assertAllEnded() {
    const open = (await this.list()).filter((c) => !c.ended_at);
    assert.deepEqual(open.map((c) => `${c.call_sid} ${c.status} ${c.mode}`), []);
  }

  // A call that runs has no decision, one that ended exactly one. (Not asked of a stack that a test took down.)
  async assertDecided() {
    if ((await ask(`${this.url}/healthz`).catch(() => ({}))).status !== 200) return;
    const words = ['transferred', 'not_put_through', 'completed', 'voicemail', 'ended_no_speech', 'screened_out', 'blocked', 'machine', 'caller_left', 'failed', 'transferred_exception'];
    const wrong = (await this.list()).filter((c) => (c.ended_at ? !words.includes(c.decision) || !c.outcome : c.decision !== null));
    assert.deepEqual(wrong.map((c) => `${c.call_sid} ${c.status} ${c.outcome} ${c.decision}`), []);
  }

  pid(name) { return this.stack.children()[name]; }
  // What a program has open: paths, "socket:[…]", …
  open(name) {
    const dir = `/proc/${this.pid(name)}/fd`;
    return fs.readdirSync(dir).map((f) => { try { return fs.readlinkSync(`${dir}/${f}`); } catch { return ''; } });
  }
  files(name) { return this.open(name).length; }

  // kill -9, and wait until the supervisor has another one
  async kill(name, { wait = true } = {}) {
    const was = this.pid(name);
    assert.ok(was, `no ${name}`);
    process.kill(was, 'SIGKILL');
    await until(`${name} is dead`, () => !alive(was));
    if (wait) await until(`${name} runs again`, () => (this.pid(name) ?? was) !== was);
  }

  async ready() {
    await until('all answer again', async () => (await ask(`${this.url}/healthz`).catch(() => ({}))).status === 200);
    await until('the bridge listens', () => listens(Number(this.bridgePort())));
  }

  bridgePort() {
    return /server 127\.0\.0\.1:(\d+)/.exec(this.stack.file('run/maps.conf'))[1];
  }

  async assertWhole() {
    const got = await this.cli('db', 'check');
    assert.equal(got.code, 0, got.out + got.err);
    assert.doesNotMatch(got.out, /BAD/);
  }

  // Ends everything, also calls a failed test left behind. What the programs said must be clean.
  async end(...codes) {
    for (const call of this.dialled) {
      call.hangUp();
      await call.ended;
    }
    await this.assertDecided();
    await this.stack.stop();
    this.stack.remove();
    assert.ok([0, ...codes].includes(this.stack.code), this.stack.err.slice(-2000));
    assert.doesNotMatch(this.stack.err, /AddressSanitizer|LeakSanitizer|runtime error:/);
  }

  // Lines of the log of one kind: desk.log('voice.unknown_number')
  log(event) { return this.stack.err.split('\n').filter((l) => l.includes(` ${event}`)); }
}

// At any hour of the day texts go at once: TEXT_QUIET_*. A stand-in for a text model is asked by the talks
// alone, not for notes of those that are over: NOTES_BY.
// model: a stand-in for the Realtime server (tests/fakes/realtime-server.mjs). It says by a script when
// the caller speaks, whatever is on the line: so its word alone decides (BARGE_IN_CONFIRM_MS=0).
export async function startDesk({ env = {}, model, ...more } = {}) {
  const settings = { TEXT_QUIET_FROM: '0', TEXT_QUIET_TO: '0', NOTES_BY: 'rules', TWILIO_AUTH_TOKEN: TOKEN, TWILIO_AUTH_TOKEN_SECONDARY: OLD_TOKEN, ...(model ? { REALTIME_URL: model.url, BARGE_IN_CONFIRM_MS: '0' } : {}), ...env };
  return new Desk(await startStack({ env: settings, ...more }), model);
}

// The dashboard, by the owner's password as it was printed at the first start.
export async function signIn(desk) {
  const password = /Password +(\S+)/.exec(desk.stack.out)[1];
  const form = await ask(`${desk.url}/login`);
  const csrf = /name="csrf" value="([^"]+)"/.exec(form.text())[1];
  const cookie = form.headers.get('set-cookie').split(';')[0];
  const res = await ask(`${desk.url}/login`, { method: 'POST', body: new URLSearchParams({ csrf, login: 'owner', password, next: '/calls' }).toString(),
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(res.status, 303, res.text());
  const session = res.headers.get('set-cookie').split(/,(?=\s*\w+=)/).map((c) => c.trim().split(';')[0]).join('; ');
  const look = async (uri) => {
    const page = await ask(desk.url + uri, { headers: { cookie: session } });
    assert.equal(page.status, 200, `${uri}: ${page.status}`);
    return page.text();
  };
  return Object.assign(look, { cookie: session });
}
