// frontdesk call against https and wss on this machine: what is trusted, by which name, and what is not.
import { test, describe, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { once } from 'node:events';
import { twimlServer, TOKEN } from '../fakes/twiml-server.mjs';
import { cleanEnv, program, remove, scratch, startStack } from './stack.mjs';

const folder = scratch('simulator-tls-');
after(() => remove(folder));

// A self-signed certificate for these names; file: what --ca takes.
function certificate(name, names) {
  const [key, cert] = ['key', 'pem'].map((ext) => path.join(folder, `${name}.${ext}`));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=test',
    '-addext', `subjectAltName=${names}`, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert), file: cert };
}
const HOST = 'desk.example.com', DESK = `https://${HOST}`;
const local = certificate('local', 'DNS:localhost,IP:127.0.0.1');
const desk = certificate('desk', `DNS:${HOST}`);

function dial(...args) {
  const { env = {} } = typeof args.at(-1) === 'object' ? args.pop() : {};
  return new Promise((done, failed) => {
    const child = spawn(program, ['call', '--json', '--token', TOKEN, ...args], { cwd: folder, env: cleanEnv({ FRONTDESK_DATA: folder, ...env }), stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (err += d));
    child.on('error', failed);
    child.on('close', (code) => {
      const events = out.split('\n').filter((l) => l.startsWith('{')).map((l) => JSON.parse(l));
      done({ code, out, err, summary: events.find((e) => e.event === 'summary'), errors: events.filter((e) => e.event === 'error') });
    });
  });
}

// A page that opens a stream, which says something and closes.
async function server(options, stream) {
  const fake = await twimlServer({ ...options, onStream: (s) => { s.play(200); setTimeout(() => s.close(), 400); } });
  fake.pages = {
    '/voice/incoming': () => `<Connect action="/voice/next"><Stream url="${stream ?? fake.ws}/media-stream"/></Connect>`,
    '/voice/next': '<Redirect>/moved</Redirect>',
    '/moved': { status: 302, headers: { location: '/bye' }, body: '' }, // by HTTP, which has to find its way back
    '/bye': '<Hangup/>',
    '/voice/status': { status: 204, body: '' },
  };
  return fake;
}

const whole = (fake, r) => {
  assert.equal(r.code, 0, r.out + r.err);
  assert.deepEqual(r.errors, []);
  assert.deepEqual(fake.paths(), ['/voice/incoming', '/voice/next', '/moved', '/bye', '/voice/status']);
  for (const q of fake.requests) assert.ok(q.sigOk, q.path);
  assert.equal(fake.streams[0]?.sigOk, true);
  assert.ok(r.summary.first_audio_ms >= 0);
};

describe('https and wss on loopback', { concurrency: 4 }, () => {
  test('--ca: webhooks and stream, by the address', async () => {
    const fake = await server({ tls: local });
    whole(fake, await dial('--url', fake.url, '--ca', local.file));
    await fake.close();
  });

  test('by the public name: asked for in the handshake, borne by the certificate, sent as Host', async () => {
    const fake = await server({ tls: desk, publicUrl: DESK });
    const got = await dial('--url', fake.url, '--public-url', DESK, '--ca', desk.file, { env: { https_proxy: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' } });
    whole(fake, got);
    assert.deepEqual([...new Set(fake.names)], [HOST]);
    assert.equal(fake.requests[0].headers.host, HOST);
    assert.equal(fake.streams[0].headers.host, HOST);
    await fake.close();
  });

  test('not verified: refused as Twilio does, and the log says how to trust', async () => {
    const fake = await server({ tls: local });
    const got = await dial('--url', fake.url);
    await fake.close();
    assert.equal(got.code, 1);
    assert.equal(got.summary.error, 11205);
    assert.match(got.errors[0].text, /self-signed certificate.*--ca FILE/);
    assert.deepEqual(fake.requests, []);
  });

  test('a certificate for another name is refused', async () => {
    const fake = await server({ tls: local, publicUrl: DESK });
    const got = await dial('--url', fake.url, '--public-url', DESK, '--ca', local.file);
    await fake.close();
    assert.equal(got.code, 1);
    assert.match(got.errors[0].text, /desk\.example\.com/);
    assert.deepEqual(fake.requests, []);
  });

  test('many at once', async () => {
    const fake = await server({ tls: local });
    const got = await dial('--url', fake.url, '--ca', local.file, '--calls', '12');
    await fake.close();
    assert.equal(got.code, 0, got.out + got.err);
    assert.deepEqual(got.errors, []);
    assert.equal(fake.streams.length, 12);
  });

  test('--insecure takes any', async () => {
    const fake = await server({ tls: local, publicUrl: DESK });
    whole(fake, await dial('--url', fake.url, '--public-url', DESK, '--insecure'));
    await fake.close();
  });

  // as an nginx with http2, which `make install` sets up, would: WebSockets are only in HTTP/1.1
  test('a stream where the server would rather speak HTTP/2, by the name localhost', async () => {
    const media = await twimlServer({ tls: { ...local, ALPNProtocols: ['h2', 'http/1.1'] }, onStream: (s) => s.close() });
    const fake = await server({ tls: local }, media.url.replace('https://127.0.0.1', 'wss://localhost'));
    const got = await dial('--url', fake.url, '--ca', local.file);
    await Promise.all([media.close(), fake.close()]);
    assert.deepEqual(got.errors, []);
    assert.equal(media.streams.length, 1);
  });

  for (const [what, cert, args, why] of [['not trusted', local, [], /self-signed certificate/],
    ['of another name', desk, ['--ca', desk.file], /IP address mismatch/], ['that is none', null, ['--insecure'], /handshake failed/]])
    test(`a stream with a certificate ${what}: error 31910, the call goes on`, async () => {
      const media = await twimlServer({ tls: cert });
      const fake = await server({}, media.url.replace(/^https?/, 'wss'));
      const got = await dial('--url', fake.url, ...args);
      await Promise.all([media.close(), fake.close()]);
      assert.equal(got.summary.stream_errors, 1);
      assert.equal(got.summary.error, 31910);
      assert.match(got.errors[0].text, why);
      assert.equal(media.streams.length, 0);
      assert.ok(fake.paths().includes('/bye'));
    });
});

test('the whole stack behind TLS is called by its public name', async () => {
  const stack = await startStack({ env: { PUBLIC_BASE_URL: DESK, TWILIO_AUTH_TOKEN: TOKEN } });
  const front = tls.createServer(desk, (socket) => {
    const inner = net.connect(stack.port, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const s of [socket, inner]) s.on('error', () => { socket.destroy(); inner.destroy(); });
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  try {
    const got = await dial('--url', `https://127.0.0.1:${front.address().port}`, '--public-url', DESK, '--ca', desk.file, '--hangup-after', '3');
    assert.equal(got.code, 0, got.out + got.err);
    assert.deepEqual(got.errors, []);
    assert.ok(got.summary.first_audio_ms >= 0, got.out);
  } finally {
    front.close();
    await stack.end();
  }
});
