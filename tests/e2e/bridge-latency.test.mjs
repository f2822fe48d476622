// How long a caller waits is measured, kept by turn, and shown by day and to Prometheus.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { world } from './lib/bridge.mjs';
import { build } from './stack.mjs';

const run = promisify(execFile);
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function metrics(w) {
  const res = await fetch(`http://127.0.0.1:${w.bridge.port}/metrics`);
  assert.equal(res.status, 200);
  assert.match(res.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const text = await res.text();
  const values = new Map();
  for (const line of text.split('\n')) {
    if (!line || line.startsWith('#')) continue;
    const m = /^([a-z_]+(?:\{[a-z]+="[^"]+"\})?) ([0-9.e+-]+)$/.exec(line);
    assert.ok(m, `not a line of the format: ${line}`);
    values.set(m[1], Number(m[2]));
  }
  for (const name of values.keys()) {
    const plain = name.replace(/\{.*/, '').replace(/_(bucket|sum|count)$/, '');
    assert.ok(text.includes(`# TYPE ${plain} `) || text.includes(`# TYPE ${name.replace(/\{.*/, '')} `), `${name} has a type`);
  }
  return (name) => {
    assert.ok(values.has(`frontdesk_bridge_${name}`), name);
    return values.get(`frontdesk_bridge_${name}`);
  };
}

const rows = (text) => [...text.matchAll(/^ {2}(\d{4}-\d\d-\d\d) +(\d+) +(\d+) ms +(\d+) ms +(\d+) ms +(\d+) ms, (\d+) ms, ([\d.]+) ms$/gm)]
  .map((m) => ({ day: m[1], n: +m[2], p50: +m[3], p95: +m[4], p99: +m[5], model: +m[6], tool: +m[7], own: +m[8] }));

test('a turn is measured from the caller\'s last sound to our first one at the socket', async (t) => {
  const w = await world(t, { realtime: { answers: [
    { say: 'At ten.', ms: 200 },
    { tool: 'schedule_callback', args: { name: 'Dana', reason: 'dripping tap', when_text: 'tomorrow', urgency: 'normal' } },
    { say: 'Sal will call you.', ms: 200 }] } });
  let m = await metrics(w);
  assert.equal(m('answer_seconds_count'), 0);
  const { peer, session } = await w.talk();
  await session.caller('when are you open', { answer: false });
  await sleep(400);
  await session.respond(null);
  await w.heard(peer, session);
  await session.caller('call me', { ms: 300 });
  await session.until((s) => s.of('response.create').length === 2, 'answer to the result');
  await w.heard(peer, session);
  m = await metrics(w);
  assert.equal(m('calls'), 1);
  assert.equal(m('answer_seconds_count'), 1);
  assert.equal(m('turn_seconds_count'), 2);
  assert.equal(m('turn_seconds_bucket{le="+Inf"}'), 2);
  assert.ok(m('turn_seconds_sum') > 0.4, 'the pause of the model is in it');
  assert.ok(m('turn_seconds_bucket{le="0.3"}') <= 1, 'the slow one is not among the quick ones');
  assert.equal(m('tools_total'), 1);
  assert.equal(m('tool_seconds_count'), 1);
  assert.equal(m('turn_own_seconds_count'), 3);
  await peer.hangUp();
  await w.ended(peer);
  const { stdout } = await run(join(build, 'bin/frontdesk'), ['latency'], { env: w.db.env, cwd: w.db.folder });
  const [answer, turns] = stdout.split('From the caller');
  assert.equal(rows(answer).length, 1, stdout);
  assert.equal(rows(answer)[0].n, 1);
  const [day] = rows(turns);
  assert.equal(day.n, 2);
  assert.ok(day.p99 >= 400 && day.p99 < 5000, stdout);
  assert.ok(day.p50 <= day.p95 && day.p95 <= day.p99);
  assert.ok(day.model + day.tool + day.own <= day.p99, stdout);
});

test('what nobody answered is no turn; a caller who goes on starts it anew', async (t) => {
  const w = await world(t, { realtime: { answers: [{ say: 'Yes.', ms: 200 }] } });
  const { peer, session } = await w.talk();
  await session.caller('I would', { answer: false });
  await sleep(600);
  await session.caller('like to know', { answer: false });
  await session.respond(null);
  await w.heard(peer, session);
  const m = await metrics(w);
  assert.equal(m('turn_seconds_count'), 1);
  assert.ok(m('turn_seconds_sum') < 0.5, `${m('turn_seconds_sum')} counts from the last words only`);
  await peer.hangUp();
});

test('refusals are counted by reason, and no other page is there', async (t) => {
  const w = await world(t);
  const peer = await w.peer();
  peer.params = { token: 'wrong' };
  await peer.open();
  peer.begin();
  await peer.closed;
  assert.equal((await metrics(w))('refused_total{why="token"}'), 1);
  assert.equal((await fetch(`http://127.0.0.1:${w.bridge.port}/metrics/`)).status, 404);
});
