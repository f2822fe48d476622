// Texts by name: rendered and sent from a terminal, through the outbox, to a stand-in for Twilio. Who
// opted out gets none, the night is quiet, alerts overtake, and a lost answer is asked for.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { TO, TOKEN, caller, closedPort, sleep, startDesk, until } from './lib/desk.mjs';

let desk, rest;
before(async () => {
  rest = await twilioRest({ token: TOKEN });
  desk = await startDesk({ env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, OUTBOX_ASK_MS: '200', REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
});
after(async () => {
  await desk?.end();
  await rest?.close();
});
beforeEach(() => { rest.plans.length = 0; rest.always = null; });

const of = (to) => rest.messages.filter((m) => m.To === to);
const posts = (to) => rest.requests.filter((r) => r.fields.To === to);
const arrived = (to) => until(`the text to ${to}`, () => of(to).length > 0);
async function sms(...args) {
  const got = await desk.cli('sms', ...args);
  assert.equal(got.code, 0, got.err);
  return { ...got, at: Date.now() };
}
// The newest row of the outbox, as `frontdesk outbox list --all` shows it.
async function newest() {
  const { code, out, err } = await desk.cli('outbox', 'list', '--all');
  assert.equal(code, 0, err);
  const [line, ...more] = out.split('\n');
  const [id, , , state] = line.split('  ');
  return { id, state, line, why: more[0] ?? '' };
}
const ends = (state) => until(`a row that is ${state}`, async () => (await newest()).state === state);

describe('sms render', () => {
  test('shows the words, the alphabet and the segments', async () => {
    const { out } = await sms('render', 'appointment_reminder', 'when=Friday at 3 pm', 'name=Dana');
    assert.equal(out, 'Reminder for Dana: Friday at 3 pm. Reply Y to confirm, C to cancel. To change it, text or call this number. Harwick Plumbing\n(GSM-7, 124 characters, 1 segment)\n');
    const other = await sms('render', 'appointment_reminder', 'when=Friday at 3 pm', 'name=Dana’s');
    assert.match(other.out, /\(UCS-2, 126 characters, 2 segments\)\n\("’" is not in the GSM alphabet/);
  });
  test('takes the business\'s own words', async () => {
    const { out } = await sms('render', 'appointment_confirmation', 'when=Friday at 3', 'service=drain cleaning', 'address=12 Elm St');
    assert.match(out, /^Harwick Plumbing: drain cleaning on Friday at 3 at 12 Elm St\. .*own words\)/s);
  });
  test('refuses what does not fit, by name', async () => {
    for (const [args, why] of [
      [['appointment_reminder'], /needs "when"/],
      [['appointment_reminder', 'when=now', 'wen=then'], /no variable "wen"; it has: name, when/],
      [['appointment_reminder', `when=${'x'.repeat(81)}`], /may have 80 characters; it has 81/],
      [['review_request', 'link=ftp://x'], /must be a link/],
      [['reminder', 'when=now'], /no text "reminder"/],
    ]) {
      const got = await desk.cli('sms', 'render', ...args);
      assert.equal(got.code, 1, args.join(' '));
      assert.match(got.err, why);
      assert.equal(got.out, '');
    }
    assert.equal((await desk.cli('sms', 'render', 'missed_call', 'x')).code, 2);
    assert.equal((await desk.cli('sms', 'render')).code, 2);
  });
  test('sms list tells the names and their values', async () => {
    const { out } = await sms('list');
    assert.ok(out.match(/^[a-z_]+: /gm).length >= 15);
    assert.match(out, /appointment_confirmation: .*\n {4}name .*may be left out\n {4}when +words +up to 80\n/);
  });
});

describe('sms send', () => {
  test('goes through the outbox, once for a key', async () => {
    const to = caller();
    await sms('send', '--to', to, '--key', 'visit-7', 'missed_call');
    await arrived(to);
    assert.deepEqual([of(to)[0].From, of(to)[0].Body], [TO, 'Harwick Plumbing: sorry we missed you. Reply with your address and what is wrong, and we call back.']);
    const again = await desk.cli('sms', 'send', '--to', to, '--key', 'visit-7', 'missed_call');
    assert.equal(again.code, 1);
    assert.match(again.err, /queued before/);
    await ends('sent');
    assert.equal(of(to).length, 1);
    assert.equal((await desk.cli('sms', 'send', '--to', '911', 'missed_call')).code, 1);
    assert.equal((await desk.cli('sms', 'send', 'missed_call')).code, 2);
  });

  test('is on its way soon after it is written', async (t) => {
    const took = [];
    for (let i = 0; i < 5; i++) {
      const to = caller();
      const { at } = await sms('send', '--to', to, 'missed_call');
      await until('the request', () => posts(to).length > 0);
      took.push(posts(to)[0].at - at);
    }
    t.diagnostic(`request at Twilio after the command's end: ${took.join(', ')} ms`);
    assert.ok(Math.min(...took) < 250, took.join(' '));
  });

  test('who opted out gets nothing, until they want texts again', async () => {
    const to = caller();
    await sms('stop', to);
    await sms('send', '--to', to, 'missed_call');
    await ends('opted_out');
    assert.match((await newest()).why, /no more texts/);
    assert.equal((await desk.cli('outbox', 'list')).out, 'nothing needs attention\n');
    await sms('send', '--to', to, 'opt_out'); // the answer to that very word
    await arrived(to);
    await sms('start', to);
    await sms('send', '--to', to, 'followup');
    await until('the next one', () => of(to).length === 2);
    assert.equal(posts(to).length, 2);
  });

  test('who opted out at Twilio has opted out here', async () => {
    const to = '+15005550004'; // Twilio's magic number for that
    await sms('send', '--to', to, 'missed_call');
    await ends('refused');
    await sms('send', '--to', to, 'missed_call');
    await ends('opted_out');
    assert.equal(posts(to).length, 1);
  });

  test('at night only alerts and answers go; the rest waits, or is dropped', async () => {
    const hour = Number(new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles' /* of 415 */, hour: 'numeric', hourCycle: 'h23' }).format(new Date()));
    for (const [name, value] of [['TEXT_QUIET_FROM', hour], ['TEXT_QUIET_TO', (hour + 3) % 24]])
      assert.equal((await desk.cli('settings', 'set', 'plumbing', name, String(value))).code, 0);
    const [late, owner, answer] = [caller(), caller(), caller()];
    await sms('send', '--to', late, 'followup');
    await until('it is put off', async () => /waits for the morning/.test((await newest()).why));
    const { id, state } = await newest();
    assert.equal(state, 'waiting');
    await sms('send', '--to', owner, 'emergency_owner', 'severity=P1', 'because=gas', 'caller=Dana');
    await sms('send', '--to', answer, 'missed_call');
    await arrived(owner);
    await arrived(answer);
    assert.equal(posts(late).length, 0);
    assert.equal((await desk.cli('outbox', 'drop', id)).code, 0);
    assert.equal((await desk.cli('outbox', 'drop', id)).code, 1);
    assert.match((await desk.cli('outbox', 'list', '--all')).out, new RegExp(`${id}.*dropped`));
    for (const name of ['TEXT_QUIET_FROM', 'TEXT_QUIET_TO']) await desk.cli('settings', 'unset', 'plumbing', name);
  });

  test('an alert does not wait for what is slow', async () => {
    const [slow, next, alert] = [caller(), caller(), caller()];
    rest.next({ slow: 4000 });
    await sms('send', '--to', slow, 'missed_call');
    await until('it is on its way', () => posts(slow).length === 1);
    await sms('send', '--to', next, 'missed_call');
    await sms('send', '--to', alert, 'emergency_owner', 'severity=P1', 'because=gas', 'caller=Dana');
    await arrived(alert);
    assert.equal(of(slow).length, 0);
    assert.equal(posts(next).length, 0);
    await arrived(next);
    assert.equal(of(slow).length, 1);
  });
});

describe('an answer that was lost', () => {
  test('is asked for: the text was taken, and is not sent again', async () => {
    const to = caller();
    rest.next({ drop: true });
    await sms('send', '--to', to, 'missed_call');
    await ends('sent');
    assert.equal(posts(to).length, 1);
    assert.match((await newest()).line, new RegExp(of(to)[0].sid));
  });

  test('is asked for twice: the text was not taken, and goes again', async () => {
    const to = caller();
    rest.next({ cut: true });
    await sms('send', '--to', to, 'missed_call');
    await arrived(to);
    await ends('sent');
    assert.equal(posts(to).length, 2);
    assert.equal(of(to).length, 1);
    assert.equal(rest.requests.filter((r) => r.method === 'GET' && r.path.includes(encodeURIComponent(to))).length, 2);
  });

  test('because the worker was killed: the next one asks', async () => {
    const to = caller();
    rest.next({ slowAfter: 5000 });
    await sms('send', '--to', to, 'missed_call');
    await arrived(to);
    await desk.kill('worker');
    await ends('sent');
    await sleep(600);
    assert.equal(posts(to).length, 1);
  });

  test('of one of two that are the same: each has its own', async () => {
    const to = caller();
    rest.next({}, { drop: true });
    await sms('send', '--to', to, 'missed_call');
    await ends('sent');
    await sms('send', '--to', to, 'missed_call');
    await ends('sent');
    assert.equal(of(to).length, 2);
    assert.match((await newest()).line, new RegExp(of(to)[1].sid));
  });
});

test('afterwards: no words and no numbers in the log, a whole database', async () => {
  assert.doesNotMatch(desk.stack.err, /\+1415555|sorry we missed/i);
  assert.ok(!desk.stack.err.includes(TOKEN));
  await desk.assertWhole();
});
