// Promised callbacks and reminders by command, on a running front desk: who waits is listed with the
// time it is due (the worker reckons it), and being put through, a text or a word keeps the promise.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { caller, closedPort, sid, startDesk, until } from './lib/desk.mjs';

let desk;
before(async () => { desk = await startDesk({ env: { REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } }); });
after(() => desk?.end());

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
