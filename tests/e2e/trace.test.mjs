// One call followed by its trace id (W3C Trace Context) through the logs of all programs, which are JSON:
// nginx, hook, bridge, worker; and on to the receiver of a webhook. nginx is a second one in front, with
// the stack's own configuration, that writes the log the installed site writes.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { webhookSink } from '../fakes/webhook-sink.mjs';
import { caller, closedPort, sid, startDesk, until } from './lib/desk.mjs';
import { ask, listens } from './stack.mjs';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736', SPAN = '00f067aa0ba902b7';
let desk, sink, nginx, log;

const lines = (text) => text.split('\n').filter((l) => l.startsWith('{')).map((l) => JSON.parse(l));
const ours = () => lines(desk.stack.err); // hook, api, admin, bridge, worker
const front = () => lines(fs.readFileSync(log, 'utf8'));

before(async () => {
  sink = await webhookSink();
  const port = await closedPort();
  desk = await startDesk({ env: { LOG_FORMAT: 'json', LOG_LEVEL: 'info', PUBLIC_BASE_URL: `http://127.0.0.1:${port}`, WEBHOOK_ALLOW: `127.0.0.1:${sink.port}`,
    REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
  const run = path.join(desk.data, 'run');
  log = path.join(desk.data, 'front.log');
  const conf = desk.stack.file('run/nginx.conf').replace(`${run}/nginx.pid`, `${run}/front.pid`)
    .replace(`listen 127.0.0.1:${desk.stack.port}`, `access_log "${log}" frontdesk_json;\n        listen 127.0.0.1:${port}`);
  assert.ok(conf.includes('frontdesk_json') && conf.includes(`:${port}`) && conf.includes('front.pid'), conf);
  fs.writeFileSync(path.join(run, 'front.conf'), conf);
  nginx = spawn('/usr/sbin/nginx', ['-p', run, '-c', path.join(run, 'front.conf'), '-e', 'stderr'], { stdio: 'ignore' });
  await until('the front listens', () => listens(port));
  desk.url = `http://127.0.0.1:${port}`;
});
after(async () => {
  if (nginx) {
    const gone = new Promise((done) => nginx.on('close', done));
    nginx.kill('SIGTERM');
    await gone;
  }
  await desk?.end();
  await sink?.close();
});

test('a call is one trace in the logs of all that had to do with it', async () => {
  const token = /token (\S+)/.exec((await desk.cli('token', 'new', 'hooks', '--scope', 'read write')).out)[1];
  const made = await fetch(`${desk.url}/v1/webhooks`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: sink.url, events: ['call.completed'] }) });
  assert.equal(made.status, 201);
  const call = await desk.dial('--text', '--say', 'please call me back about my water heater', '--say', 'Charlie Brown', '--say', 'yes', '--say', 'tomorrow morning',
    '--say', 'yes', '--say', 'no').over();
  await until('the webhook', () => sink.got.length, 60000);

  const of = (program, more = () => true) => ours().filter((l) => l.program === program && l.sid === call.sid && more(l));
  const [first] = of('hook', (l) => l.event === 'voice.incoming');
  assert.match(first.trace, /^[0-9a-f]{32}$/);
  const { trace } = first;

  // hook: each webhook of the call, though Twilio sends no trace
  const pages = of('hook', (l) => l.event === 'http.request');
  assert.ok(pages.length >= 3, JSON.stringify(pages));
  for (const l of of('hook')) assert.equal(l.trace, trace, JSON.stringify(l));
  // nginx: its lines of the same requests, found by their request ids, too
  for (const page of pages) {
    const same = front().filter((l) => l.rid === page.rid);
    assert.deepEqual(same.map((l) => [l.trace, l.sid, l.status]), [[trace, call.sid, page.status]]);
  }
  // bridge: from the stream's claim on; nginx's line of the stream is found by its request id
  const bridge = of('bridge', (l) => l.trace === trace);
  assert.ok(bridge.some((l) => l.event === 'call.claimed') && bridge.some((l) => l.event === 'call.closed'), JSON.stringify(of('bridge')));
  const stream = await until('the stream in the log of nginx', () => front().find((l) => l.path.startsWith('/media-stream') && l.rid === bridge[0].rid));
  assert.equal(stream.status, 101);
  // worker: what came after the call, and the delivery
  await until('the worker', () => ['after.call', 'webhook.post', 'outbox.done'].every((e) => of('worker', (l) => l.event === e && l.trace === trace).length), 60000);
  // the receiver: a step of its own in the same trace
  const [, sent, span] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(sink.got[0].headers.traceparent);
  assert.equal(sent, trace);
  assert.notEqual(span, trace.slice(0, 16));
  // and no other call's
  const other = await desk.hook('/voice/incoming', { From: caller() });
  const [theirs] = ours().filter((l) => l.event === 'voice.incoming' && l.sid === other.sid);
  assert.match(theirs.trace, /^[0-9a-f]{32}$/);
  assert.notEqual(theirs.trace, trace);
});

test('a trace that somebody has begun goes on; what is none is not taken', async () => {
  const asked = async (traceparent) => {
    const rid = `trace-test-${sid()}`.slice(0, 60);
    const res = await ask(`${desk.url}/v1/calls`, { headers: { 'x-request-id': rid, ...(traceparent ? { traceparent } : {}) } });
    for (const name of ['x-frontdesk-trace', 'x-frontdesk-sid']) assert.equal(res.headers.get(name), null); // between ourselves
    const here = await until('the line', () => ours().find((l) => l.rid === rid && l.event === 'http.request'));
    const there = await until('the line of nginx', () => front().find((l) => l.rid === rid));
    assert.equal(here.trace, there.trace);
    return here.trace;
  };
  assert.equal(await asked(`00-${TRACE}-${SPAN}-01`), TRACE);
  assert.equal(await asked(`cc-${TRACE}-${SPAN}-00-more`), TRACE);
  for (const bad of [undefined, `00-${TRACE}-${SPAN}-01-x`, `ff-${TRACE}-${SPAN}-01`, `00-${'0'.repeat(32)}-${SPAN}-01`, `00-${TRACE.toUpperCase()}-${SPAN}-01`, 'nonsense']) {
    const trace = await asked(bad);
    assert.match(trace, /^[0-9a-f]{32}$/, bad);
    assert.notEqual(trace, TRACE, bad);
  }
});
