// hook.fcgi and api.fcgi as real processes: the FastCGI server, its stop, its database, and a whole
// practice call by questions.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fastcgi, request, parse } from '../fakes/fastcgi.mjs';
import { build, cleanEnv, program, remove, root, scratch } from './stack.mjs';

const hookProgram = path.join(build, 'cgi-bin/hook.fcgi'), apiProgram = path.join(build, 'cgi-bin/api.fcgi');
const data = scratch('fcgi-');
const token = crypto.randomBytes(16).toString('hex');
const base = 'https://desk.example.com';
const to = '+18605550100', from = '+14155550134';
const env = cleanEnv({ FRONTDESK_DATA: data, TWILIO_AUTH_TOKEN: token, PUBLIC_BASE_URL: base });
process.on('exit', () => remove(data));

function cli(...args) {
  const r = spawnSync(program, args, { cwd: data, env, encoding: 'utf8' });
  assert.equal(r.status, 0, r.stderr + r.stdout);
  return r.stdout;
}

function sign(uri, fields) {
  const text = Object.keys(fields).sort().reduce((s, k) => s + k + fields[k], base + uri);
  return crypto.createHmac('sha1', token).update(text).digest('base64');
}

let sids = 0;
const sid = () => 'CA' + String(++sids).padStart(32, '0');

async function post(url, uri, more = {}, signature) {
  const fields = { CallSid: sid(), From: from, To: to, CallStatus: 'ringing', ...more };
  const res = await fetch(url + uri, {
    method: 'POST', body: new URLSearchParams(fields),
    headers: { 'X-Twilio-Signature': signature ?? sign(uri, fields) },
  });
  return { status: res.status, type: res.headers.get('content-type'), text: await res.text(), res };
}

before(() => {
  fs.writeFileSync(path.join(data, 'data.key'), crypto.randomBytes(32).toString('hex') + '\n', { mode: 0o600 });
});

