// What end-to-end tests stand on: where the programs are (BUILD names their folder: build, build/san,
// build/tsan, build/cov), an environment without this machine's settings, waiting, free ports; and
// startStack(): `frontdesk run` in a temporary folder, for tests that need the whole stack.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const build = path.resolve(root, process.env.BUILD ?? 'build');
export const program = path.join(build, 'bin/frontdesk');

// No setting of this machine reaches the stack under test.
export const cleanEnv = (more = {}) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) =>
    !/^(TWILIO|TELEGRAM|FRONTDESK|PUBLIC_BASE|SERVER_BASE|OWNER_CELL|REAL_PHONE|OPENAI|ANTHROPIC|CHAT_|BRAIN|REALTIME|AZURE|BRIDGE_|SPEECH_|TEXT_|OUTBOX_|STT_|TTS_|SESSION_|CALLER_MEMORY|API_|BASE_URL|RECORDING|LOG_|CREDENTIALS|SECRETS_|VAULT_|WEBHOOK_)/.test(name))),
  LOOP_CALLS: '0', // one number calls again and again here
  ...more,
});

export const scratch = (name = 'frontdesk-test-') => fs.mkdtempSync(path.join(os.tmpdir(), name));
export const remove = (folder) => fs.rmSync(folder, { recursive: true, force: true });
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, fn, ms = 20000) {
  const end = Date.now() + ms;
  for (;;) {
    const got = await fn();
    if (got) return got;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(50);
  }
}

export const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch { return false; }
};

// A port nobody listens on.
export const freePort = () => new Promise((done) => {
  const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); });
});

export const listens = (port) => new Promise((done) => {
  const s = net.connect(port, '127.0.0.1');
  s.on('connect', () => { s.destroy(); done(true); });
  s.on('error', () => done(false));
});

// One request on a connection of its own: fetch() would reuse one that nginx closes as it restarts.
export const ask = (url, { method = 'GET', body, headers = {} } = {}) => new Promise((done, failed) => {
  const req = http.request(url, { method, agent: false, headers: { ...headers, ...(body ? { 'content-length': Buffer.byteLength(body) } : {}) } }, (r) => {
    let text = '';
    r.on('data', (d) => (text += d));
    r.on('end', () => done({ status: r.statusCode, headers: new Headers(Object.entries(r.headers).map(([k, v]) => [k, String(v)])), text: () => text }));
    r.on('error', failed);
  });
  req.on('error', failed);
  req.end(body);
});

// Programs started by pid, by name: {hook, api, admin, bridge, speech, worker, nginx}
export function children(pid) {
  const found = {};
  for (const entry of fs.readdirSync('/proc').filter((e) => /^\d+$/.test(e))) {
    try {
      const stat = fs.readFileSync(`/proc/${entry}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== pid) continue;
      const line = fs.readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const name = /(hook|api|admin)\.fcgi|ws-bridge|\/speech|\/worker|nginx/.exec(line);
      if (name) found[(name[1] ?? name[0]).replace('/', '').replace('ws-', '')] = Number(entry);
    } catch { /* it has just ended */ }
  }
  return found;
}

// Run a command to its end.
export function run(args, { env = {}, cwd, exe = program, input } = {}) {
  return new Promise((done) => {
    const child = spawn(exe, args, { cwd: cwd ?? os.tmpdir(), env: cleanEnv(env), stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (err += d));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    child.on('close', (code, signal) => done({ code: signal ?? code, out, err }));
  });
}

export async function startStack({ folder, cwd, env = {}, args = [], exe = program, ready = true } = {}) {
  const own = !folder;
  const base = own ? scratch() : null;
  const data = folder ?? path.join(base, 'data');
  const child = spawn(exe, ['run', ...args], {
    cwd: cwd ?? base ?? os.tmpdir(),
    env: cleanEnv({ FRONTDESK_DATA: data, FRONTDESK_PORT: '0', BRIDGE_PORT: '0', SPEECH_PORT: '0', MODEL_PROBE_MINUTES: '0', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stack = { data, pid: child.pid, child, out: '', err: '', code: undefined };
  child.stdout.on('data', (d) => (stack.out += d));
  child.stderr.on('data', (d) => (stack.err += d));
  stack.ended = new Promise((done) => child.on('close', (code, signal) => done((stack.code = signal ?? code))));
  stack.file = (name) => fs.readFileSync(path.join(data, name), 'utf8').trim();
  stack.children = () => children(child.pid);
  stack.stop = async (signal = 'SIGINT') => {
    if (stack.code === undefined) child.kill(signal);
    return stack.ended;
  };
  stack.remove = () => { if (own) remove(base); };
  stack.end = async () => { await stack.stop(); stack.remove(); };
  if (!ready) return stack;
  try {
    await until('the stack is ready', () => {
      if (stack.code !== undefined) throw new Error(`the stack ended with ${stack.code}`);
      return stack.out.includes('Ready:');
    }, 60000);
  } catch (e) {
    await stack.stop('SIGKILL');
    e.message += `\n${stack.out}\n${stack.err}`;
    throw e;
  }
  stack.port = Number(stack.file('run/port'));
  stack.url = `http://127.0.0.1:${stack.port}`;
  return stack;
}
