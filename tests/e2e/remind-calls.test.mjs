// Reminders by call, on a running front desk with a stand-in for Twilio: what is asked of it, what is heard
// (as the builder of Twilio's own library would write it), and that nobody is dialled twice whatever Twilio
// says, does not say, or says late, and though the worker is killed around it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import twilio from 'twilio';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { seedIn } from './lib/db.mjs';
import { TO, TOKEN, closedPort, run, sid, startDesk, until } from './lib/desk.mjs';

let desk, rest;
before(async () => {
  rest = await twilioRest({ token: TOKEN });
  desk = await startDesk({ env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, REMIND_BY: 'call', APPOINTMENT_REMINDERS: '1',
    REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
  const file = JSON.parse(await good('business', 'show', '--json'));
  file.transfer = { countries: ['US', 'GB', 'JP'] };
  await good('business', 'update', desk.write('shop.json', JSON.stringify(file)));
});
after(async () => {
  await desk?.end();
  await rest?.close();
});

async function good(...args) {
  const got = await run(args, { env: { FRONTDESK_DATA: desk.data, TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, REMIND_BY: 'call', APPOINTMENT_REMINDERS: '1', TEXT_QUIET_FROM: '0', TEXT_QUIET_TO: '0' } });
  assert.equal(got.code, 0, got.err);
  return got.out;
}

// A number of a place where it is day now (nobody is called at night): London, Honolulu, Tokyo.
let numbers = 0;
function awake() {
  const hour = new Date().getUTCHours(), n = String(100 + ++numbers);
  return hour >= 9 && hour < 18 ? `+442079460${n}` : hour === 7 || hour === 8 ? `+81312345${n}` : `+18085550${n}`;
}

const requests = (to) => rest.requests.filter((r) => /Calls/.test(r.path) && r.fields.To === to);
const texts = (to) => rest.messages.filter((m) => m.To === to);
const line = async (to) => (await good('reminders', 'calls')).split('\n').find((l) => l.includes(to)) ?? '';

// An appointment in 50 minutes of which they are to be reminded an hour before; the request that was made of Twilio.
async function due({ plan, to = awake() } = {}) {
  const { id } = await seedIn(desk.data, 'visit', to, '50');
  if (plan) rest.next(plan);
  await good('reminders');
  await until('Twilio is asked', () => requests(to).length, 60000);
  const { fields } = requests(to).at(-1);
  const url = new URL(fields.Url);
  const made = rest.calls.filter((c) => c.To === to).at(-1);
  const call = { CallSid: made?.sid ?? sid(), From: TO, To: to, Direction: 'outbound-api' };
  const post = (path, more) => desk.hook(path, { ...call, CallStatus: 'in-progress', ...more });
  const of = (page) => url.pathname.replace('reminder', page) + url.search;
  return { id, to, fields, call, page: (more, n = 0) => post(`${of('reminder')}&n=${n}`, more), key: (Digits) => post(`${of('reminder-key')}&n=0`, { Digits }),
    machine: (AnsweredBy) => post(of('reminder-machine'), { AnsweredBy, MachineDetectionDuration: '2100' }),
    status: (CallStatus) => post(of('reminder-status'), { CallStatus }) };
}

const VOICE = { voice: 'Polly.Joanna', language: 'en-US' };
// What Twilio's own library writes for it: the same document, byte for byte but for its first line.
function assertTwiml(text, build) {
  const doc = new twilio.twiml.VoiceResponse();
  build(doc);
  const plain = (xml) => xml.replace(/^<\?xml[^>]*\?>\s*/, '').replace(/&apos;/g, "'").replace(/&quot;/g, '"').replace(/&gt;/g, '>')
    .replace(/<(\w+)((?: [\w-]+="[^"]*")+)/g, (_, name, attributes) => `<${name}${attributes.match(/ [\w-]+="[^"]*"/g).sort().join('')}`).replace(/\s*\n\s*/g, '');
  assert.equal(plain(text), plain(doc.toString()));
}

test('a person is called, hears whose appointment it is, and confirms it', async () => {
  const call = await due();
  const { Url, StatusCallback, AsyncAmdStatusCallback, ...rest_ } = call.fields;
  assert.deepEqual(rest_, { To: call.to, From: TO, Timeout: '25', TimeLimit: '3600', MachineDetection: 'DetectMessageEnd', AsyncAmd: 'true' });
  const [, id] = /\/voice\/reminder\?id=(out_\w+)&t=1$/.exec(Url);
  assert.ok(StatusCallback.endsWith(`/voice/reminder-status?id=${id}&t=1`));
  assert.ok(AsyncAmdStatusCallback.endsWith(`/voice/reminder-machine?id=${id}&t=1`));
  const gather = (n, timeout, page = 'reminder') => ({ input: 'dtmf', action: `${desk.url}/voice/${page}?id=${id}&t=1&n=${n}`, timeout, numDigits: 1, actionOnEmptyResult: true });
  const business = JSON.parse(await good('business', 'show', '--json')).name;
  assertTwiml((await call.page()).text, (doc) => {
    doc.gather(gather(1, 1)).say(VOICE, `Hello, this is ${business}, with a reminder for you.`);
    doc.hangup();
  });
  assert.equal((await call.machine('human')).status, 204);
  const told = (await call.page({}, 1)).text;
  const when = /drain cleaning, ([^.]*)\./.exec(told)?.[1];
  assert.match(when, / at \d/);
  assertTwiml(told, (doc) => {
    doc.gather(gather(0, 6, 'reminder-key')).say(VOICE, `This is a reminder of an appointment for Dana <& "Whitfield"> at ${business}: drain cleaning, ${when}. `
      + 'Press 1 if you will be there, 2 to change or cancel it, 3 to hear it again, or 9 if you do not want such calls.');
    doc.hangup();
  });
  assertTwiml((await call.key('1')).text, (doc) => {
    doc.say(VOICE, 'Thank you, it is confirmed. Goodbye.');
    doc.hangup();
  });
  for (let i = 0; i < 2; i++) assert.equal((await call.status('completed')).status, 204);
  await until('it is settled', async () => /talked, confirmed$/.test(await line(call.to)), 60000);
  // told late, and again: nothing follows
  await call.status('busy');
  await call.machine('machine_end_beep');
  assert.match((await call.page()).text, /<Response><Hangup\/><\/Response>|<Response\/>|<Hangup/);
  assert.match(await line(call.to), /try 1: talked, confirmed$/);
  assert.equal(requests(call.to).length, 1);
  assert.equal(texts(call.to).length, 0);
  const log = await desk.row(call.call.CallSid);
  assert.ok(log.events.some((e) => e.name === 'appointment_confirmed'));
});

test('who presses 9 is not called again, and is texted the next time', async () => {
  const call = await due();
  await call.page();
  assert.match((await call.key('9')).text, /not be called by this machine any more/);
  await call.status('completed');
  await seedIn(desk.data, 'visit', call.to, '52');
  await good('reminders');
  await until('a text goes', () => texts(call.to).length, 60000);
  assert.match(texts(call.to)[0].Body, /^Reminder for Dana/);
  assert.equal(requests(call.to).length, 1);
  assert.match(await line(call.to), /not_allowed/);
  // the owner may say otherwise, and says what is wrong
  assert.match(await good('contact', 'consent', call.to, 'calls', 'yes'), /calls yes/);
  await good('contact', 'add', call.to, '--name', 'Dana');
  assert.match(await good('contact', 'show', call.to), /\n +calls +yes\n/);
  for (const bad of [['x', 'calls', 'yes'], [call.to, 'parties', 'yes'], [call.to, 'calls', 'maybe'], [call.to, 'calls']])
    assert.notEqual((await desk.cli('contact', 'consent', ...bad)).code, 0, bad.join(' '));
});

test('an answering machine is hung up on where the business wants that, and a text goes', async () => {
  await good('settings', 'set', 'plumbing', 'REMIND_ON_MACHINE', 'hang_up');
  const call = await due();
  await good('settings', 'set', 'plumbing', 'REMIND_ON_MACHINE', 'message');
  assert.equal(call.fields.MachineDetection, 'Enable');
  await call.page();
  await good('settings', 'set', 'plumbing', 'REMIND_ON_MACHINE', 'hang_up');
  await call.machine('machine_start');
  assert.doesNotMatch((await call.page({}, 1)).text, /<Say/);
  await good('settings', 'set', 'plumbing', 'REMIND_ON_MACHINE', 'message');
  for (let i = 0; i < 2; i++) await call.status('completed');
  await until('a text goes', () => texts(call.to).length, 60000);
  assert.match(await line(call.to), /machine$/);
  assert.equal(texts(call.to).length, 1);
});

test('busy: one more try, later', async () => {
  await good('settings', 'set', 'plumbing', 'REMIND_RETRY_MINUTES', '5');
  const call = await due();
  await call.status('busy');
  await until('the second try waits', async () => /try 2: /.test(await line(call.to)), 60000);
  for (const late of [() => call.status('completed'), () => call.machine('human'), () => call.page()]) await late();
  assert.match(await line(call.to), /try 2: /);
  assert.equal(requests(call.to).length, 1);
  assert.equal(texts(call.to).length, 0);
});

for (const [what, plan, posts, made, state] of [
  ['asks to wait', { status: 429, retryAfter: 1 }, 2, 1, 'sent'],
  ['loses its answer', { drop: true }, 1, 1, 'unknown'],
  ['answers what cannot be read', { malformed: true }, 1, 1, 'unknown'],
  ['has a failure of its own', { status: 503 }, 1, 0, 'unknown'],
])
  test(`Twilio ${what}: nobody is dialled twice`, async () => {
    const call = await due({ plan });
    const [, out] = /id=(out_\w+)/.exec(call.fields.Url);
    await until(`it is ${state}`, async () => (await good('outbox', 'list', '--all')).split('\n').some((l) => /remind_call/.test(l) && l.includes(`  ${state}  `)), 60000);
    if (posts > 1) await until('it was asked again', () => requests(call.to).length === posts, 60000);
    await good('reminders');
    assert.equal(requests(call.to).length, posts);
    assert.equal(rest.calls.filter((c) => c.To === call.to).length, made);
    assert.match(await line(call.to), new RegExp(`^${out} .*try 1: `));
    if (!made) return;
    // it rang all the same: the webhooks say so
    await call.page();
    await call.machine('human');
    assert.match((await call.page({}, 1)).text, /Press 1/);
    await call.status('completed');
    await until('it is settled', async () => /talked$/.test(await line(call.to)), 60000);
    assert.equal(requests(call.to).length, posts);
    assert.equal(texts(call.to).length, 0);
  });

test('the worker is killed while Twilio is asked, before and after it has the call: each is dialled once at most', async () => {
  const called = [];
  const tries = async () => (await good('outbox', 'list', '--all')).split('\n').filter((l) => /remind_call/.test(l));
  const before = (await tries()).filter((l) => l.includes('  unknown  ')).length;
  for (let i = 0; i < 6; i++) {
    const to = awake();
    called.push(to);
    rest.next(i % 2 ? { slow: 5000 } : { slowAfter: 5000 });
    await seedIn(desk.data, 'visit', to, '50');
    await good('reminders');
    await until('Twilio is asked', () => requests(to).length, 60000);
    await desk.kill('worker');
    // what was in its hands is nobody's: given up, not tried again
    await until('it is unknown', async () => (await tries()).filter((l) => l.includes('  unknown  ')).length === before + i + 1, 60000);
  }
  await good('reminders');
  for (const to of called) {
    assert.equal(requests(to).length, 1, to);
    assert.match(await line(to), /try 1: on its way$/);
    assert.equal(texts(to).length, 0);
  }
});
