// Webhooks: made over the REST interface, written with their cause, delivered by the worker to a
// receiver that verifies them with the reference library and fails as receivers do.
import { test, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { webhookSink } from '../fakes/webhook-sink.mjs';
import { caller, closedPort, run, sid, startDesk, until } from './lib/desk.mjs';

let desk, sink, token, hook;
const api = (method, path, body, headers = {}) => fetch(`${desk.url}${path}`, { method, body: body && JSON.stringify(body),
  headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers } });
before(async () => {
  sink = await webhookSink();
  desk = await startDesk({ env: { ANSWER_MODE: 'gather', WEBHOOK_ALLOW: `127.0.0.1:${sink.port}`, TEXT_OWNER_MESSAGE: 'false',
    FETCH_RECORDINGS: 'false', REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
  token = /token (\S+)/.exec((await desk.cli('token', 'new', 'hooks', '--scope', 'read write')).out)[1];
});
after(async () => { await desk?.end(); await sink?.close(); });
beforeEach(() => { sink.plans.length = 0; sink.got.length = 0; });

async function ended() {
  const call = { CallSid: sid(), From: caller() };
  await desk.hook('/voice/incoming', call);
  await desk.hook('/voice/status', { ...call, CallStatus: 'completed' });
  return call;
}

test('a webhook is made; its secret is told once', async () => {
  const made = await api('POST', '/v1/webhooks', { url: sink.url, events: ['call.completed', 'message.taken'], personal: true });
  assert.equal(made.status, 201);
  hook = await made.json();
  assert.match(hook.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  sink.secrets = [hook.secret];
  const read = await (await api('GET', `/v1/webhooks/${hook.id}`)).json();
  assert.equal(read.secret, undefined);
  assert.deepEqual(read.events, ['call.completed', 'message.taken']);
  for (const url of ['http://127.0.0.1:1/x', 'https://10.0.0.1/x', 'https://localhost/x', 'ftp://x.example.com/'])
    assert.equal((await api('POST', '/v1/webhooks', { url })).status, 422, url);
});

test('a call that is over arrives, signed, under one id', async () => {
  const call = await ended();
  await until('the event', () => sink.got.length);
  const [g] = sink.got;
  assert.deepEqual(g.verified, [true]);
  assert.equal(g.body.type, 'call.completed');
  assert.equal(g.body.data.from_number, call.From);
  assert.equal(g.body.data.call_sid, call.CallSid);
});

for (const [what, plan, ms] of [['429 with Retry-After', { status: 429, retryAfter: 2 }, 2000], ['a lost reply', { drop: true }, 5000],
  ['a redirect, which is not followed', { status: 302, location: 'http://169.254.169.254/' }, 5000]])
  test(`${what}: again in ${ms} ms, under the same id`, async () => {
    sink.next(plan);
    await ended();
    await until('two attempts', () => sink.got.length === 2);
    const [first, second] = sink.got;
    assert.equal(first.id, second.id);
    assert.ok(second.at - first.at >= ms, `${second.at - first.at} ms`);
    assert.deepEqual([first.verified, second.verified], [[true], [true]]);
    assert.deepEqual(first.body, second.body);
  });

test('rotation: both secrets sign for a day', async () => {
  const { secret } = await (await api('POST', `/v1/webhooks/${hook.id}/rotate`)).json();
  sink.secrets = [hook.secret, secret];
  const { delivery } = await (await api('POST', `/v1/webhooks/${hook.id}/test`)).json();
  await until('the test', () => sink.got.length);
  assert.equal(sink.got[0].id, delivery);
  assert.deepEqual(sink.got[0].verified, [true, true]);
});

test('410 switches it off, shown under what needs attention; on again by PATCH, and sent once more', async () => {
  sink.next({ status: 410, body: 'gone <script>' });
  await ended();
  await until('gone', async () => (await (await api('GET', `/v1/webhooks/${hook.id}`)).json()).state === 'gone');
  assert.match((await desk.cli('outbox', 'list')).out, /webhook {2}failed[^]*410/);
  const n = sink.got.length;
  await ended();
  const read = await api('GET', `/v1/webhooks/${hook.id}`);
  assert.equal((await api('PATCH', `/v1/webhooks/${hook.id}`, { state: 'on' }, { 'if-match': '"99"' })).status, 412);
  assert.equal((await api('PATCH', `/v1/webhooks/${hook.id}`, { state: 'on' }, { 'if-match': read.headers.get('etag') })).status, 200);
  const { deliveries } = await (await api('GET', `/v1/webhooks/${hook.id}/deliveries`)).json();
  const failed = deliveries.find((d) => d.state === 'failed');
  const again = await api('POST', `/v1/webhooks/${hook.id}/deliveries/${failed.id}`);
  assert.equal(again.status, 202);
  await until('it, beside what happened meanwhile', () => sink.got.slice(n).some((g) => g.id === failed.id));
  const { delivery } = await again.json();
  const rows = await until('its end', async () => {
    const all = (await (await api('GET', `/v1/webhooks/${hook.id}/deliveries`)).json()).deliveries;
    return all.find((d) => d.id === delivery).state === 'sent' && all;
  });
  assert.equal(rows.find((d) => d.id === delivery).webhook_id, failed.id);
  assert.equal(rows.find((d) => d.id === failed.id).state, 'dropped'); // it needs no attention any more
});

const deliveries = async () => (await (await api('GET', `/v1/webhooks/${hook.id}/deliveries`)).json()).deliveries;

test('the worker is killed while the receiver has it: once more, under the same id', async () => {
  sink.next({ hold: 600000 });
  await ended();
  await until('the receiver has it', () => sink.got.length === 1);
  await desk.kill('worker');
  await until('it comes once more', () => sink.got.length === 2);
  const [first, second] = sink.got;
  assert.equal(second.id, first.id);
  assert.equal(second.text, first.text);
  assert.ok(second.verified.includes(true));
  await until('it is known as sent', async () => (await deliveries()).find((d) => d.id === first.id).state === 'sent');
});

test('killed in the moment of the answer, written down or not: none is lost, and no other id is made up', async () => {
  const ids = [];
  for (let i = 0; i < 3; i++) {
    const was = desk.pid('worker');
    sink.next({ answered: () => process.kill(was, 'SIGKILL') });
    const { delivery } = await (await api('POST', `/v1/webhooks/${hook.id}/test`)).json();
    ids.push(delivery);
    await until('another worker', () => (desk.pid('worker') ?? was) !== was);
  }
  await until('all are known as sent', async () => {
    const rows = await deliveries();
    return ids.every((id) => rows.find((d) => d.id === id).state === 'sent');
  });
  for (const id of ids) {
    const copies = sink.got.filter((g) => g.id === id);
    assert.ok(copies.length >= 1, `${id} is lost`);
    assert.equal(new Set(copies.map((g) => g.text)).size, 1);
  }
  assert.deepEqual([...new Set(sink.got.map((g) => g.id))].sort(), [...ids].sort());
});

test('by command: add, list, set, test, sent, again, rotate, off, on, remove', async () => {
  const cli = (...args) => run(['webhooks', ...args], { env: { FRONTDESK_DATA: desk.data, WEBHOOK_ALLOW: `127.0.0.1:${sink.port}` } });
  const say = async (...args) => {
    const got = await cli(...args);
    assert.equal(got.code, 0, got.out + got.err);
    return got.out;
  };
  assert.match(await say('events'), /^call\.completed$[^]*^alert\.raised$/m);
  const made = await say('add', `${sink.url}/cli-secret`, '--events', 'lead.created, alert.raised', '--format', 'flat');
  const id = /^(wh_\S+) /.exec(made)[1];
  sink.secrets = [/^secret (whsec_\S+)/m.exec(made)[1]];
  assert.match(made, /events lead\.created alert\.raised {2}flat$/m);
  const listed = await say();
  assert.match(listed, new RegExp(`^${id} {2}on `, 'm'));
  assert.doesNotMatch(listed, /whsec_|cli-secret/); // what may be a secret is not shown
  assert.match(await say('set', id, '--events', '*', '--personal', 'yes'), /events \* {2}flat {2}with personal data/);
  const test = /^(out_\S+):/.exec(await say('test', id))[1];
  await until('the test', () => sink.got.some((g) => g.id === test));
  assert.deepEqual(sink.got.find((g) => g.id === test).verified, [true]);
  await until('it is listed as sent', async () => new RegExp(`^${test} .* sent `, 'm').test(await say('sent', id)));
  const more = /^(out_\S+):/.exec(await say('again', id, test))[1];
  assert.notEqual(more, test);
  await until('it comes once more', () => sink.got.filter((g) => g.id === test).length === 2);
  assert.match(await say('sent', id), new RegExp(`^${more} .*once more: ${test}$`, 'm'));
  assert.match(await say('rotate', id), /^secret whsec_/);
  assert.match(await say('off', id), /  off  /);
  assert.match(await say('on', id), /  on  /);
  for (const [code, ...args] of [[1, 'add', 'http://10.0.0.1/x'], [1, 'add', 'https://hooks.example.com/', '--events', 'lead.lost'],
    [1, 'add', 'https://hooks.example.com/', '--format', 'xml'], [2, 'add'], [2, 'list', 'x'], [2, 'on', id, '--events', '*'],
    [2, 'add', 'https://hooks.example.com/', '--personal', 'perhaps'], [1, 'test', 'wh_none'], [1, 'again', id, 'out_none'], [2, 'again', id], [2, 'hook']]) {
    const got = await cli(...args);
    assert.equal(got.code, code, `${args}: ${got.out}${got.err}`);
    assert.match(got.err, /frontdesk/);
  }
  assert.match(await say('remove', id), /^removed/);
  assert.equal((await cli('remove', id)).code, 1);
});

test('removed', async () => {
  assert.equal((await (await api('GET', '/v1/webhooks')).json()).webhooks.length, 1);
  assert.equal((await api('DELETE', `/v1/webhooks/${hook.id}`)).status, 204);
  assert.equal((await api('GET', `/v1/webhooks/${hook.id}`)).status, 404);
});