describe('command line', () => {
  for (const program of [hookProgram, apiProgram])
    test(`${path.basename(program)} prints its routes and refuses to run without a socket`, () => {
      const routes = spawnSync(program, ['--routes'], { encoding: 'utf8', env });
      assert.equal(routes.status, 0);
      assert.match(routes.stdout, /^GET/m);
      const alone = spawnSync(program, [], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
      assert.equal(alone.status, 64);
      assert.match(alone.stderr, /usage: .*\.fcgi \[--routes\]/);
    });
  test('a setting that makes no sense is said at start', async () => {
    const web = await fastcgi(apiProgram, { env: { ...env, FRONTDESK_PORT: 'many' } });
    const [code] = await web.children[0].ended;
    assert.equal(code, 78);
    assert.match(web.log(), /FRONTDESK_PORT/);
    await web.close();
  });
});

describe('before there is a database', () => {
  let hook, api;
  before(async () => {
    hook = await fastcgi(hookProgram, { env });
    api = await fastcgi(apiProgram, { env });
  });
  after(async () => {
    assert.deepEqual(await hook.close(), [0]);
    assert.deepEqual(await api.close(), [0]);
  });
  test('a caller gets words and a recording, a stranger 403, a health check 503', async () => {
    const call = await post(hook.url, '/voice/incoming');
    assert.equal(call.status, 200);
    assert.equal(call.type, 'text/xml; charset=utf-8');
    assert.match(call.text, /<Say .*<Record /);
    assert.equal((await post(hook.url, '/voice/incoming', {}, 'AAAA')).status, 403);
    const health = await fetch(api.url + '/healthz');
    assert.equal(health.status, 503);
    assert.equal(health.headers.get('content-type'), 'application/problem+json');
    assert.equal((await fetch(hook.url + '/metrics/hook')).status, 200);
  });
  test('once it is there, all is well without a restart', async () => {
    cli('db', 'migrate');
    cli('business', 'add', path.join(root, 'businesses/plumbing.json'));
    assert.equal((await fetch(api.url + '/healthz')).status, 200);
    const call = await post(hook.url, '/voice/incoming');
    assert.match(call.text, /<Stream url="wss:\/\/desk\.example\.com\/media-stream"/);
  });
});

describe('the server', () => {
  let hook;
  before(async () => { hook = await fastcgi(hookProgram, { env }); });
  after(async () => { assert.deepEqual(await hook.close(), [0]); });

  test('answers many at once, each call once', async () => {
    const one = { CallSid: sid() };
    const all = await Promise.all(Array.from({ length: 60 }, (_, i) =>
      post(hook.url, '/voice/incoming', i % 2 ? one : {})));
    for (const r of all) {
      assert.equal(r.status, 200);
      assert.match(r.text, /<Stream /);
    }
    const seen = hook.log().split('\n').filter((l) => l.includes('voice.incoming') && l.includes(one.CallSid));
    assert.equal(seen.length, 30);
    assert.equal(seen.filter((l) => l.includes('repeat=0')).length, 1);
  });
  test('HEAD has no body, a status callback 204, an unknown path 404, another method 405', async () => {
    const head = await fetch(hook.url + '/metrics/hook', { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.ok(Number(head.headers.get('content-length')) > 100);
    assert.equal((await post(hook.url, '/voice/status', { CallStatus: 'completed' })).status, 204);
    assert.equal((await fetch(hook.url + '/voice/nowhere')).status, 404);
    const put = await fetch(hook.url + '/voice/incoming', { method: 'PUT', body: 'x' });
    assert.equal(put.status, 405);
    assert.equal(put.headers.get('allow'), 'GET, HEAD, POST');
  });
  test('a body larger than we read is refused, not read', async () => {
    const res = await fetch(hook.url + '/voice/incoming', { method: 'POST', body: Buffer.alloc(300 * 1024, 97) });
    assert.equal(res.status, 403);
  });
  test('bears what is no FastCGI, and clients that leave half-way', async () => {
    const whole = request({ REQUEST_METHOD: 'POST', REQUEST_URI: '/voice/incoming', CONTENT_LENGTH: '1000' },
      Buffer.from('a=b'));
    for (const bytes of [Buffer.from('GET / HTTP/1.0\r\n\r\n'), Buffer.alloc(64, 255), whole.subarray(0, 20),
      whole.subarray(0, whole.length - 12), Buffer.alloc(0)])
      await new Promise((done) => {
        const s = net.connect(hook.port, '127.0.0.1', () => s.end(bytes));
        s.on('error', done).on('close', done).resume();
        setTimeout(() => s.destroy(), 300);
      });
    const got = await new Promise((done) => { // fewer bytes than promised: refused like any bad body
      const parts = [], s = net.connect(hook.port, '127.0.0.1', () => s.write(whole));
      s.on('data', (d) => parts.push(d)).on('close', () => done(parse(Buffer.concat(parts))));
    });
    assert.match(got.text.toString(), /^Status: 403/);
    assert.equal((await post(hook.url, '/voice/incoming')).status, 200);
  });
  test('logs one line a request, and no number or name', async () => {
    const reply = await post(hook.url, '/voice/incoming', { CallerName: 'Zebulon Quux' });
    const line = () => hook.log().split('\n').filter((l) => l.includes('http.request'));
    assert.equal(reply.status, 200);
    assert.match(line().at(-1), /method=POST route=\/voice\/incoming status=200 bytes=\d+ ms=\d+/);
    assert.doesNotMatch(hook.log(), /4155550134|Zebulon|8605550101/);
    assert.ok(!hook.log().includes(token));
  });
});

test('one of two processes may stop under load: nobody notices', async () => {
  const hook = await fastcgi(hookProgram, { env, processes: 2 });
  let failed = 0, done = 0, stop = false;
  const worker = async () => {
    while (!stop) {
      const r = await post(hook.url, '/voice/incoming').catch(() => ({ status: 0 }));
      r.status === 200 ? done++ : failed++;
    }
  };
  const load = [worker(), worker(), worker()];
  await new Promise((r) => setTimeout(r, 300));
  assert.deepEqual(await hook.stop([hook.children[0]]), [0]);
  const then = done;
  await new Promise((r) => setTimeout(r, 300));
  stop = true;
  await Promise.all(load);
  assert.equal(failed, 0);
  assert.ok(then > 0 && done > then);
  assert.deepEqual(await hook.close(), [0, 0]);
});

test('a practice call by questions ends in a callback that the API shows', async () => {
  const secret = /^token (\S+)/m.exec(cli('token', 'new', 'test'))[1];
  // the simulator signs for the address it calls, so that is the public one here
  const hook = await fastcgi(hookProgram, { env: (url) => ({ ...env, PUBLIC_BASE_URL: url }) });
  const api = await fastcgi(apiProgram, { env });
  try {
    const child = spawn(program, ['call', '--json', '--text', '--url', hook.url, '--token', token, '--to', to,
      '--from', '+14155550177', '--say', 'water heater', '--say', 'my name is Charlie Brown', '--say', 'yes',
      '--say', '12 Elm Street', '--say', 'yes', '--say', 'it leaks', '--say', 'tomorrow morning', '--say', 'yes', '--say', 'no'], { cwd: data, env: cleanEnv() });
    let out = '', err = '';
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (err += d));
    const code = await new Promise((r) => child.on('close', r));
    assert.equal(code, 0, err + out + hook.log());
    const get = async (uri) => {
      const res = await fetch(api.url + uri, { headers: { Authorization: 'Bearer ' + secret } });
      assert.equal(res.status, 200);
      return res.json();
    };
    const { calls } = await get('/v1/calls?limit=1');
    const call = await get('/v1/calls/' + calls[0].id);
    assert.equal(call.from_number, '+14155550177');
    assert.equal(call.mode, 'gather');
    assert.equal(call.outcome, 'callback');
    assert.equal(call.status, 'completed');
    assert.equal(call.callbacks.length, 1, JSON.stringify(call.turns));
    assert.equal(call.callbacks[0].name, 'Charlie Brown');
    assert.equal(call.callbacks[0].reason, 'water heater: it leaks');
    assert.equal(call.callbacks[0].address, '12 Elm Street');
    assert.deepEqual([...new Set(call.turns.map((t) => t.who))].sort(), ['caller', 'desk']);
    assert.equal((await fetch(api.url + '/v1/calls')).status, 401);
  } finally {
    assert.deepEqual(await hook.close(), [0]);
    assert.deepEqual(await api.close(), [0]);
  }
});
