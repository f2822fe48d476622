// The turn-based talk with a text model behind it: signed webhooks through the real hook.fcgi, a
// stand-in for the model, and each way in which that fails. Whatever happens, every page is valid, comes
// in time, and leads on.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import path from 'node:path';
import OpenAI from 'openai';
import twilio from 'twilio';
import { fastcgi } from '../fakes/fastcgi.mjs';
import { failures, startChat } from '../fakes/chat-server.mjs';
import { TestDb } from './lib/db.mjs';
import { build, cleanEnv, program, root, run, sleep, until } from './stack.mjs';

const hookProgram = path.join(build, 'cgi-bin/hook.fcgi');
const TOKEN = crypto.randomBytes(16).toString('hex'), KEY = `key-${crypto.randomBytes(12).toString('hex')}`;
const BASE = 'https://desk.example.com', TO = '+18605550100';
const SLOW = 15000; // Twilio hangs up on us after that
let callers = 0;

const unescape = (s) => s.replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

// One page of ours, as far as these tests look at it.
class Page {
  constructor(xml, ms) {
    Object.assign(this, { xml, ms });
    assert.match(xml, /^<\?xml version="1\.0" encoding="UTF-8"\?><Response(\/>|>.*<\/Response>)$/s);
    this.said = [...xml.matchAll(/<Say[^>]*>([^<]*)<\/Say>/g)].map((m) => unescape(m[1])).join(' ');
    this.gather = /<Gather ([^>]*)>/.exec(xml)?.[1];
    this.action = this.gather && unescape(/action="([^"]*)"/.exec(this.gather)[1]);
    this.redirect = !this.gather && unescape(/<Redirect[^>]*>([^<]*)<\/Redirect>/.exec(xml)?.[1] ?? '');
    this.waits = Boolean(this.redirect);
    this.over = !this.gather && !this.redirect;
  }
}

// A call as Twilio makes it, webhook by webhook.
class Call {
  constructor(world) {
    this.world = world;
    this.sid = `CA${crypto.randomBytes(16).toString('hex')}`;
    this.from = `+1415555${String(1000 + ++callers)}`;
    this.pages = [];
  }

  async post(url, fields = {}) {
    const all = { AccountSid: 'AC00000000000000000000000000000000', CallSid: this.sid, From: this.from, To: TO, CallStatus: 'in-progress', ...fields };
    const began = Date.now();
    const res = await fetch(this.world.hook.url + url.slice(BASE.length), { method: 'POST', body: new URLSearchParams(all),
      headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(TOKEN, url, all) } });
    const text = await res.text(), ms = Date.now() - began;
    assert.equal(res.status, 200, text);
    assert.ok(ms < 5000, `${url}: ${ms} ms`); // nginx waits as long
    this.page = new Page(text, ms);
    this.pages.push(this.page);
    return this.page;
  }

  begin() { return this.post(`${BASE}/voice/incoming`); }

  // What the caller does on this page, then Twilio's way through <Redirect>s to the next question.
  async answer(fields) {
    const page = this.page.action, began = Date.now();
    let next = await this.post(page, fields);
    this.waited = [];
    while (next.waits) {
      this.waited.push(next);
      assert.ok(this.waited.length < 30, 'it goes on for ever');
      if (next.xml.includes('<Pause')) await sleep(1000);
      next = await this.post(next.redirect);
    }
    next.total = Date.now() - began;
    return next;
  }

  say(text) { return this.answer({ SpeechResult: text, Confidence: '0.9' }); }
  key(digits) { return this.answer({ Digits: digits }); }
  silent() { return this.answer({}); }
  rows() { return this.world.db.dump(this.sid); }
  async names(kind) { return (await this.rows()).events.filter((e) => e.kind === kind).map((e) => e.name); }
}

