// The voice model is asked by the clock whether it would talk: who owns the business hears of it by
// text when it would not, and when it does again.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { OWNER, TOKEN, startDesk, until } from './lib/desk.mjs';

let desk, rest, model, well = false;
before(async () => {
  model = http.createServer().on('upgrade', (req, socket) => {
    const accept = createHash('sha1').update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.on('error', () => {});
    socket.end(well ? `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
      : 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await once(model, 'listening');
  rest = await twilioRest({ token: TOKEN });
  desk = await startDesk({ env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, MODEL_PROBE_MINUTES: '1',
    REALTIME_URL: `ws://127.0.0.1:${model.address().port}/v1/realtime` } });
});
after(async () => {
  await desk?.end();
  await rest?.close();
  model?.close();
});

const texts = (words) => rest.messages.filter((m) => m.To === OWNER && words.test(m.Body));

test('a model that refuses is told of, once, and so is its coming back', async () => {
  await until('the owner hears of it', () => texts(/refuses the key \(HTTP 401\)/).length, 180000);
  well = true;
  await until('and that it is over', () => texts(/answers again/).length, 180000);
  assert.equal(texts(/refuses the key/).length, 1);
  assert.equal(texts(/answers again/).length, 1);
});
