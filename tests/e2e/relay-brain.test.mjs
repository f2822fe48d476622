// ConversationRelay with a text model behind it: words stream to Twilio as they are made, tools are run,
// the caller may say more in between, and the rules go on when the model fails.
import { test, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import twilio from 'twilio';
import { failures, startChat } from '../fakes/chat-server.mjs';
import { TOKEN, caller, sid, startDesk, until } from './lib/desk.mjs';
import { RelayPeer } from './lib/relay-peer.mjs';

const KEY = `key-${crypto.randomBytes(12).toString('hex')}`;
let desk, model;
before(async () => {
  model = await startChat({ key: KEY });
  desk = await startDesk({ env: { ANSWER_MODE: 'relay', CHAT_URL: model.url, CHAT_MODEL: 'fake-1', CHAT_API_KEY: KEY, CHAT_REST_S: '0', CHAT_FILLER_MS: '500', CHAT_TURN_S: '4' } });
});
after(async () => {
  assert.deepEqual(model?.problems(), []);
  assert.ok(!desk?.stack.err.includes(KEY), 'a key is in the log');
  await desk?.end().catch((e) => { console.error(desk.stack.err.slice(-4000)); throw e; });
  await model?.close();
});
beforeEach(() => model.reset());

async function talk() {
  const fields = { CallSid: sid(), From: caller() };
  const page = await desk.hook('/voice/incoming', fields);
  const url = / url="([^"]*)"/.exec(/<ConversationRelay [^>]*>/.exec(page.text)[0])[1];
  const token = /<Parameter name="token" value="([^"]+)"/.exec(page.text)[1];
  const peer = new RelayPeer(url, { callSid: fields.CallSid, token, from: fields.From,
    headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(TOKEN, url, {}) } });
  await peer.open();
  peer.setup();
  await peer.answer(/How can I help you\?/);
  return { peer, fields };
}
async function over({ peer, fields }) {
  await peer.closed;
  await desk.hook('/voice/status', { ...fields, CallStatus: 'completed' });
  assert.deepEqual(peer.problems, []);
  return desk.row(fields.CallSid);
}
const callback = { tool: 'schedule_callback', args: { name: 'Dana', reason: 'boiler', when_text: 'tomorrow', urgency: 'normal' } };
const goodbye = { say: 'Thank you for calling. Goodbye.', tool: 'end_call', args: { outcome: 'completed' } };
const texts = (peer) => peer.of('text').map((m) => m.token).join('');

test('words stream, a callback is booked, the goodbye is spoken to its end', async () => {
  const call = await talk(), { peer } = call;
  assert.equal(model.requests.length, 0); // the greeting is known
  model.next({ say: 'Of course. What is your name?' }, { ...callback, say: 'One moment.' }, { say: 'It is noted, Dana. Anything else?' }, goodbye);
  const before = peer.of('text').length;
  peer.prompt('my boiler is broken');
  await peer.answer(/What is your name\?/);
  const pieces = peer.of('text').slice(before);
  assert.ok(pieces.length > 3, 'as it was made');
  assert.ok(pieces.slice(0, -1).every((m) => !m.last) && pieces.at(-1).last, JSON.stringify(pieces));
  peer.prompt('Dana, call me tomorrow');
  await peer.answer(/Anything else\?/);
  peer.prompt('no thanks');
  const row = await over(call);
  assert.deepEqual(JSON.parse(peer.ended.handoffData), { why: 'goodbye', next: 'hangup' });
  assert.equal(peer.ended.unspoken, '');
  assert.deepEqual([row.engine, row.outcome, row.callbacks.length, row.callbacks[0].name], ['ConversationRelay, model', 'callback', 1, 'Dana']);
  assert.match(row.turns[0].text, /^Thanks for calling Harwick Plumbing\. .*How can I help you\?$/);
  assert.deepEqual(row.turns.slice(1).map((t) => t.text), ['my boiler is broken', 'Of course. What is your name?', 'Dana, call me tomorrow',
    'One moment. It is noted, Dana. Anything else?', 'no thanks', 'Thank you for calling. Goodbye.']);
  const asked = model.requests.at(-1).body.messages;
  assert.ok(asked.some((m) => m.role === 'tool' && JSON.parse(m.content).ok), 'it knows what it did');
});

