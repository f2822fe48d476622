// The Telegram bot listens: linked by a one-time code, asked, and its buttons pressed; by webhook and by
// asking; through worker, hook, nginx and a stand-in that fails in the ways we know.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { telegramBot } from '../fakes/telegram-bot.mjs';
import { TOKEN, caller, closedPort, run, sid, startDesk, until } from './lib/desk.mjs';

const ME = 7001, STRANGER = 7002;

for (const how of ['webhook', 'poll']) describe(how, () => {
  let desk, rest, bot;
  before(async () => {
    rest = await twilioRest({ token: TOKEN });
    bot = await telegramBot();
    desk = await startDesk({ env: { ANSWER_MODE: 'gather', TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, TELEGRAM_BOT_TOKEN: bot.token,
      TELEGRAM_API_URL: bot.url, TELEGRAM_UPDATES: how === 'poll' ? 'poll' : 'auto', REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
  });
  after(async () => {
    await desk?.end();
    await rest?.close();
    await bot?.close();
  });

  const mine = (from = 0) => bot.messages.slice(from).filter((m) => String(m.chat_id) === String(ME));
  // Somebody writes, and is answered.
  async function asked(text) {
    const had = bot.messages.length;
    bot.say(text, { from: ME });
    return until(`an answer to ${text}`, () => mine(had)[0], 60000);
  }
  async function pressed(data, message_id) {
    const had = bot.toasts.length;
    bot.press(data, message_id, { from: ME });
    return until('the press is answered', () => bot.toasts[had], 60000);
  }
  const key = (message, words) => message.reply_markup?.inline_keyboard.flat().find((k) => k.text.startsWith(words))?.callback_data;
  const cli = (...args) => run(args, { env: { FRONTDESK_DATA: desk.data, TELEGRAM_BOT_TOKEN: bot.token, TELEGRAM_API_URL: bot.url } });
  // A caller who is promised a call back: nobody took the phone.
  async function promise() {
    const call = { CallSid: sid(), From: caller() };
    await desk.hook('/voice/incoming', call);
    await desk.hook('/voice/dial-done', { ...call, DialCallStatus: 'no-answer' });
    return call;
  }

  test('Telegram is told how, and knows the commands', async () => {
    await until('commands', () => bot.commands, 60000);
    assert.ok(bot.commands.some((c) => c.command === 'callbacks'));
    if (how === 'poll') assert.equal(bot.webhook, null);
    else await until('a webhook', () => bot.webhook, 60000);
    if (how === 'webhook') {
      assert.match(bot.webhook.url, /\/telegram\/update$/);
      assert.match(bot.webhook.secret_token, /^[0-9a-f]{32}$/);
      assert.deepEqual(bot.webhook.allowed_updates, ['message', 'callback_query']);
    }
  });

  test('nobody is answered before the chat is linked; a code links it', async () => {
    bot.say('/callbacks', { from: STRANGER });
    bot.say('/start WRONGCODE234', { from: STRANGER });
    const { out, code } = await cli('telegram', 'link');
    assert.equal(code, 0, out);
    assert.match(out, /https:\/\/t\.me\/harwick_bot\?start=\w{12} and press Start\n/);
    const answer = await asked(/\/start \w{12}/.exec(out)[0]);
    assert.match(answer.text, /This chat answers to <b>Harwick Plumbing<\/b> now\./);
    assert.equal(answer.parse_mode, 'HTML');
    assert.match((await cli('telegram', 'list')).out, /^tg_\S+ {2}owner {2}Sal {2}since /);
    bot.say(/\/start \w{12}/.exec(out)[0], { from: STRANGER }); // it is used
    await asked('/help');
    assert.deepEqual(bot.messages.filter((m) => String(m.chat_id) !== String(ME)), []);
  });

  test('the list of callbacks, and its buttons', async () => {
    const call = await promise();
    const list = await asked('/callbacks');
    assert.match(list.text, /1 person waits for a call back/);
    assert.equal((await pressed(key(list, '✓ Done'), list.message_id)).text, 'Marked done.');
    await until('the list is as it is now', () => list.edited && list.text === 'Nobody waits for a call back.', 60000);
    assert.ok(!(await desk.cli('callbacks', 'list')).out.includes(call.From));
    assert.equal((await pressed(key(list, 'Undo'), list.message_id)).text, 'Not done after all.');
    await until('it is there again', () => list.text.includes('1 person waits'), 60000);
    const ring = key(list, '☎ Call now');
    assert.match((await pressed(ring, list.message_id)).text, /Your phone rings/);
    await until('the owner is rung', () => rest.calls?.length ?? rest.requests.some((r) => /Calls\.json/.test(r.path)), 60000);
    assert.match((await pressed(ring.slice(0, -1) + (ring.endsWith('0') ? '1' : '0'), list.message_id)).text, /does not work any more/);
    assert.match((await desk.cli('callbacks', 'list')).out, new RegExp(call.From.slice(1)));
  });

  test('questions in plain words, search, figures', async () => {
    assert.match((await asked('who called today?')).text, /call/);
    assert.match((await asked('/search nobody <at> all & more')).text, /Nobody found for/);
    assert.match((await asked('/digest')).text, /Harwick Plumbing/);
    assert.match((await asked('/status')).text, /Everything that was to be sent was sent|could not be sent/);
    assert.match((await asked('/hours')).text, /Open|Closed/);
  });

  test('an update that comes twice is answered once', async () => {
    const had = bot.messages.length;
    const id = bot.say('/hours', { from: ME });
    await until('an answer', () => mine(had).length, 60000);
    bot.again(id);
    await asked('/help');
    assert.equal(mine(had).length, 2);
  });

  test('Telegram asks to wait, loses a reply, and fails: it is answered all the same', async () => {
    bot.next({ retryAfter: 1 }, { status: 502 }, { cut: true });
    assert.match((await asked('/hours')).text, /Open|Closed/);
    if (how !== 'poll') return;
    bot.nextUpdates({ status: 502 }, { malformed: true }, { retryAfter: 1 }, { cut: true });
    assert.match((await asked('/hours')).text, /Open|Closed/);
  });

  test('muted: what is no emergency comes without a sound, an emergency with one', async () => {
    const mute = await asked('/mute 1h');
    assert.match(mute.text, /without sound until/);
    const call = { CallSid: sid(), From: caller() };
    await desk.hook('/voice/incoming', call);
    await desk.hook('/voice/turn', { ...call, SpeechResult: 'a pipe burst and water is pouring through the ceiling' });
    const alarm = await until('the alarm, in the chat that is linked', () => mine().find((m) => m.text.includes(call.From)), 60000);
    assert.equal(alarm.disable_notification, undefined);
    // and its button: once, and the alarm's words stay
    const words = alarm.text;
    assert.match((await pressed(key(alarm, '✓ I have seen it'), alarm.message_id)).text, /you have seen it/);
    await until('the button says the opposite', () => key(alarm, 'Not seen after all'), 60000);
    assert.equal(alarm.text, words);
    assert.equal(alarm.edited, undefined);
    await pressed(key(mute, 'With sound again'), mute.message_id);
    await until('it says so', () => /with sound again/.test(mute.text), 60000);
  });

  test('a chat can be unlinked', async () => {
    const had = mine().length;
    const answer = await asked('/status');
    assert.ok(answer);
    assert.equal(mine().length, had + 1);
    const { code } = await cli('telegram', 'unlink', /^(tg_\S+)/.exec((await cli('telegram', 'list')).out)[1]);
    assert.equal(code, 0);
    assert.match((await cli('telegram', 'list')).out, /no chat is linked/);
  });

  test('afterwards: token, codes and secret are in no log', async () => {
    const secret = bot.token.split(':')[1];
    for (const word of [secret, bot.webhook?.secret_token].filter(Boolean)) assert.ok(!desk.stack.err.includes(word) && !desk.stack.out.includes(word));
    await desk.assertWhole();
  });
});