class World {
  async start({ env = {}, chat = {}, settings } = {}) {
    this.model = await startChat({ key: KEY, ...chat });
    this.db = new TestDb({});
    await this.db.init();
    this.env = cleanEnv({ FRONTDESK_DATA: this.db.folder, FRONTDESK_SHARE: root, TWILIO_AUTH_TOKEN: TOKEN, PUBLIC_BASE_URL: BASE,
      ANSWER_MODE: 'gather', CHAT_URL: this.model.url, CHAT_MODEL: 'fake-1', CHAT_API_KEY: KEY, CHAT_REST_S: '0', CHAT_FILLER_MS: '3000', ...env,
      ...(settings ? settings(this.model) : {}) });
    await this.up();
    return this;
  }

  async up() { this.hook = await fastcgi(hookProgram, { env: this.env }); }
  call() { return new Call(this); }

  // kill -9, and another one
  async crash() {
    this.hook.children[0].kill('SIGKILL');
    await this.hook.children[0].ended;
    this.crashed = (this.crashed ?? '') + this.hook.log();
    await this.hook.close();
    await this.up();
  }

  log() { return (this.crashed ?? '') + this.hook.log(); }

  async end() {
    const codes = await this.hook.close();
    await this.model.close();
    assert.deepEqual(this.model.problems(), []);
    assert.deepEqual(codes, [0]);
    assert.doesNotMatch(this.log(), /AddressSanitizer|LeakSanitizer|runtime error:/);
    assert.ok(!this.log().includes(KEY), 'a key is in the log');
    assert.doesNotMatch(this.log(), /Dana|boiler|water heater|zebra/i, 'words of a talk are in the log');
    this.db.remove();
  }
}
const world = (options) => new World().start(options);

const callback = { tool: 'schedule_callback', args: { name: 'Dana', reason: 'boiler', when_text: 'tomorrow', urgency: 'normal' } };
const goodbye = { say: 'Thank you for calling. Goodbye.', tool: 'end_call', args: { outcome: 'completed' } };

describe('the stand-in model', () => {
  test('is what the official client takes for OpenAI', async () => {
    const model = await startChat({ key: KEY });
    const client = new OpenAI({ apiKey: KEY, baseURL: model.url, maxRetries: 0 });
    model.next({ say: 'One moment.', calls: [{ tool: 'a', args: { x: 1 } }, { tool: 'b', args: { y: 'zwei' } }], usage: [20, 9] }, failures.noCredit);
    const ask = { model: 'm', stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'hello' }] };
    const whole = await client.chat.completions.stream(ask).finalChatCompletion();
    assert.equal(whole.choices[0].message.content, 'One moment.');
    assert.deepEqual(whole.choices[0].message.tool_calls.map((c) => [c.function.name, JSON.parse(c.function.arguments)]), [['a', { x: 1 }], ['b', { y: 'zwei' }]]);
    assert.equal(whole.usage.total_tokens, 29);
    await assert.rejects(client.chat.completions.create(ask), { status: 429, code: 'insufficient_quota' });
    await model.close();
  });
});

