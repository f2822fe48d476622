// Texts to callers who had to leave a message: through webhook, outbox, worker and a stand-in for
// Twilio's REST service that fails in every way we know. Nothing is sent twice, nothing is lost
// without somebody being told.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { OWNER, TO, TOKEN, alive, caller, closedPort, sid, sleep, startDesk, until } from './lib/desk.mjs';

let desk, rest;
before(async () => {
  rest = await twilioRest({ token: TOKEN });
  desk = await startDesk({ env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, TEXT_OWNER_MESSAGE: 'false', FETCH_RECORDINGS: 'false', OUTBOX_ASK_MS: '300', REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
});
after(async () => {
  await desk?.end();
  await rest?.close();
});
beforeEach(() => { rest.plans.length = 0; rest.always = null; rest.lists = false; });

const recorded = () => ({ RecordingSid: `RE${crypto.randomBytes(16).toString('hex')}`, RecordingUrl: 'https://api.example.com/r', RecordingDuration: '7' });
// A call whose caller leaves a message.
async function message(from = caller(), more = {}) {
  const call = { CallSid: sid(), From: from, ...more };
  await desk.hook('/voice/incoming', call);
  await desk.hook('/voice/voicemail', call);
  const done = await desk.hook('/voice/voicemail-done', { ...call, ...recorded() });
  assert.match(done.text, /We have your message/);
  return { ...call, at: Date.now() };
}
const events = async (call) => (await desk.row(call.CallSid)).events.map((e) => e.name);
const sawEvent = (call, name, ms = 15000) => until(`${name} on the timeline`, async () => (await events(call)).includes(name), ms)
  .catch(async (e) => { e.message += ` ${await events(call)} ${JSON.stringify(rest.requests.slice(-2))}`; throw e; });
const of = (call) => rest.messages.filter((m) => m.To === call.From);
const asked = (call) => rest.requests.filter((r) => r.fields.To === call.From);
// Rows as `frontdesk outbox list` shows them.
async function list(...args) {
  const { code, out, err } = await desk.cli('outbox', 'list', ...args);
  assert.equal(code, 0, err);
  return out.split('\n').filter((l) => /^out_/.test(l)).map((l) => {
    const [id, , kind, state] = l.split('  ');
    return { id, kind, state, line: l };
  });
}

describe('a caller leaves a message', () => {
  test('and is told in a text, once, within 2 s, and the timeline says so', async () => {
    const call = await message();
    await until('the text', () => of(call).length > 0, 2000);
    await sawEvent(call, 'text_sent');
    const [m] = of(call);
    assert.deepEqual([m.From, m.Body], [TO, 'Harwick Plumbing: we have your message and call you back. If water is running, close the main valve.']);
    // the recording is reported again, a second message is left: it stays one text
    await desk.hook('/voice/recording-status', { CallSid: call.CallSid, RecordingStatus: 'completed', ...recorded() });
    await sleep(700);
    assert.equal(of(call).length, 1);
    const names = await events(call);
    assert.ok(names.indexOf('text_queued') < names.indexOf('text_sent'), names.join(' '));
    // Twilio's reports, out of order and twice
    assert.equal(await rest.report(m, 'sent'), 204);
    assert.equal(await rest.report(m, 'delivered'), 204);
    assert.equal(await rest.report(m, 'delivered'), 204);
    assert.equal(await rest.report(m, 'queued'), 204);
    const row = await desk.row(call.CallSid);
    assert.equal(row.events.filter((e) => e.name === 'text_delivered').length, 1);
    assert.equal((await list('--all')).find((r) => m.StatusCallback.endsWith(r.id)).state, 'delivered');
    assert.deepEqual(await list(), []);
    // a stranger's report changes nothing
    assert.equal(await rest.report(m, 'failed', { signWith: 'somebody' }), 403);
    assert.equal((await desk.hook('/sms/status?id=out_nobody', { MessageStatus: 'delivered' })).status, 204);
    assert.equal((await desk.hook('/sms/status?id=out_nobody', { MessageStatus: 'strange' })).status, 204);
  });

  for (const [what, from, why] of [
    ['a withheld caller', 'anonymous', /withheld/],
    ['the owner', OWNER, /owner's own/],
    ['a toll-free number', '+18005550134', /cannot take texts/],
  ])
    test(`${what} gets none, and the timeline says why`, async () => {
      const call = await message(from);
      const row = await desk.row(call.CallSid);
      assert.match(row.events.find((e) => e.name === 'text_not_sent').detail, why);
      await sleep(600);
      assert.equal(asked(call).length, 0);
    });
});

describe('Twilio', () => {
  test('asks to wait: it is waited for as long, and sent once', async () => {
    rest.next({ status: 429, retryAfter: 2 });
    const call = await message();
    await until('the first try', () => asked(call).length === 1);
    const other = await message(); // the limit is the account's: nobody else is sent for either
    await sawEvent(call, 'text_sent');
    await sawEvent(other, 'text_sent');
    const [first, second] = asked(call);
    assert.ok(second.at - first.at >= 2000, `${second.at - first.at} ms`);
    assert.ok(asked(other)[0].at - first.at >= 1950, `${asked(other)[0].at - first.at} ms`);
    assert.equal(of(call).length, 1);
  });

  test('asks to wait and does not say how long: our own back-off holds', async () => {
    rest.next({ status: 429 });
    const call = await message();
    await sawEvent(call, 'text_sent');
    assert.equal(asked(call).length, 2);
    assert.ok(asked(call)[1].at - asked(call)[0].at >= 1900);
  });

  for (const [what, plan] of [
    ['fails with a 500', { status: 500 }],
    ['takes it and the reply is lost', { drop: true }],
    ['cuts the line', { cut: true }],
    ['answers what is no JSON', { malformed: true }],
  ])
    test(`${what}: never again by itself, and it is shown`, async () => {
      rest.next({}, plan);
      await sawEvent(await message(), 'text_sent'); // so that a kept connection would be there
      const call = await message();
      await sawEvent(call, 'text_unknown');
      await sleep(3000); // longer than the first back-off
      assert.equal(asked(call).length, 1);
      const shown = (await list()).find((r) => r.state === 'unknown');
      assert.match(shown.line, /may have been sent before/);
      // a person decides; an unclear one only by an explicit word
      const no = await desk.cli('outbox', 'retry', shown.id);
      assert.equal(no.code, 1);
      assert.match(no.err, /--anyway/);
      const yes = await desk.cli('outbox', 'retry', shown.id, '--anyway');
      assert.equal(yes.code, 0, yes.err);
      await sawEvent(call, 'text_sent');
      assert.equal(asked(call).length, 2);
      assert.deepEqual(await list(), []);
    });

  test('took it, the reply is lost, and then reports it: no doubt is left', async () => {
    rest.next({ drop: true });
    const call = await message();
    await sawEvent(call, 'text_unknown');
    assert.equal((await list()).length, 1);
    await rest.report(of(call)[0], 'delivered');
    await sawEvent(call, 'text_delivered');
    assert.deepEqual(await list(), []);
  });

  for (const [code, status, words] of [[21610, 400, /opted out/], [21614, 400, /not a mobile phone/]])
    test(`refuses with ${code}: final, told, and this caller is not tried again`, async () => {
      const from = caller();
      rest.next({ status, code, message: `no for ${from}` });
      const call = await message(from);
      await sawEvent(call, 'text_refused');
      const row = await desk.row(call.CallSid);
      assert.match(row.events.find((e) => e.name === 'text_refused').detail, words);
      assert.deepEqual(await list(), []); // nobody can do anything about it
      const again = await message(from);
      assert.match((await desk.row(again.CallSid)).events.find((e) => e.name === 'text_not_sent').detail, /refused one before/);
      assert.equal(asked(call).length, 1);
      assert.ok(!desk.stack.err.includes(from.slice(1)), 'the number is in the log');
    });

  test('finds out later that it is a landline (30006)', async () => {
    const call = await message();
    await sawEvent(call, 'text_sent');
    await rest.report(of(call)[0], 'undelivered', { code: 30006 });
    const row = await desk.row(call.CallSid);
    assert.match(row.events.find((e) => e.name === 'text_undelivered').detail, /landline/);
    assert.deepEqual(await list(), []);
    const again = await message(call.From);
    assert.ok((await events(again)).includes('text_not_sent'));
  });

  test('does not know our account: given up, shown, and sent by retry once that is mended', async () => {
    rest.next({ status: 401, code: 20003, message: 'Authenticate' });
    const call = await message();
    await sawEvent(call, 'text_failed');
    const { out } = await desk.cli('outbox', 'list');
    assert.match(out, /failed[^]*does not accept our account and token/);
    const [row] = await list();
    assert.equal((await desk.cli('outbox', 'retry', row.id)).code, 0);
    await sawEvent(call, 'text_sent');
    assert.equal((await desk.cli('outbox', 'retry', row.id)).code, 1); // it is sent
    assert.equal((await desk.cli('outbox', 'retry')).code, 2);
    assert.equal((await desk.cli('outbox', 'list', 'x')).code, 2);
  });

  test('is slow: the clock\'s other jobs and the next call do not wait', async () => {
    rest.next({ slow: 3000 });
    const call = await message();
    await until('the slow request', () => asked(call).length === 1);
    const answer = await desk.hook('/voice/incoming');
    assert.ok(answer.ms < 1000, `${answer.ms} ms`);
    await sawEvent(call, 'text_sent');
    assert.equal(of(call).length, 1);
  });
});

describe('the worker', () => {
  test('is killed between claim and answer: sent once, shown as unknown, the next text goes', async () => {
    rest.next({ slow: 4000 });
    const call = await message();
    await until('the request is on its way', () => asked(call).length === 1);
    await desk.kill('worker');
    await sawEvent(call, 'text_unknown', 20000);
    const next = await message();
    await sawEvent(next, 'text_sent');
    await sleep(4500); // by now the slow one has been accepted
    assert.equal(asked(call).length, 1);
    const [row] = await list();
    assert.match(row.line, /unknown/);
    await rest.report(of(call)[0], 'sent');
    assert.deepEqual(await list(), []);
  });

  test('is dead while messages come in: all are sent when it is back, each once', async () => {
    const supervisor = desk.stack.child;
    supervisor.kill('SIGSTOP');
    const was = desk.pid('worker');
    process.kill(was, 'SIGKILL');
    const calls = [];
    try {
      for (let i = 0; i < 5; i++) calls.push(await message());
      await sleep(500);
      assert.equal(calls.flatMap(asked).length, 0);
    } finally {
      supervisor.kill('SIGCONT');
    }
    for (const call of calls) await sawEvent(call, 'text_sent', 30000);
    assert.deepEqual(calls.map((c) => of(c).length), [1, 1, 1, 1, 1]);
    assert.equal(alive(was), false);
  });

  test('is told to stop in the middle of a request: it ends it first', async () => {
    rest.next({ slow: 1500 });
    const call = await message();
    await until('the request is on its way', () => asked(call).length === 1);
    process.kill(desk.pid('worker'), 'SIGTERM');
    await sawEvent(call, 'text_sent', 20000);
    assert.equal(of(call).length, 1);
  });
});

test('a business that wants no such texts sends none', async () => {
  const got = await desk.cli('settings', 'set', 'plumbing', 'TEXT_AFTER_MESSAGE', 'false');
  assert.equal(got.code, 0, got.err);
  const call = await message();
  await sleep(600);
  assert.equal(asked(call).length, 0);
  assert.ok(!(await events(call)).some((n) => n.startsWith('text_')));
  await desk.cli('settings', 'set', 'plumbing', 'TEXT_AFTER_MESSAGE', 'true');
});

test('afterwards: one request of a business at a time, no secret in the log, a whole database', async () => {
  assert.equal(rest.most, 1);
  assert.ok(!desk.stack.err.includes(TOKEN));
  assert.ok(!/close the main valve/.test(desk.stack.err));
  await desk.assertWhole();
});
