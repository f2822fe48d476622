// The bridge reads frames itself once a stream has begun (ws-bridge/leg_read.c): what RFC 6455 lets a peer
// do with them, and what it does not, on both sides and through TLS.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { world } from './lib/bridge.mjs';

const TEXT = 1;
const MORE = 0;
const CLOSE = 8;
const PING = 9;

// One frame; a client's is masked.
function frame(opcode, payload = '', { final = true, client = false, reserved = 0, wide = false } = {}) {
  const body = Buffer.from(payload);
  const n = body.length;
  const head = n > 0xffff || wide ? Buffer.alloc(10) : n > 125 ? Buffer.alloc(4) : Buffer.alloc(2);
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (client ? 0x80 : 0) | (head.length === 10 ? 127 : head.length === 4 ? 126 : n);
  if (head.length === 4) head.writeUInt16BE(n, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(n), 2);
  if (!client) return Buffer.concat([head, body]);
  const mask = randomBytes(4);
  for (let i = 0; i < n; i += 1) body[i] ^= mask[i & 3];
  return Buffer.concat([head, mask, body]);
}
const closing = (code) => Buffer.from([code >> 8, code & 255]);

// In pieces of so many bytes, each in a packet of its own.
async function write(ws, bytes, step = bytes.length) {
  ws._socket.setNoDelay(true);
  for (let i = 0; i < bytes.length; i += step) {
    await new Promise((resolve) => { ws._socket.write(bytes.subarray(i, i + step), resolve); });
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

// The bridge itself reads so many sockets.
async function reads(w, n) {
  let text;
  for (const end = Date.now() + 20000; Date.now() < end;) {
    text = await (await fetch(`http://127.0.0.1:${w.bridge.port}/metrics`)).text();
    if (Number(/^frontdesk_bridge_sockets_read (\d+)$/m.exec(text)[1]) === n) return;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  throw new Error(`not ${n}:\n${text}`);
}

const said = (transcript) => JSON.stringify({ type: 'conversation.item.input_audio_transcription.completed',
  event_id: 'e', item_id: transcript.replaceAll(' ', '_'), content_index: 0, transcript });

// A message in three pieces, one of them empty, with a ping and an empty pong between them.
const cut = (text, client) => Buffer.concat([
  frame(TEXT, text.slice(0, 40), { final: false, client }), frame(PING, 'are you there?', { client }),
  frame(MORE, '', { final: false, client }), frame(10, '', { client }), frame(MORE, text.slice(40), { client })]);

async function pieces(w) {
  const { peer, session } = await w.talk();
  await reads(w, 2);
  const pongs = { model: [], caller: [] };
  session.ws.on('pong', (p) => pongs.model.push(p.toString()));
  peer.ws.on('pong', (p) => pongs.caller.push(p.toString()));
  clearInterval(peer.frames); // nobody writes between our bytes
  for (const step of [1, 7, 100000]) {
    await write(session.ws, cut(said(`words in steps of ${step}`)), step);
    await session.until(() => pongs.model.length > 0, 'a pong to the model', 20000);
    assert.deepEqual(pongs.model.splice(0), ['are you there?']);
    const sound = Buffer.alloc(160, step & 127);
    await write(peer.ws, cut(JSON.stringify({ event: 'media', sequenceNumber: '900', streamSid: peer.streamSid,
      media: { track: 'inbound', chunk: '900', timestamp: '20', payload: sound.toString('base64') } }), true), step);
    await session.until((s) => s.appends.some((a) => a.equals(sound)), 'the caller\'s sound', 20000);
    await peer.until(() => pongs.caller.length > 0, 'a pong to the caller', 20000);
    assert.deepEqual(pongs.caller.splice(0), ['are you there?']);
  }
  // longer than what is read at once, and one without any bytes
  const long = frame(TEXT, `{"type":"noise","x":"${'y'.repeat(100000)}"}`);
  await write(session.ws, Buffer.concat([long, frame(TEXT, said('behind one')), long, frame(TEXT, ''), frame(TEXT, said('behind two'))]));
  session.answers.push({ say: 'still here', ms: 100 });
  await session.respond(null);
  await peer.until((p) => p.audioMs() === 500, 'what was said behind all that', 20000);
  await peer.hangUp();
  const d = await w.ended(peer, 20000);
  assert.equal(d.call.stream_end, 'caller_left');
  const words = d.turns.filter((x) => x.who === 'caller').map((x) => x.text);
  for (const text of ['words in steps of 1', 'words in steps of 7', 'words in steps of 100000', 'behind one', 'behind two'])
    assert.ok(words.includes(text), `${text}: ${JSON.stringify(words)}`);
  await reads(w, 0);
}

test('messages in pieces, control frames between them, bytes one by one', async (t) => {
  await pieces(await world(t, { realtime: { keepAudio: true, answers: [] } }));
});

test('… and through TLS', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'desk-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = ['key', 'cert'].map((x) => join(folder, x));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  await pieces(await world(t, { realtime: { tls: { key: readFileSync(key), cert: readFileSync(cert) }, keepAudio: true, answers: [] }, env: { REALTIME_CA_FILE: cert } }));
});

// What it is told, and the code it must close with. RFC 6455 section 7.4.1: 1002, a protocol error.
const wrong = [
  ['a reserved bit', (client) => frame(TEXT, '{}', { client, reserved: 4 }), 1002],
  ['an unknown opcode', (client) => frame(3, '{}', { client }), 1002],
  ['masked by the wrong side', (client) => frame(TEXT, '{}', { client: !client }), 1002],
  ['a length in more bytes than it needs', (client) => frame(TEXT, '{}', { client, wide: true }), 1002],
  ['going on with nothing', (client) => frame(MORE, '{}', { client }), 1002],
  ['a ping in pieces', (client) => frame(PING, 'a', { client, final: false }), 1002],
  ['a ping too long', (client) => frame(PING, 'a'.repeat(126), { client }), 1002],
  ['half a code', (client) => frame(CLOSE, 'a', { client }), 1002],
  ['a close without a code', (client) => frame(CLOSE, '', { client }), 1005],
  ['a close with a code', (client) => frame(CLOSE, closing(4321), { client }), 4321],
  ['a close with a code that is none', (client) => frame(CLOSE, closing(1006), { client }), 1002],
];

test('what ends a connection: a close frame with the right code, and only that connection', async (t) => {
  const w = await world(t, { realtime: { answers: [] }, env: { SILENCE_PROMPT_S: '0', NO_WORDS_S: '0' } });
  const bystander = await w.talk();
  await reads(w, 2);
  for (const [what, bytes, code] of wrong) {
    const { peer } = await w.talk();
    await reads(w, 4);
    clearInterval(peer.frames);
    await write(peer.ws, bytes(true));
    assert.equal(await peer.closed, code, `the caller's side: ${what}`);
    assert.equal((await w.ended(peer, 20000)).call.stream_end, 'caller_left', what);
    await reads(w, 2);
  }
  for (const [what, bytes, code] of wrong) {
    const { peer, session } = await w.talk();
    await reads(w, 4);
    await write(session.ws, bytes(false));
    assert.equal(await session.closed, code, `the model's side: ${what}`);
    await w.server.session(20000); // another one takes its place
    assert.equal(peer.ws.readyState, 1, what);
    await peer.hangUp();
    const d = await w.ended(peer, 20000);
    assert.equal(d.call.stream_end, 'caller_left', what);
    assert.ok(d.events.some((e) => e.name === 'lost'), what);
    await reads(w, 2);
  }
  assert.equal(bystander.peer.ws.readyState, 1, 'the other call lives');
  await bystander.peer.hangUp();
  await reads(w, 0);
});