describe('a talk', () => {
  let w;
  before(async () => { w = await world(); });
  after(() => w.end());
  beforeEach(() => w.model.reset());

  test('greeting at once, words, a callback by tool, goodbye: written down as it was', async () => {
    const call = w.call();
    const first = await call.begin();
    assert.equal(first.said, 'Thanks for calling Harwick Plumbing. How can I help you?');
    assert.match(first.gather, /input="dtmf speech"/);
    assert.match(first.gather, /actionOnEmptyResult="true" bargeIn="true"/);
    assert.match(first.gather, /hints="[^"]*repair/);
    assert.equal(w.model.requests.length, 0);
    w.model.next({ say: 'Of course. **What is your name?**', usage: [900, 12] });
    assert.equal((await call.say('my boiler is broken')).said, 'Of course. What is your name?');
    assert.equal(call.waited.length, 0);
    w.model.next({ ...callback, say: 'One moment.', pieces: 3 }, { say: 'It is noted, Dana. Anything else?' });
    assert.equal((await call.say('Dana, call me tomorrow')).said, 'One moment. It is noted, Dana. Anything else?');
    w.model.next({ ...goodbye, pieces: 1 });
    const last = await call.say('no thanks');
    assert.equal(last.said, 'Thank you for calling. Goodbye.');
    assert.match(last.xml, /<Hangup\/>/);
    const d = await call.rows();
    assert.deepEqual(d.turns.map((t) => `${t.who}: ${t.text}`), [
      'desk: Thanks for calling Harwick Plumbing. How can I help you?', 'caller: my boiler is broken', 'desk: Of course. What is your name?',
      'caller: Dana, call me tomorrow', 'desk: One moment. It is noted, Dana. Anything else?', 'caller: no thanks', 'desk: Thank you for calling. Goodbye.']);
    assert.deepEqual(d.tools.map((t) => [t.tool, t.ok]), [['schedule_callback', true], ['end_call', true]]);
    assert.deepEqual([d.callbacks.length, d.callbacks[0].name, d.call.outcome, d.call.next_step], [1, 'Dana', 'callback', 'hangup']);
    assert.deepEqual(d.events.filter((e) => e.kind === 'model').map((e) => e.detail), ['A text model answers: fake-1.']);
    const asked = w.model.requests.at(-1).body;
    assert.equal(asked.model, 'fake-1');
    assert.match(asked.messages[0].content, /^# How this talk goes/);
    for (const name of ['schedule_callback', 'log_caller_info', 'transfer_to_owner', 'end_call', 'capture_lead', 'lookup_business_info'])
      assert.ok(asked.tools.some((t) => t.function.name === name), name);
    assert.ok(asked.messages.some((m) => m.role === 'tool' && JSON.parse(m.content).ok)); // of the turn before
  });

  test('an emergency: the same turn is answered by the emergency script, and the model may tell the owner', async () => {
    const call = w.call();
    await call.begin();
    w.model.next({ tool: 'send_owner_emergency_text', args: { what: 'smell of gas', severity: 'P1' } }, { say: 'Leave the house now.' });
    assert.equal((await call.say('I smell rotten eggs near the stove and my kids feel dizzy')).said, 'Leave the house now.');
    const [first, second] = w.model.requests.slice(-2).map((r) => r.body.messages);
    assert.match(first[0].content, /# This call is an emergency\nNoticed: /);
    assert.match(first[0].content, /The owner was not told by a text: do not say so\./); // there is no account to send one with
    const told = JSON.parse(second.findLast((m) => m.role === 'tool').content);
    assert.deepEqual([told.ok, told.text_sent], [true, false]);
    assert.match(told.result, /No text went out: nobody/);
    const d = await call.rows();
    assert.deepEqual([d.call.script, d.call.action, d.call.urgent], ['emergency', 'emergency_alert', true]);
  });

  test('keys are told as keys; the address of other systems is the same page', async () => {
    const call = w.call();
    await call.begin();
    w.model.next({ say: 'What is the best number?' }, { say: 'Thank you.' });
    const page = await call.post(`${BASE}/twilio/ai-response`, { SpeechResult: 'call me back' });
    assert.match(page.gather, /timeout="8" speechTimeout="3" finishOnKey="#"/); // a number is listened for
    await call.key('4155550199');
    assert.equal(w.model.requests.at(-1).body.messages.at(-1).content, '[keys] 4155550199');
  });

  test('two tools at once, an unknown one, and nonsense as arguments', async () => {
    const call = w.call();
    await call.begin();
    w.model.next({ calls: [{ tool: 'log_caller_info', args: { name: 'Dana' } }, callback], pieces: 2 },
      { calls: [{ tool: 'fly_to_the_moon', args: {} }, { tool: 'end_call', args: '{"outcome":' }], sameIndex: true }, { say: 'It is noted. Anything else?', whole: true });
    assert.equal((await call.say('I am Dana, call me tomorrow about the boiler')).said, 'It is noted. Anything else?');
    const d = await call.rows();
    assert.deepEqual(d.tools.map((t) => t.tool).sort(), ['log_caller_info', 'schedule_callback']);
    assert.equal(d.callbacks.length, 1);
    const told = w.model.requests.at(-1).body.messages.filter((m) => m.role === 'tool').map((m) => JSON.parse(m.content));
    assert.deepEqual(told.map((r) => r.ok), [true, true, false, false]);
    assert.match(told[2].error, /no such tool/);
  });

  for (const [text, said] of [['One moment. {TRANSFER}', 'One moment.'], ['{TRANSFER}', 'I am putting you through.'], ['{"action": "x"} {transfer} Please hold.', 'Please hold.']])
    test(`"${text}" rings the owner, and is never read aloud`, async () => {
      const call = w.call();
      await call.begin();
      w.model.next({ say: text, pieces: 2 });
      const page = await call.say('let me speak to Sal');
      assert.equal(page.said, said);
      assert.match(page.xml, /<Dial [^>]*><Number[^>]*>\+18605550101<\/Number><\/Dial>/);
      assert.doesNotMatch(page.xml, /TRANSFER/i);
      const d = await call.rows();
      assert.deepEqual([d.call.next_step, d.tools[0].tool, d.tools[0].ok], ['transfer', 'transfer_to_owner', true]);
    });

  test('nothing heard: once more, then the end; after words it is a recorded message', async () => {
    const call = w.call();
    await call.begin();
    assert.equal((await call.silent()).said, 'Are you still there? How can I help you?');
    const end = await call.silent();
    assert.match(end.said, /^I cannot hear you\. Please call again\. Goodbye\.$/);
    assert.match(end.xml, /<Hangup\/>/);
    assert.equal((await call.rows()).call.outcome, 'ended_no_speech');
    const other = w.call();
    await other.begin();
    await other.say('my boiler is broken');
    await other.silent();
    assert.match((await other.silent()).xml, /<Record /);
    assert.equal(w.model.requests.length, 1); // silence is no question for a model
  });

  test('a business that wants the rules, and one that does not say', async () => {
    const set = (...args) => run(['settings', ...args], { env: w.env });
    assert.equal((await set('set', 'plumbing', 'BRAIN', 'rules')).code, 0);
    const call = w.call();
    assert.match((await call.begin()).said, /You can say: repair/);
    assert.match((await call.say('repair')).said, /name/);
    assert.equal(w.model.requests.length, 0);
    assert.equal((await set('unset', 'plumbing', 'BRAIN')).code, 0);
    const next = w.call();
    await next.begin();
    assert.equal((await next.say('hello')).said, 'I see.');
  });
});

describe('whose model it is', () => {
  const cases = {
    OpenAI: [(m) => ({ CHAT_PROVIDER: 'openai', CHAT_URL: m.url, CHAT_MODEL: '', CHAT_API_KEY: '', OPENAI_API_KEY: KEY }), '/v1/chat/completions', { model: 'gpt-6-luna', reasoning_effort: 'none', max_completion_tokens: 400 }],
    'Azure, with api-version': [(m) => ({ CHAT_URL: '', CHAT_API_KEY: '', CHAT_MODEL: '', AZURE_OPENAI_ENDPOINT: `${m.origin}/`, AZURE_OPENAI_KEY: KEY, AZURE_OPENAI_CHAT_DEPLOYMENT: 'desk', AZURE_OPENAI_API_VERSION: '2024-10-21' }),
      '/openai/deployments/desk/chat/completions?api-version=2024-10-21', { model: undefined }],
    'Azure, the newer address': [(m) => ({ CHAT_URL: '', CHAT_API_KEY: '', CHAT_MODEL: '', AZURE_OPENAI_ENDPOINT: m.origin, AZURE_OPENAI_KEY: KEY, AZURE_OPENAI_CHAT_DEPLOYMENT: 'desk' }), '/openai/v1/chat/completions', { model: 'desk' }],
    Anthropic: [(m) => ({ CHAT_PROVIDER: 'anthropic', CHAT_URL: m.origin, CHAT_MODEL: '', CHAT_API_KEY: '', ANTHROPIC_API_KEY: KEY }), '/v1/messages', { model: 'claude-haiku-5-5', max_tokens: 400 }],
    'a compatible server': [(m) => ({ CHAT_URL: m.url, CHAT_API_KEY: `Authorization: Bearer ${KEY}` }), '/v1/chat/completions', { model: 'fake-1', max_tokens: 400, reasoning_effort: undefined }],
  };
  for (const [name, [settings, url, fields]] of Object.entries(cases))
    test(name, async () => {
      const w = await world({ settings });
      const call = w.call();
      await call.begin();
      w.model.next({ ...callback, say: 'One moment.' }, { say: 'It is noted. Anything else?' }, goodbye);
      assert.equal((await call.say('call me tomorrow about the boiler, I am Dana')).said, 'One moment. It is noted. Anything else?');
      assert.match((await call.say('no')).xml, /<Hangup\/>/);
      assert.deepEqual([...new Set(w.model.requests.map((r) => r.path))], [url]);
      for (const [field, value] of Object.entries(fields)) assert.deepEqual(w.model.requests[0].body[field], value, field);
      assert.equal((await call.rows()).callbacks.length, 1);
      await w.end();
    });
});

// Each failure is asked for by the caller's words, so that all of them happen at the same time.
describe('whatever fails, the rules answer in the same turn', { concurrency: true }, () => {
  let w;
  const turn = 2; // CHAT_TURN_S
  const cases = {
    'rate limit, to wait longer than there is time': { ...failures.rateLimit, retryAfter: 60 },
    'rate limit, again and again': { ...failures.rateLimit, retryAfterMs: 100 },
    'no credit': failures.noCredit,
    'a wrong key': failures.badKey,
    'no such model': failures.noModel,
    'more than its context holds': failures.tooLong,
    'a failure of its own, again and again': failures.broken,
    'overloaded, and says not to repeat it': { ...failures.overloaded, shouldRetry: false },
    'a slow first word': { say: 'Too late.', slowToken: 20000 },
    'no answer at all': { say: 'Too late.', slow: 20000 },
    'a stall in mid-stream': { say: 'I would like to help you but', stall: 4 },
    'a line that is cut in mid-stream': { say: 'I would like to help you but', drop: 4 },
    'a line that is cut before the answer': { cut: true },
    'a stream that ends too early': { say: '', done: false, finish: null, pieces: 1 },
    'what is no JSON': { say: 'I would like to help you', malformed: 2 },
    'a page of HTML': { html: true },
    'no words': { say: '' },
    'JSON in the place of words': { say: '{"name":"end_call","arguments":{}}' },
    'thoughts that never end': { say: '<think>What might the caller want? I will think about it.' },
    'a content filter': { say: '', finish: 'content_filter' },
    'tools for ever': { tool: 'log_caller_info', args: { name: 'Dana' } },
  };
  before(async () => {
    w = await world({ env: { CHAT_TURN_S: String(turn), CHAT_FILLER_MS: '700' } });
    w.model.choose = (words) => cases[/case (\d+)/.test(words) ? Object.keys(cases)[Number(RegExp.$1)] : ''];
  });
  after(async () => {
    for (const r of w.model.requests) r.closed ??= Date.now();
    await w.end();
  });
  Object.keys(cases).forEach((name, i) => test(name, async () => {
    const call = w.call();
    await call.begin();
    const page = await call.say(`I need a repair, case ${i}`);
    assert.ok(page.gather, page.xml);
    assert.match(page.said, /repair.*Is that right\?|What is your name/, page.said);
    assert.doesNotMatch(page.said, /interrupted|I would like to help you|log_caller|end_call|think/);
    assert.ok(page.total < (turn + 4) * 1000, `${page.total} ms`);
    for (const p of call.waited) assert.ok(p.ms < 4000, `${p.ms} ms of silence`);
    const d = await call.rows();
    const failed = d.events.filter((e) => e.name === 'brain_failed');
    assert.equal(failed.length, 1);
    assert.match(failed[0].detail, /\. The rules answered in its place\.$/);
    assert.equal(d.turns.filter((t) => t.who === 'caller').length, 1);
    /* and the talk goes on: the same again, then by the rules alone, to its end */
    const second = await call.say(`yes, case ${i}`);
    assert.ok(second.gather, second.xml);
    const asked = () => w.model.requests.filter((r) => JSON.stringify(r.body?.messages ?? '').includes(`case ${i}"`)).length;
    const before = asked();
    const third = await call.say('Dana');
    assert.ok(third.gather && third.said, third.xml);
    assert.equal(asked(), before, 'a model that failed twice in a talk is asked no more');
  }));
});

describe('what passes is waited for', () => {
  let w;
  before(async () => { w = await world(); });
  after(() => w.end());
  beforeEach(() => w.model.reset());

  test('Retry-After is kept to, and the caller gets the model\'s words', async () => {
    const call = w.call();
    await call.begin();
    w.model.next({ ...failures.rateLimit, retryAfter: 1 }, { say: 'Here I am.' });
    assert.equal((await call.say('hello')).said, 'Here I am.');
    assert.ok(w.model.requests[1].at - w.model.requests[0].at >= 1000);
  });

  test('a failure of its own, a line that is cut: once more', async () => {
    const call = w.call();
    await call.begin();
    w.model.next(failures.broken, { cut: true }, { say: 'Here I am.' });
    assert.equal((await call.say('hello')).said, 'Here I am.');
    assert.equal(w.model.requests.length, 3);
  });
});

describe('a slow model', () => {
  let w;
  const filler = 400;
  before(async () => { w = await world({ env: { CHAT_FILLER_MS: String(filler) } }); });
  after(() => w.end());
  beforeEach(() => w.model.reset());

  test('a word that it goes on, round and round, then the answer', async () => {
    const call = w.call();
    await call.begin();
    w.model.next({ say: 'Now I know.', slow: 1500 });
    const page = await call.say('a hard question');
    assert.equal(page.said, 'Now I know.');
    assert.ok(call.waited.length >= 2 && call.waited.length <= 6, String(call.waited.length));
    assert.equal(call.waited[0].said, 'One moment, please.');
    assert.equal(call.waited[1].said, ''); // not at each round
    for (const [i, p] of call.waited.entries()) {
      assert.ok(p.ms >= filler - 50 && p.ms < filler + 3000, `${p.ms} ms`);
      assert.equal(p.redirect, `${BASE}/voice/turn?n=1&w=${i + 1}`);
      assert.doesNotMatch(p.xml, /Gather/);
    }
    assert.equal(w.model.requests.length, 1);
    assert.ok(page.total < SLOW);
    const d = await call.rows();
    assert.equal(d.turns.at(-1).text, 'Now I know.');
    assert.doesNotMatch(JSON.stringify(d.turns), /One moment/);
  });

  test('a webhook that comes twice, while it thinks and afterwards: one question, one tool, one answer', async () => {
    const call = w.call();
    await call.begin();
    const uri = call.page.action, fields = { SpeechResult: 'call me tomorrow about the boiler, I am Dana' };
    w.model.next({ ...callback, slow: 1000 }, { say: 'It is noted.' });
    const follow = async (page) => {
      while (page.waits) page = await call.post(page.redirect);
      return page;
    };
    const pages = await Promise.all([1, 2, 3, 4].map(async () => follow(await call.post(uri, fields))));
    pages.push(await call.post(uri, fields), await call.post(`${uri}&w=3`));
    assert.equal(new Set(pages.map((p) => p.xml)).size, 1);
    assert.equal(pages[0].said, 'It is noted.');
    assert.equal(w.model.requests.length, 2);
    const d = await call.rows();
    assert.deepEqual([d.callbacks.length, d.tools.length, d.turns.length], [1, 1, 3]);
  });

  test('the same by the rules: no turn is taken twice', async () => {
    assert.equal((await run(['settings', 'set', 'plumbing', 'BRAIN', 'rules'], { env: w.env })).code, 0);
    const call = w.call();
    await call.begin();
    const uri = call.page.action;
    const pages = await Promise.all(Array.from({ length: 6 }, () => call.post(uri, { SpeechResult: 'repair' })));
    assert.equal(new Set(pages.map((p) => p.xml)).size, 1);
    assert.equal((await call.rows()).turns.length, 3);
    await run(['settings', 'unset', 'plumbing', 'BRAIN'], { env: w.env });
  });

  test('many callers wait at once, and others are answered meanwhile', async () => {
    w.model.always = { say: 'There you are.', slow: 2000 };
    const calls = await Promise.all(Array.from({ length: 24 }, async () => {
      const call = w.call();
      await call.begin();
      return call;
    }));
    const all = Promise.all(calls.map((c) => c.say('hello')));
    await sleep(300);
    for (let i = 0; i < 5; i++) {
      const page = await w.call().begin();
      assert.ok(page.ms < 3000, `${page.ms} ms while others wait`);
      await sleep(200);
    }
    for (const page of await all) {
      assert.ok(page.gather, page.xml);
      assert.ok(page.total < SLOW);
    }
    const slowest = Math.max(...calls.flatMap((c) => c.pages.map((p) => p.ms)));
    assert.ok(slowest < 4000, `${slowest} ms`);
  });
});

describe('the process ends in the middle of a turn', () => {
  test('killed: the next one takes the turn over by the rules, with all that was said and done', async () => {
    const w = await world({ env: { CHAT_FILLER_MS: '300' } });
    const call = w.call();
    await call.begin();
    let free;
    w.model.next(callback, { say: 'never heard', hold: new Promise((done) => { free = done; }) });
    const first = await call.post(call.page.action, { SpeechResult: 'call me tomorrow about the boiler, I am Dana' });
    assert.equal(first.said, 'One moment, please.');
    await until('the callback is noted', async () => (await call.rows()).callbacks.length === 1);
    await w.crash();
    free();
    let page = first;
    const began = Date.now();
    while (page.waits) page = await call.post(page.redirect);
    assert.ok(Date.now() - began < 7000, `${Date.now() - began} ms`);
    assert.match(page.said, /Your callback is noted.*Is there anything else\?/);
    assert.ok(page.gather);
    const d = await call.rows();
    assert.deepEqual([d.callbacks.length, d.turns.filter((t) => t.who === 'caller').length], [1, 1]);
    w.model.next(goodbye);
    assert.match((await call.say('no')).xml, /<Hangup\/>/);
    await w.end();
  });

  test('asked to stop: the rules answer before it ends, and nothing is lost', async () => {
    const w = await world({ env: { CHAT_FILLER_MS: '300', CHAT_TURN_S: '30' } });
    const call = w.call();
    await call.begin();
    w.model.always = { say: 'never heard', slow: 25000 };
    const first = await call.post(call.page.action, { SpeechResult: 'I need a repair' });
    assert.ok(first.waits);
    const began = Date.now();
    assert.deepEqual(await w.hook.close(), [0]);
    assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
    w.crashed = w.hook.log();
    await w.up();
    const page = await call.post(first.redirect);
    assert.match(page.said, /I have: repair\. Is that right\?/);
    w.model.reset();
    assert.equal((await call.say('yes')).said, 'I see.'); // that was no failure of the model's
    await w.end();
  });
});

test('the model rests after a failure that only the owner can mend, and is asked again later', async () => {
  const w = await world({ env: { CHAT_REST_S: '2' } });
  w.model.always = failures.badKey;
  const call = w.call();
  await call.begin();
  await call.say('I need a repair');
  const other = w.call();
  await other.begin();
  assert.match((await other.say('I need a repair')).said, /Is that right/);
  assert.equal(w.model.requests.length, 1, 'the second caller did not wait for it');
  await sleep(2100);
  w.model.always = { say: 'Back again.' };
  const third = w.call();
  await third.begin();
  assert.equal((await third.say('hello')).said, 'Back again.');
  await w.end();
});

test('without a model the same pages come from the rules', async () => {
  const w = await world({ env: { CHAT_URL: '', CHAT_API_KEY: '', BRAIN: 'auto' } });
  const call = w.call();
  await call.begin();
  assert.match((await call.say('repair')).said, /name/);
  assert.equal(w.model.requests.length, 0);
  assert.equal(program.endsWith('frontdesk'), true);
  await w.end();
});
