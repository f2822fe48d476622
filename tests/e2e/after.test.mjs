// What comes after a call: notes by the text model or by rules, the cost, what was promised and not done
// with its button on the call's page, and the owner's notice; all of it once, however often the worker is
// killed (-9) over it.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { failures, startChat } from '../fakes/chat-server.mjs';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { TestDb } from './lib/db.mjs';
import { TOKEN, build, caller, closedPort, root, sid, signIn, sleep, startDesk, until } from './lib/desk.mjs';
import { ask } from './stack.mjs';

const KEY = 'key-of-the-notes';
const NOTES = { summary: 'The caller has a leaking tap and wants a call.', topics: ['tap'], sentiment: 'neutral', facts: { wants: 'a new tap' } };
const isNotes = (body) => body.tools?.[0]?.function.name === 'write_notes';
const chat = (model) => ({ NOTES_BY: 'auto', CHAT_URL: model.url, CHAT_API_KEY: KEY, CHAT_MODEL: 'fake-1' });
const notesOf = (desk, callSid) => until('the notes', async () => (await desk.row(callSid)).notes, 90000);
// The page's form of that button, sent.
async function press(desk, cookie, page, verb) {
  const html = (await ask(`${desk.url}${page}`, { headers: { cookie } })).text();
  const form = new RegExp(`action="([^"]*/${verb})"><input type="hidden" name="csrf" value="([^"]+)"`).exec(html);
  assert.ok(form, html);
  return ask(desk.url + form[1], { method: 'POST', body: new URLSearchParams({ csrf: form[2] }).toString(),
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' } });
}

describe('with a text model', () => {
  let desk, model, plan;
  before(async () => {
    model = await startChat({ key: KEY });
    // in the talk it promises, and does nothing
    model.choose = (words, body) => (isNotes(body) ? plan : { say: 'Sal will call you back this afternoon.', usage: [300, 20] });
    desk = await startDesk({ env: { ANSWER_MODE: 'gather', REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/`, ...chat(model) } });
  });
  after(async () => {
    await desk?.end();
    await model?.close();
  });
  beforeEach(() => { plan = { tool: 'write_notes', args: NOTES, usage: [1000, 50] }; });

  // A call by questions, one turn long.
  async function talk() {
    const call = { CallSid: sid(), From: caller() };
    let page = await desk.hook('/voice/incoming', call);
    const action = () => /action="([^"]*\/voice\/turn[^"]*)"/.exec(page.text)?.[1].replaceAll('&amp;', '&');
    const go = async (url, more) => { page = await desk.hook(new URL(url, desk.url).pathname + new URL(url, desk.url).search, { ...call, ...more }); };
    await until('a question', async () => {
      const on = /<Redirect[^>]*>([^<]*)</.exec(page.text)?.[1].replaceAll('&amp;', '&');
      if (!action() && on) await go(on);
      return action();
    });
    await go(action(), { SpeechResult: 'My kitchen tap is leaking, can somebody call me?', Confidence: '0.9' });
    await until('an answer', async () => {
      const on = /<Redirect[^>]*>([^<]*)</.exec(page.text)?.[1].replaceAll('&amp;', '&');
      if (on && !/Sal will/.test(page.text)) await go(on);
      return /Sal will/.test(page.text);
    });
    await desk.hook('/voice/status', { ...call, CallStatus: 'completed', CallDuration: '30' });
    return call.CallSid;
  }

  test('notes, cost, and a promise that nobody kept: on the page, and done by one press', async () => {
    const callSid = await talk();
    const notes = await notesOf(desk, callSid);
    let row = await desk.row(callSid);
    assert.equal(notes.by_whom, 'model');
    assert.equal(notes.summary, NOTES.summary);
    assert.equal(row.summary, NOTES.summary);
    assert.equal(notes.topics, 'tap');
    assert.equal(notes.facts.wants, 'a new tap');
    assert.deepEqual(row.usage.map((u) => [u.part, u.model, u.text_in, u.text_cached, u.text_out]), [['after', 'fake-1', 993, 7, 50], ['talk', 'fake-1', 293, 7, 20]]);
    assert.equal(notes.unpriced, 'fake-1');
    assert.deepEqual(row.attention.map((a) => [a.claim, a.words, a.state]), [['callback', 'Sal will call you back this afternoon.', 'open']]);
    assert.equal(row.callbacks.length, 0);
    // what the model was told, and that it was strict about it
    const asked = model.requests.filter((r) => isNotes(r.body));
    assert.equal(asked.length, 1);
    assert.equal(asked[0].problem, undefined);
    assert.match(asked[0].body.messages.at(-1).content, /Caller: My kitchen tap is leaking, can somebody call me\?\nReceptionist: Sal will call you back/);
    // the page, and its button
    const { cookie } = await signIn(desk);
    const page = async () => (await ask(`${desk.url}/calls/${row.id}`, { headers: { cookie } })).text();
    for (const want of ['Promised, but not done', 'somebody calls back, but it is not on your list', 'Put the call back on my list', 'Written by the text model.', 'No price is known of: fake-1'])
      assert.ok((await page()).includes(want), want);
    assert.equal((await press(desk, cookie, `/calls/${row.id}`, 'mend')).status, 303);
    row = await desk.row(callSid);
    assert.deepEqual(row.callbacks.map((c) => [c.reason, c.state]), [[NOTES.summary, 'open']]);
    assert.deepEqual(row.attention.map((a) => [a.state, a.closed_by]), [['done', 'remedy']]);
    assert.match(await page(), /Done after all\./);
  });

  for (const [what, fails, why] of [
    ['is too busy', { ...failures.rateLimit, retryAfter: 120 }, /./],
    ['stalls', { say: 'x', stall: 1 }, /./],
    ['writes no JSON', { tool: 'write_notes', args: 'nonsense' }, /could not be read/],
    ['talks instead', { say: 'Here are my notes!' }, /could not be read/],
  ])
    test(`the model ${what}: notes by rules, and they say so`, async () => {
      plan = fails;
      const callSid = await talk();
      const notes = await notesOf(desk, callSid);
      assert.equal(notes.by_whom, 'rules');
      assert.match(notes.why_rules, why);
      assert.match(notes.summary, /^Said: My kitchen tap is leaking/);
      const row = await desk.row(callSid);
      assert.equal(row.attention.length, 1);
      const { cookie } = await signIn(desk);
      assert.equal((await press(desk, cookie, `/calls/${row.id}`, 'done')).status, 303);
      assert.equal((await desk.row(callSid)).attention[0].closed_by, 'hand');
    });
});

test('what the voice model counts is kept with the call, and costs what the owner says', async () => {
  const model = await startRealtime({ answers: [{ say: 'Goodbye.', ms: 200, tool: 'end_call', args: { outcome: 'completed' } }] });
  const desk = await startDesk({ model, env: { REALTIME_URL: `${model.url}?model=gpt-realtime-2.1` } });
  try {
    const good = async (...args) => {
      const got = await desk.cli('prices', ...args);
      assert.equal(got.code, 0, got.err);
      return got.out;
    };
    assert.match(await good(), /gpt-realtime-2\.1 +audio_out +64\.00 +from 2026-11-20 +\(OpenAI model page\)/);
    const call = desk.dial('--linger', '60', '--patience', '60');
    const s = await desk.session();
    await s.until(() => s.lastResponse && !s.active, 'the greeting', 30000);
    await s.caller('thank you, bye');
    await call.over();
    const notes = await notesOf(desk, call.sid);
    const row = await desk.row(call.sid);
    const voice = row.usage.find((u) => u.part === 'voice'), words = row.usage.find((u) => u.part === 'words');
    assert.ok(voice.asks >= 2, JSON.stringify(row.usage));
    assert.deepEqual([voice.audio_in, voice.audio_out], [5 * voice.asks, 5 * voice.asks]); // the stand-in tells sums only
    assert.deepEqual([words.model, words.heard_ms], ['gpt-transcribe', 1000]);
    assert.deepEqual([voice.model, notes.unpriced], ['gpt-realtime-2.1', '']);
    assert.equal(notes.nanos, voice.asks * 5 * (32000 + 64000) + words.asks * 75000);
    assert.equal(notes.by_whom, 'rules');
    assert.equal(notes.why_rules, null);
    assert.match((await desk.cli('report')).out, /\n {2}cost +(less than )?\$0\.00\d/);
    // prices are the owner's to change
    assert.match(await good('set', voice.model, 'audio_out', '100', '--from', '2026-01-01', '--source', 'my contract'), /^$/);
    assert.match(await good('list'), / audio_out +100\.00 +from 2026-01-01 +own +\(my contract\)/);
    for (const bad of [['set', 'm', 'audio_out'], ['set', 'm', 'tokens', '1'], ['set', 'm', 'audio_out', '-1'], ['set', 'm', 'audio_out', '1', '--from', 'today'], ['remove', 'm', 'x'], ['list', 'x']])
      assert.equal((await desk.cli('prices', ...bad)).code, 2, bad.join(' '));
    await good('remove', voice.model, 'audio_out', '--from', '2026-01-01');
    assert.equal((await desk.cli('prices', 'remove', voice.model, 'audio_out', '--from', '2026-01-01')).code, 1);
  } finally {
    await desk.end();
    await model.close();
  }
});

// KILLS=200 for the long run (default 25).
test('the worker is killed again and again: each call has its notes, its card and its notice once', async (t) => {
  const KILLS = Number(process.env.KILLS ?? 25), random = (most) => Math.floor(Math.random() * most);
  const rest = await twilioRest({ token: TOKEN }), model = await startChat({ key: KEY });
  model.choose = (words, body) => (isNotes(body) ? { tool: 'write_notes', args: NOTES, usage: [100, 10], slow: random(40) } : undefined);
  const db = new TestDb({ FRONTDESK_SHARE: root });
  fs.mkdirSync(path.join(db.folder, 'run'));
  const env = { ...db.env, TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_API_URL: rest.url, OUTBOX_ASK_MS: '150', ...chat(model) };
  let n = 0, said = '';
  const start = () => {
    const child = spawn(path.join(build, 'bin/worker'), [], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (d) => { said += d; });
    return { child, ended: new Promise((done) => child.on('close', done)) };
  };
  const sids = () => Array.from({ length: n }, (_, i) => `CAover${String(i).padStart(4, '0')}`);
  try {
    await db.init();
    const more = async (count) => { await db.seed('over', String(n), String(count)); n += count; };
    await more(4);
    for (let k = 0; k < KILLS; k++) {
      const seen = said.split('worker.started').length;
      const worker = start();
      if (k % 8 === 7) await more(2);
      await until('it runs', () => said.split('worker.started').length > seen, 60000);
      await sleep(random(120));
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    const asked = model.requests.length;
    const last = start();
    const rows = await until('all are done', async () => {
      const all = [];
      for (const s of sids()) all.push(await db.dump(s));
      return all.every((r) => r.notes && r.outbox.every((o) => ['sent', 'delivered'].includes(o.state))) && all;
    }, 120000);
    last.child.kill('SIGTERM');
    await last.ended;
    t.diagnostic(`${KILLS} kills, ${n} calls, the model was asked ${model.requests.length} times (${asked} before the last start)`);
    for (const r of rows) {
      assert.equal(r.notes.by_whom, 'model');
      assert.equal(r.notes.told, 'text');
      assert.equal(r.attention.length, 1);
      assert.equal(r.outbox.length, 1);
      assert.equal(r.events.filter((e) => e.name === 'not_done').length, 1);
      const number = r.call.from_number.slice(-4);
      assert.equal(rest.messages.filter((m) => m.Body.includes(`555-${number}`)).length, 1, number);
    }
    assert.doesNotMatch(said, /Sanitizer|runtime error:/);
  } finally {
    db.remove();
    await rest.close();
    await model.close();
  }
});