test('{TRANSFER} puts through and is in no word to Twilio', async () => {
  const call = await talk();
  model.next({ say: 'One moment. {TRANSFER}', pieces: 1 });
  call.peer.prompt('let me speak to Sal');
  const row = await over(call);
  assert.deepEqual(JSON.parse(call.peer.ended.handoffData), { why: 'transfer', next: 'transfer' });
  assert.doesNotMatch(texts(call.peer), /[{}]|TRANSFER/);
  assert.match(texts(call.peer), /One moment\./);
  assert.deepEqual([row.next_step, row.tool_runs[0].tool], ['transfer', 'transfer_to_owner']);
});

test('a slow model: the caller hears that it goes on, then the answer', async () => {
  const call = await talk();
  model.next({ say: 'Now I know.', slow: 1500 }, goodbye);
  call.peer.prompt('a hard question');
  await call.peer.answer(/One moment, please\./);
  await call.peer.answer(/Now I know\./);
  call.peer.prompt('bye');
  await over(call);
});

test('an emergency: the model is asked with the emergency script', async () => {
  const call = await talk();
  model.always = { say: 'Leave the house now. What is the address?' };
  call.peer.prompt('I smell rotten eggs near the boiler and my kids feel dizzy');
  await call.peer.answer(/the address/);
  await until('the row says so', async () => (await desk.row(call.fields.CallSid)).script === 'emergency');
  call.peer.prompt('12 Elm Street');
  await call.peer.answer(/the address/);
  assert.match(model.requests.at(-1).body.messages[0].content, /# This call is an emergency/);
  await call.peer.hangUp();
  assert.equal((await over(call)).severity, 'P1');
});

test('more words before the answer: both are thought about, the first answer is given up', async () => {
  const call = await talk();
  let free;
  model.next({ say: 'never', hold: new Promise((done) => { free = done; }) }, { say: 'A boiler, on Friday?' }, goodbye);
  call.peer.prompt('I have a broken boiler');
  await until('it was asked', () => model.requests.length === 1);
  call.peer.prompt('and I am at home on Friday');
  await call.peer.answer(/on Friday\?/);
  free();
  assert.deepEqual(model.requests[1].body.messages.slice(-2).map((m) => m.content), ['I have a broken boiler', 'and I am at home on Friday']);
  await until('the first one was given up', () => model.requests[0].closed, 8000);
  assert.doesNotMatch(texts(call.peer), /never/);
  call.peer.prompt('bye');
  assert.equal((await over(call)).turns.filter((t) => t.who === 'caller').length, 3);
});

test('spoken into: what was not heard is not remembered as said', async () => {
  const call = await talk();
  call.peer.msPerChar = 40;
  model.next({ say: 'We could come on Monday, on Tuesday, or on Wednesday in the afternoon.' }, { say: 'Monday it is.' }, goodbye);
  call.peer.prompt('when can you come');
  await until('it speaks', () => /on Monday/.test(call.peer.spoken), 8000);
  assert.ok(call.peer.interrupt());
  call.peer.msPerChar = 4;
  call.peer.prompt('Monday please');
  await call.peer.answer(/Monday it is/);
  const told = model.requests[1].body.messages.at(-2);
  assert.equal(told.role, 'assistant');
  assert.match(told.content, /We could come on/);
  assert.doesNotMatch(told.content, /afternoon/);
  call.peer.prompt('bye');
  await over(call);
});

for (const [name, plan] of Object.entries({ 'no credit': failures.noCredit, 'nonsense': { say: '{"name":"end_call"}' }, 'a cut line': { cut: true }, 'too slow': { say: 'late', slow: 20000 }, 'a stall': { say: 'I would like to', stall: 3 } }))
  test(`${name}: the rules answer in the same turn, and alone after the second time`, async () => {
    const call = await talk();
    model.always = plan;
    call.peer.prompt('my water heater is leaking');
    await call.peer.answer(/I have: water heater\. Is that right\?/, 12000);
    call.peer.prompt('yes');
    await call.peer.answer(/your name/, 12000);
    const asked = model.requests.length;
    call.peer.prompt('Dana');
    await call.peer.answer(/reach you on|call you back on/, 12000);
    assert.equal(model.requests.length, asked);
    call.peer.prompt('goodbye');
    const row = await over(call);
    assert.equal(row.events.filter((e) => e.name === 'brain_failed').length, 2);
    assert.equal(row.stream_end, 'goodbye');
  });

test('many at once', async () => {
  model.always = { say: 'There you are.', slow: 500 };
  const calls = await Promise.all(Array.from({ length: 30 }, talk));
  await Promise.all(calls.map(async ({ peer }) => {
    peer.prompt('hello');
    await peer.answer(/There you are/, 15000);
    peer.ws.close();
  }));
  for (const call of calls) await desk.hook('/voice/status', { ...call.fields, CallStatus: 'completed' });
});
