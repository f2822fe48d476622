// The stack the browser tests talk to. With FRONTDESK_BASE (and FRONTDESK_LOGIN,
// FRONTDESK_PASSWORD) one that is running already; else admin.fcgi with a filled data folder behind
// a throw-away nginx with the real configuration, all in a temporary folder on a free port.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, freePort, remove, root, scratch, sleep } from '../../e2e/stack.mjs';

export { root };

function nginxFiles(dir, port) {
  const run = join(dir, 'run');
  mkdirSync(run);
  const words = {
    SHARE: root, RUN: run, LISTEN: `127.0.0.1:${port}`, FALLBACK: 'fallback.xml', BRIDGE: 'server 127.0.0.1:9;', HOMES: '',
    USER: process.getuid() === 0 ? 'user root;' : '', ADMIN: join(run, 'admin.sock'),
    HOOK: join(run, 'hook.sock'), API: join(run, 'api.sock'),
  };
  for (const [from, to] of [['frontdesk.conf', 'nginx.conf'], ['maps.conf'], ['server.conf']]) {
    const text = readFileSync(join(root, 'nginx', `${from}.in`), 'utf8');
    writeFileSync(join(run, to ?? from), text.replace(/@([A-Z]+)@/g, (all, w) => words[w] ?? all));
  }
  return join(run, 'nginx.conf');
}

function child(children, name, file, args, options = {}) {
  const p = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  p.log = '';
  p.stderr.on('data', (d) => { p.log = (p.log + d).slice(-20000); });
  p.on('error', (e) => { p.log += `${name}: ${e.message}\n`; });
  children.push(p);
  return p;
}

async function answers(base, children) {
  for (let i = 0; i < 100; i++) {
    try {
      if ((await fetch(`${base}/login`)).status === 200) return;
    } catch { /* not yet */ }
    await sleep(100);
  }
  throw new Error(`the stack does not answer:\n${children.map((c) => c.log).join('\n')}`);
}

// A stack of its own. seed: which program fills the data folder; programs: which of admin, api, hook run.
export async function start({ seed = (login, password) => [join(build, 'web/seed'), [login, password]], programs = ['admin'] } = {}) {
  let told = '';
  const dir = scratch('desk-web-');
  const children = [];
  const login = 'sal';
  const password = 'correct horse battery';
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const env = { ...process.env, FRONTDESK_DATA: join(dir, 'data'), FRONTDESK_SHARE: root,
    PUBLIC_BASE_URL: base, LOG_LEVEL: 'warn' };
  async function stop() {
    for (const c of children) {
      if (c.exitCode === null && c.signalCode === null && c.kill('SIGTERM')) await once(c, 'exit');
    }
    remove(dir);
  }
  try {
    told = execFileSync(...seed(login, password, env.FRONTDESK_DATA), { env, cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const conf = nginxFiles(dir, port);
    for (const which of programs) { // a name, or [name, another program in its place]
      const [name, file = join(build, `cgi-bin/${which}.fcgi`)] = [which].flat();
      const socket = join(dir, 'run', `${name}.sock`);
      child(children, name, join(build, 'web/serve'), [socket, file], { env, cwd: dir });
      while (!existsSync(socket)) await sleep(20);
    }
    child(children, 'nginx', process.env.NGINX ?? '/usr/sbin/nginx', ['-p', dir, '-e', 'stderr', '-c', conf],
      { cwd: dir });
    await answers(base, children);
  } catch (e) {
    await stop();
    throw e;
  }
  return { base, login, password, seeded: true, stop, told, env: { FRONTDESK_DATA: env.FRONTDESK_DATA, FRONTDESK_SHARE: root }, pids: children.map((c) => c.pid), log: () => children.map((c) => c.log).join('') };
}

export async function stack() {
  const base = process.env.FRONTDESK_BASE;
  if (!base) return start();
  return { base: base.replace(/\/$/, ''), login: process.env.FRONTDESK_LOGIN,
    password: process.env.FRONTDESK_PASSWORD, seeded: false, stop: async () => {}, log: () => '' };
}
