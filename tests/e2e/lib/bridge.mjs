// Starts ws-bridge on a free loopback port against a stand-in Realtime server and a fresh database.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../stack.mjs';
import { TestDb } from './db.mjs';
import { TwilioPeer } from './twilio-peer.mjs';
import { startRealtime } from '../../fakes/realtime-server.mjs';

const binary = join(build, 'bin/ws-bridge');
export const AUTH_TOKEN = 'e2e-auth-token';
export const PUBLIC = 'https://desk.example.com';

export class Bridge {
  constructor(db, env) {
    this.db = db;
    this.log = '';
    this.child = spawn(binary, [], {
      cwd: db.folder, // no .env there
      env: { ...db.env, BRIDGE_PORT: '0', TWILIO_AUTH_TOKEN: AUTH_TOKEN, PUBLIC_BASE_URL: PUBLIC,
        LEAD_SILENCE_MS: '0', // tests count what is said
        REALTIME_WARM: 'false', GREETING_CACHE: 'false', // each has its own tests
        LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
        TSAN_OPTIONS: 'halt_on_error=0 exitcode=66', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (d) => {
      this.log += d;
      if (process.env.SHOW_LOG) process.stderr.write(d);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => { this.exit = { code, signal }; resolve(this.exit); });
    });
    this.ready = new Promise((resolve, reject) => {
      let text = '';
      this.child.stdout.on('data', (d) => {
        text += d;
        const m = /^listening 127\.0\.0\.1:(\d+)$/m.exec(text);
        if (m) { this.port = Number(m[1]); resolve(this); }
      });
      this.exited.then(() => reject(new Error(`bridge ended: ${this.log}`)));
    });
    this.ready.catch(() => {});
  }

  get url() { return `ws://127.0.0.1:${this.port}/media-stream`; }

  async stop() {
    if (this.exit) return this.exit;
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGTERM'), 1500);
    const hard = setTimeout(() => this.child.kill('SIGKILL'), 15000);
    await this.exited;
    clearTimeout(killer);
    clearTimeout(hard);
    return this.exit;
  }

  fds() { return readdirSync(`/proc/${this.child.pid}/fd`).length; }
  // CPU time used so far, in ms
  cpuMs() {
    const f = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(f[11]) + Number(f[12])) * 10;
  }
}

// One world per test: database, stand-in server, bridge; closed by the test's end. Our peers say nothing
// unless told to, so the server's word alone decides that the caller speaks (BARGE_IN_CONFIRM_MS=0).
export async function world(t, { realtime = {}, env = {}, owner } = {}) {
  const server = realtime === null ? null : await startRealtime(realtime);
  const db = new TestDb();
  await db.init(owner);
  const bridge = new Bridge(db, { REALTIME_URL: server ? server.url : 'ws://127.0.0.1:9', BARGE_IN_CONFIRM_MS: '0', ...env });
  t.after(async () => {
    const exit = await bridge.stop();
    await server?.close();
    db.remove();
    if (exit.code !== 0) throw new Error(`bridge exit ${JSON.stringify(exit)}\n${bridge.log}`);
    if (/Sanitizer|runtime error/.test(bridge.log)) throw new Error(bridge.log);
    for (const s of server?.sessions ?? []) {
      if (s.problems.length) throw new Error(`the Realtime server was sent wrong events: ${s.problems.join('; ')}`);
    }
  });
  await bridge.ready;
  const w = { server, db, bridge };
  w.sid = () => `CA${randomBytes(16).toString('hex')}`;
  // A call in the database with its token, and Twilio's end of its stream, not yet open.
  w.peer = async ({ from, agedMs, ...options } = {}) => {
    const callSid = w.sid();
    const { token } = await db.call(callSid, from === undefined ? '+18605550134' : from, agedMs);
    return new TwilioPeer(bridge.url, { callSid, token, ...options });
  };
  // The usual: connected, greeted, the greeting heard.
  w.talk = async (options) => {
    const peer = await w.peer(options);
    await peer.open();
    peer.begin();
    const session = await server.session();
    await session.until((s) => s.of('response.create').length > 0, 'greeting asked');
    if (options?.greet !== false) await w.heard(peer, session);
    return { peer, session };
  };
  // All that was answered is played, and its end mark is back.
  w.heard = async (peer, session) => {
    await session.until((s) => !s.active, 'response over');
    // every answer that ended has its end mark here; one that the bridge let nobody hear has none
    const ends = () => peer.got.filter((m) => m.event === 'mark' && m.mark.name.endsWith('-e')).length;
    for (const until = Date.now() + 1500; ends() < (session.spokenToTheEnd ?? 0) && Date.now() < until;) {
      await new Promise((r) => { setTimeout(r, 20); });
    }
    await peer.until((p) => p.count('mark') > 0 && p.pending.length === 0 && p.playEnd <= Date.now(),
      'all played', 8000);
    await new Promise((r) => { setTimeout(r, 30); }); // and the last mark is back
  };
  w.dump = (peer) => db.dump(peer.callSid);
  // The row once the bridge has written its end.
  w.ended = async (peer, ms = 20000) => {
    for (const end = Date.now() + ms; ;) {
      const d = await w.dump(peer);
      if (d.call.stream_end) return d;
      if (Date.now() > end) throw new Error(`no stream end: ${JSON.stringify(d.call)}\n${bridge.log}`);
      await new Promise((r) => { setTimeout(r, 50); });
    }
  };
  return w;
}
