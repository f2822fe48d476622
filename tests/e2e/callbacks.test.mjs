// Promised callbacks and reminders by command, on a running front desk: who waits is listed with the
// time it is due (the worker reckons it), and being put through, a text or a word keeps the promise.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { OWNER, TO, TOKEN, caller, closedPort, run, sid, startDesk, until } from './lib/desk.mjs';

let desk, rest;
before(async () => {
  rest = await twilioRest({ token: TOKEN });
  desk = await startDesk({ env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
});
after(async () => {
  await desk?.end();
  await rest?.close();
});

const good = async (...args) => {
  const got = await desk.cli(...args);
  assert.equal(got.code, 0, got.err);
  return got.out;
};
// A call that was to be put through.
async function rung(From, DialCallStatus) {
  const call = { CallSid: sid(), From };
  await desk.hook('/voice/incoming', call);
  await desk.hook('/voice/dial-done', { ...call, DialCallStatus });
  return call;
}
const waits = async (from) => (await good('callbacks')).split('\n').find((l) => l.includes(from));

test('who waits is listed, and what keeps a promise', async () => {
  assert.match(await good('callbacks'), /nobody waits/);
  const [one, two, three] = [caller(), caller(), caller()];
  const call = await rung(one, 'no-answer');
  await rung(two, 'busy');
  await rung(three, 'no-answer');
  await until('the worker has reckoned when', async () => /due \w+ \d+ \w+ \d\d:\d\d/.test(await waits(one)), 30000);
  assert.match(await good('callbacks', 'list', '--missed'), /^(nobody waits.*\n)?$/);
  // they call again and reach somebody
  await rung(one, 'completed');
  assert.equal(await waits(one), undefined);
  assert.ok((await desk.row(call.CallSid)).events.some((e) => e.name === 'callback_kept'));
  // they are written to; the text that promises it does not keep it
  await good('sms', 'send', '--to', two, 'callback_confirmation');
  assert.ok(await waits(two));
  await good('sms', 'send', '--to', two, 'followup');
  assert.equal(await waits(two), undefined);
  // the owner says so
  const [id] = (await waits(three)).match(/^cb_\S+/);
  await good('callbacks', 'done', id);
  assert.equal((await desk.cli('callbacks', 'done', id)).code, 1);
  assert.equal((await desk.cli('callbacks', 'done')).code, 2);
  assert.equal((await desk.cli('callbacks', 'list', 'x')).code, 2);
  assert.match(await good('callbacks'), /nobody waits/);
});

test('reminders by command', async () => {
  assert.match(await good('reminders', '--dry-run'), /no reminder is due/);
  assert.match(await good('reminders'), /no reminder is due/);
  assert.equal((await desk.cli('reminders', 'x')).code, 2);
  await good('settings', 'set', 'plumbing', 'APPOINTMENT_REMINDERS', 'soon');
  const got = await desk.cli('reminders');
  assert.equal(got.code, 1);
  assert.match(got.err, /hours like/);
});

// What comes of a press of the button, when Twilio fails in its ways: the owner is rung once at most.
for (const [what, plan, posts, made, state] of [
  ['is rung', null, 1, 1, 'sent'],
  ['is rung after Twilio asked to wait', { status: 429, retryAfter: 1 }, 2, 1, 'sent'],
  ['is not rung again when the reply is lost', { drop: true }, 1, 1, 'unknown'],
  ['is not rung again when the reply cannot be read', { malformed: true }, 1, 1, 'unknown'],
  ['is not rung again after a failure of Twilio', { status: 500 }, 1, 0, 'unknown'],
])
  test(`the owner ${what}`, async () => {
    const from = caller();
    await rung(from, 'no-answer');
    const [id] = (await waits(from)).match(/^cb_\S+/);
    const [before, asked] = [rest.calls.length, rest.requests.length];
    const requests = () => rest.requests.slice(asked).filter((r) => /Calls/.test(r.path));
    if (plan) rest.next(plan);
    for (let i = 0; i < 2; i++) {
      const got = await run(['callbacks', 'ring', id], { env: { FRONTDESK_DATA: desk.data, TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url } });
      assert.equal(got.code, 0, got.err);
    }
    const row = async () => (await good('outbox', 'list', '--all')).split('\n').find((l) => /  call  /.test(l)) ?? '';
    await until(`it is ${state}`, async () => (await row()).includes(`  ${state}  `), 20000);
    assert.equal(requests().length, posts);
    assert.equal(rest.calls.length, before + made);
    const { To, From, Url, StatusCallback, Timeout } = requests()[0].fields;
    assert.deepEqual([To, From, Timeout], [OWNER, TO, '25']);
    assert.match(Url, /\/voice\/ring-me\?id=out_\w+$/);
    assert.match(StatusCallback, /\/voice\/ring-me-status\?id=out_\w+$/);
    // the owner's phone was answered all the same: the webhook says so
    const path = new URL(Url).pathname + new URL(Url).search;
    const call = { CallSid: rest.calls.at(-1)?.sid ?? sid(), From: TO, To: OWNER };
    if (made) {
      assert.match((await desk.hook(path, call)).text, /Press 1/);
      assert.match(await row(), /  sent  /);
      await desk.hook(path.replace('ring-me', 'ring-me-done'), { ...call, DialCallStatus: 'completed' });
      assert.equal(await waits(from), undefined);
    }
  });
