// Emergencies told to the owner by text and by Telegram: through webhook, watch, outbox, worker and
// stand-ins for both services that fail in the ways we know.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { telegramBot } from '../fakes/telegram-bot.mjs';
import { OWNER, TOKEN, caller, closedPort, sid, startDesk, until } from './lib/desk.mjs';

const CHAT = '-100200300';
let desk, rest, bot;
before(async () => {
  rest = await twilioRest({ token: TOKEN });
  bot = await telegramBot();
  desk = await startDesk({ env: { ANSWER_MODE: 'gather', TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, TELEGRAM_BOT_TOKEN: bot.token,
    TELEGRAM_CHAT_ID: CHAT, TELEGRAM_API_URL: bot.url, REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
});
after(async () => {
  await desk?.end();
  await rest?.close();
  await bot?.close();
});
beforeEach(() => { bot.plans.length = 0; bot.always = null; });

const WORDS = 'a pipe burst and water is pouring through the ceiling';
// A caller who tells of an emergency.
async function emergency(words = WORDS) {
  const call = { CallSid: sid(), From: caller() };
  await desk.hook('/voice/incoming', call);
  const said = await desk.hook('/voice/turn', { ...call, SpeechResult: words });
  assert.equal(said.status, 200);
  return { ...call, at: Date.now() };
}
const events = async (call) => (await desk.row(call.CallSid)).events;
const saw = (call, name, ms = 20000) => until(`${name} on the timeline`, async () => (await events(call)).find((e) => e.name === name), ms)
  .catch(async (e) => { e.message += ` ${JSON.stringify((await events(call)).map((x) => x.name))} ${JSON.stringify(bot.requests.slice(-2))}`; throw e; });
const of = (call) => bot.messages.filter((m) => m.text.includes(call.From));
const asked = (call) => bot.requests.filter((r) => r.body?.text?.includes(call.From));

test('an emergency reaches the owner by text and by Telegram, once each, within 2 s', async () => {
  const call = await emergency();
  await until('both', () => of(call).length && rest.messages.some((m) => m.To === OWNER && m.Body.includes(call.From)), 2000);
  const [m] = of(call);
  assert.equal(m.chat_id, CHAT);
  assert.match(m.text, /^Harwick Plumbing P1: /);
  assert.ok(m.text.includes(WORDS), m.text);
  assert.equal(m.parse_mode, undefined);
  await saw(call, 'telegram_sent');
  await desk.hook('/voice/turn', { CallSid: call.CallSid, From: call.From, SpeechResult: 'please hurry, the water is pouring in' });
  assert.equal(of(call).length, 1);
});

describe('Telegram', () => {
  test('asks to wait: it is waited for as long, and sent once', async () => {
    bot.next({ retryAfter: 2 });
    const call = await emergency();
    await saw(call, 'telegram_sent');
    const [first, second] = asked(call);
    assert.ok(second.at - first.at >= 2000, `${second.at - first.at} ms`);
    assert.equal(of(call).length, 1);
  });

  for (const [what, plan, times] of [
    ['takes it and the reply is lost', { drop: true }, 2],
    ['cuts the line', { cut: true }, 1],
    ['answers what is no JSON', { malformed: true }, 2],
    ['fails with a 502', { status: 502 }, 1],
  ])
    test(`${what}: an alert goes again rather than not at all`, async () => {
      bot.next(plan);
      const call = await emergency();
      await saw(call, 'telegram_sent');
      assert.equal(asked(call).length, 2);
      assert.equal(of(call).length, times);
    });

  for (const [what, plan, said] of [
    ['does not know the bot any more', { status: 401, description: 'Unauthorized' }, /check TELEGRAM_BOT_TOKEN/],
    ['was told to block the bot', { status: 403, description: 'Forbidden: bot was blocked by the user' }, /unblock it there/],
  ])
    test(`${what}: given up and shown; the text went all the same`, async () => {
      bot.next(plan);
      const call = await emergency();
      assert.match((await saw(call, 'telegram_failed')).detail, said);
      await until('the text', () => rest.messages.some((m) => m.To === OWNER && m.Body.includes(call.From)));
      const { out } = await desk.cli('outbox', 'list');
      assert.match(out, /telegram {2}failed/);
      const id = /^(out_\S+)/m.exec(out)[1];
      assert.equal((await desk.cli('outbox', 'retry', id)).code, 0);
      await saw(call, 'telegram_sent');
      assert.doesNotMatch((await desk.cli('outbox', 'list')).out, /telegram/);
    });
});

test('a business may have a chat of its own, by setting', async () => {
  const set = await desk.cli('settings', 'set', 'plumbing', 'TELEGRAM_CHAT_ID', '@harwick');
  assert.equal(set.code, 0, set.err);
  const call = await emergency();
  await until('the message', () => of(call).length);
  assert.equal(of(call)[0].chat_id, '@harwick');
});

test('afterwards: the bot\'s token is in no log and no list', async () => {
  const secret = bot.token.split(':')[1];
  assert.ok(!desk.stack.err.includes(secret) && !desk.stack.out.includes(secret));
  assert.ok(!(await desk.cli('outbox', 'list', '--all')).out.includes(secret));
  assert.ok(!(await desk.cli('settings', 'show')).out.includes(secret));
  await desk.assertWhole();
});
