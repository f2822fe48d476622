// ConversationRelay: Twilio hears and speaks, we do text. Through nginx, hook, bridge and database;
// the webhooks and the socket's handshake are signed by Twilio's own library.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import twilio from 'twilio';
import { OWNER, TOKEN, caller, sid, sleep, startDesk, until } from './lib/desk.mjs';
import { RelayPeer } from './lib/relay-peer.mjs';
import { TwilioPeer } from './lib/twilio-peer.mjs';

let desk, files;
before(async () => {
  desk = await startDesk({ env: { ANSWER_MODE: 'relay', SILENCE_PROMPT_S: '3', SILENCE_GOODBYE_S: '2', TOOL_FILLER_MS: '400' } });
  files = desk.files('bridge');
});
after(() => desk?.end());

const names = (row, kind) => row.events.filter((e) => !kind || e.kind === kind).map((e) => (kind ? e.name : `${e.kind}:${e.name}`));
const attr = (text, name) => new RegExp(` ${name}="([^"]*)"`).exec(text)?.[1];
const spoken = (row, who) => row.turns.filter((t) => t.who === who).map((t) => t.text);

// A webhook's call, and Twilio's end of the session its TwiML asks for (not yet open).
async function ring({ from = caller(), signed = true, sign = TOKEN, ...more } = {}) {
  const fields = { CallSid: sid(), From: from };
  const page = await desk.hook('/voice/incoming', fields);
  const noun = /<ConversationRelay [^>]*>/.exec(page.text)?.[0];
  assert.ok(noun, page.text);
  const url = attr(noun, 'url');
  const headers = signed ? { 'x-twilio-signature': twilio.getExpectedTwilioSignature(sign, url, {}) } : {};
  const token = /<Parameter name="token" value="([^"]+)"/.exec(page.text)[1];
  const peer = new RelayPeer(url, { callSid: fields.CallSid, token, headers, from, ...more });
  return { peer, page, fields, noun };
}

async function talk(options) {
  const call = await ring(options);
  await call.peer.open();
  call.peer.setup();
  await call.peer.answer(/What is it about|How can/);
  return call;
}

// What Twilio does when a session is over.
const next = (call, more = {}) => desk.hook('/voice/next', { ...call.fields, CallStatus: 'in-progress', SessionId: call.peer.sessionId,
  SessionDuration: '5', ...(call.peer.ended ? { SessionStatus: 'ended', HandoffData: call.peer.ended.handoffData } : { SessionStatus: 'failed', ErrorCode: '64105', ErrorMessage: 'WebSocket ended' }), ...more });

async function over(call, { problems = true } = {}) {
  await desk.hook('/voice/status', { ...call.fields, CallStatus: 'completed' });
  if (problems) assert.deepEqual(call.peer.problems, []);
  return desk.row(call.fields.CallSid);
}

describe('a whole conversation', () => {
  test('to an appointment, by text', async () => {
    const call = await ring();
    const { peer, noun, page } = call;
    assert.match(page.text, /<Connect action="\/voice\/next"><ConversationRelay /);
    assert.equal(attr(noun, 'url'), `${desk.url.replace('http', 'ws')}/conversation-relay`);
    assert.equal(attr(noun, 'language'), 'en-US');
    assert.equal(attr(noun, 'dtmfDetection'), 'true');
    assert.equal(attr(noun, 'interruptible'), 'any');
    assert.equal(attr(noun, 'debug'), 'speaker-events tokens-played');
    assert.match(attr(noun, 'hints'), /leave a message/);
    assert.equal(attr(noun, 'welcomeGreeting'), undefined); // the bridge greets
    await peer.open();
    peer.setup();
    await peer.answer(/What is it about|How can/);
    for (const [words, answer] of [['my water heater is leaking', /your name/], ['Charlie Brown', /reach you on/], ['yes', /What is the address/],
      ["it's 12 Elm Street, Harwick", /I have: 12 Elm Street, Harwick\. Is that right/], ['yes', /would suit you/],
      ['tomorrow morning', /Which would you like/], ['9 am', /Shall I book it/], ['yes', /It is booked.*anything else/]]) {
      peer.prompt(words);
      await peer.answer(answer);
    }
    peer.prompt('no');
    await peer.closed;
    assert.deepEqual(JSON.parse(peer.ended.handoffData), { why: 'goodbye', next: 'hangup' });
    assert.equal(peer.ended.unspoken, '', 'the goodbye is spoken to its end');
    assert.match(peer.heard.at(-1), /Goodbye/);
    assert.equal(peer.of('text').at(-1).interruptible, false);
    // the end stands in the row before Twilio asks what comes next
    const row = await desk.row(peer.callSid);
    assert.equal(row.stream_end, 'goodbye');
    assert.match((await next(call)).text, /<Hangup\/>/);
    await over(call);

    assert.deepEqual([row.mode, row.outcome, row.next_step, row.engine], ['relay', 'booked', 'hangup', 'ConversationRelay, rules']);
    assert.deepEqual(row.callbacks, []);
    const booked = row.tool_runs.filter((t) => t.tool === 'book_appointment');
    assert.deepEqual(booked.map((t) => t.ok), [true]);
    assert.match(JSON.stringify(row.tool_runs.filter((t) => !t.ok)), /^\[\]$/);
    assert.deepEqual(spoken(row, 'caller'), ['my water heater is leaking', 'Charlie Brown', 'yes', "it's 12 Elm Street, Harwick", 'yes', 'tomorrow morning', '9 am', 'yes', 'no']);
    assert.deepEqual(spoken(row, 'desk'), peer.of('text').map((m) => m.token));
    assert.ok(row.turns.every((t) => !t.unheard && t.end_ms >= t.start_ms && t.start_ms >= 0), JSON.stringify(row.turns));
    assert.ok(row.first_audio_ms > 0 && row.first_audio_ms < 2000, String(row.first_audio_ms));
    assert.deepEqual(names(row).filter((n) => !/^rule:(caller|inside|outside|route|emergency|script)|^tool:/.test(n)), ['rule:answer_mode', 'stream:connected', 'stream:relay', 'stream:ended']);

    // how long it took is kept as what it is: words, without Twilio's voice
    const { out } = await desk.cli('latency');
    const parts = out.split(/^(?=\S)/m).map((part) => [/^.*/.exec(part)[0], Number(/^ {2}\d{4}-\S+ +(\d+)/m.exec(part)?.[1] ?? 0)]);
    assert.deepEqual(parts.map(([title]) => title), ["From the call's beginning to our first sound", "From the caller's last sound to our first one",
      'By text, from the call\'s beginning to our first words', "By text, from the caller's words to our first ones"], out);
    assert.deepEqual(parts.map(([, n]) => n), [0, 0, 1, 9], out);
  });

  test('an emergency is put through: the last words are spoken, then the owner is rung', async () => {
    const call = await talk();
    call.peer.prompt('a burst pipe, water everywhere');
    await call.peer.answer(/happening now/);
    call.peer.prompt('yes');
    await call.peer.closed;
    assert.deepEqual(JSON.parse(call.peer.ended.handoffData), { why: 'transfer', next: 'transfer' });
    assert.equal(call.peer.ended.unspoken, '');
    assert.match((await next(call)).text, new RegExp(`<Dial [^>]*>.*\\${OWNER}`));
    assert.equal((await over(call)).urgent, true);
  });

  test('an emergency in words that only the judge knows is taken up at once', async () => {
    const call = await talk();
    call.peer.prompt('I smell rotten eggs near the boiler and my kids feel dizzy');
    await call.peer.answer(/If anyone is in danger.*happening now/);
    call.peer.prompt('yes');
    await call.peer.closed;
    assert.deepEqual(JSON.parse(call.peer.ended.handoffData), { why: 'transfer', next: 'transfer' });
    const row = await over(call);
    assert.deepEqual([row.script, row.severity, row.urgent], ['emergency', 'P1', true]);
    assert.match(row.transfer_reason, /rotten eggs|an emergency/);
  });

  test('somebody who is not understood is put through in opening hours, else asked for a message', async () => {
    const call = await talk();
    call.peer.prompt('flurble');
    await call.peer.answer(/did not get that/);
    call.peer.prompt('gnarf');
    await call.peer.closed;
    const handoff = JSON.parse(call.peer.ended.handoffData);
    const open = names(await desk.row(call.peer.callSid), 'rule').includes('inside_hours');
    assert.deepEqual(handoff, open ? { why: 'transfer', next: 'transfer' } : { why: 'message', next: 'message' });
    assert.match((await next(call)).text, open ? /<Dial / : /<Record /);
    assert.equal((await over(call)).stream_end, handoff.why);
  });

  test('without a word from Twilio about its voice, a reading speed is taken', async () => {
    const call = await talk({ info: false, msPerChar: 1 });
    await sleep(1200);
    call.peer.prompt('goodbye');
    const asked = Date.now();
    await call.peer.closed;
    const words = call.peer.of('text').at(-1).token;
    const took = call.peer.ended.at - asked;
    assert.ok(took >= 60 * words.length && took < 120 * words.length + 2500, `${took} ms for ${words.length} letters`);
    await next(call);
    await over(call);
  });
});

describe('the caller', () => {
  test('interrupts in the middle of a sentence: what was not heard is stored apart', async () => {
    const call = await ring({ msPerChar: 20 });
    const { peer } = call;
    await peer.open();
    peer.setup();
    await peer.until((p) => p.spoken.length > 20, 'some words');
    assert.ok(peer.interrupt());
    const heard = peer.heard.at(-1);
    peer.prompt('drain cleaning');
    await peer.until((p) => p.of('text').length === 2, 'the next question');
    await peer.hangUp();
    const row = await until('the end', async () => { const r = await desk.row(peer.callSid); return r.stream_end && r; });
    assert.equal(row.stream_end, 'caller_left');
    const [greeting] = row.turns;
    const whole = peer.of('text')[0].token;
    assert.equal(greeting.text, heard);
    assert.ok(greeting.unheard.length > 20 && whole.endsWith(greeting.unheard), greeting.unheard);
    assert.equal(`${greeting.text} ${greeting.unheard}`, whole);
    assert.equal(names(row, 'stream').filter((n) => n === 'interrupted').length, 1);
    assert.deepEqual(spoken(row, 'caller'), ['drain cleaning']);
    await over(call);
  });

  test('hangs up in the middle of a sentence: only what was heard is kept as heard', async () => {
    const call = await ring({ msPerChar: 20 });
    await call.peer.open();
    call.peer.setup();
    await call.peer.until((p) => p.spoken.length > 20, 'some words');
    const heard = call.peer.spoken.trim();
    await call.peer.hangUp();
    const row = await until('the end', async () => { const r = await desk.row(call.peer.callSid); return r.stream_end && r; });
    assert.equal(row.turns[0].text, heard);
    assert.ok(row.turns[0].unheard.length > 20);
    await over(call);
  });

  test('types: keys are collected and stored, # ends them at once', async () => {
    const call = await talk();
    const { peer } = call;
    peer.keys('4');
    await peer.answer(/your name/);
    peer.keys('1');
    await peer.answer(/reach you on|call you back on/);
    peer.keys('2');
    await peer.answer(/What number/);
    const asked = Date.now();
    peer.keys('4155550199#');
    await peer.answer(/I have .* Is that right/);
    assert.ok(peer.of('text').at(-1).at - asked < 1000, 'the # ends the row');
    await peer.hangUp();
    const row = await until('the end', async () => { const r = await desk.row(peer.callSid); return r.stream_end && r; });
    assert.deepEqual(row.turns.filter((t) => t.who === 'caller').map((t) => `${t.how} ${t.text}`), ['keys 4', 'keys 1', 'keys 2', 'keys 4155550199#']);
    await over(call);
  });

  test('parts of words change nothing', async () => {
    const call = await talk();
    for (const part of ['my', 'my water', 'my water heater']) call.peer.partial(part);
    await sleep(600);
    assert.equal(call.peer.of('text').length, 1);
    call.peer.prompt('my water heater');
    await call.peer.answer(/your name/);
    await call.peer.hangUp();
    const row = await until('the end', async () => { const r = await desk.row(call.peer.callSid); return r.stream_end && r; });
    assert.deepEqual(spoken(row, 'caller'), ['my water heater']);
    await over(call);
  });

  test('has more to say at the goodbye: the talk goes on, and leaving leaves no trace', async () => {
    const call = await talk();
    const { peer } = call;
    peer.prompt('goodbye');
    await peer.until((p) => /^Thank you/.test(p.spoken), 'the goodbye is being spoken');
    peer.prompt('wait, there is a burst pipe');
    await peer.until((p) => /happening now/.test(p.of('text').at(-1).token), 'the question');
    const row = await until('it is taken back', async () => { const r = await desk.row(peer.callSid); return names(r).includes('stream:leave_cancelled') && r; });
    assert.deepEqual([row.next_step ?? null, row.outcome ?? null, row.tool_runs.length], [null, null, 0]);
    peer.prompt('yes');
    await peer.closed;
    assert.deepEqual(JSON.parse(peer.ended.handoffData), { why: 'transfer', next: 'transfer' });
    const after = await over(call);
    assert.deepEqual([after.urgent, after.next_step], [true, 'transfer']);
    assert.deepEqual(spoken(after, 'caller'), ['goodbye', 'wait, there is a burst pipe', 'yes']);
  });

  test('is still speaking when the goodbye is over: is heard out; keys hold the call, too', async () => {
    const call = await talk();
    const { peer } = call;
    peer.prompt('goodbye');
    await peer.until((p) => /Goodbye/.test(p.of('text').at(-1).token), 'the goodbye');
    peer.send({ type: 'info', name: 'clientSpeaking', value: 'on', ts: Date.now() });
    await sleep(2500);
    peer.send({ type: 'info', name: 'clientSpeaking', value: 'off', ts: Date.now() });
    await sleep(600);
    assert.equal(peer.ended, undefined, 'nobody is cut off');
    peer.prompt('my water heater');
    await peer.until((p) => /your name/.test(p.of('text').at(-1).token), 'the next question');
    await peer.until((p) => !p.speaking && !p.queue.length, 'silence');
    peer.prompt('goodbye');
    await peer.until((p) => /Goodbye/.test(p.of('text').at(-1).token), 'the goodbye');
    peer.keys('0');
    await peer.closed;
    assert.equal(JSON.parse(peer.ended.handoffData).next, 'transfer');
    await over(call);
  });

  test('says nothing: is asked, then told goodbye; noise without words does not help', async () => {
    const call = await talk();
    const silent = Date.now();
    await call.peer.answer(/still there/, 6000);
    assert.ok(Date.now() - silent >= 2800, 'after SILENCE_PROMPT_S');
    await call.peer.closed;
    assert.deepEqual(JSON.parse(call.peer.ended.handoffData), { why: 'goodbye', next: 'hangup' });
    assert.match(call.peer.heard.at(-1), /cannot hear you/);
    const row = await over(call);
    assert.deepEqual(names(row, 'rule').filter((n) => /silence/.test(n)), ['silence', 'silence_goodbye']);
  });
});

describe('what breaks goes down the ladder', () => {
  const leads = async (call, { end, event, handoff = true }) => {
    await call.peer.closed;
    if (handoff) assert.equal(JSON.parse(call.peer.ended.handoffData).next, 'gather');
    const page = await next(call);
    assert.match(page.text, /<Gather /);
    const row = await over(call, { problems: true });
    if (end) assert.equal(row.stream_end, end);
    assert.equal(row.mode, 'gather');
    if (event) assert.ok(names(row).includes(event), names(row).join(' '));
    return row;
  };

  test('an error message of Twilio\'s', async () => {
    const call = await talk();
    call.peer.send({ type: 'error', description: 'TTS provider failed (64101)' });
    const row = await leads(call, { end: 'relay_error', event: 'stream:relay_error' });
    assert.match(row.events.find((e) => e.name === 'relay_error').detail, /64101/);
  });

  test('messages that are none: one is borne, many are not', async () => {
    const call = await talk();
    call.peer.raw('{"type":"prompt"');
    call.peer.prompt('repair');
    await call.peer.answer(/your name/);
    for (const bad of ['[]', '{}', '{"type":"prompt","last":true}', '{"type":"dtmf","digit":"xx"}', 'x']) call.peer.raw(bad);
    await leads(call, { end: 'protocol', event: 'stream:bad_message' });
  });

  test('ten unknown messages in a row; nine are borne', async () => {
    const call = await talk();
    for (let i = 0; i < 9; i++) call.peer.send({ type: `tomorrow${i}` });
    call.peer.prompt('repair');
    await call.peer.answer(/your name/);
    for (let i = 0; i < 10; i++) call.peer.send({ type: `tomorrow${i}` });
    await leads(call, { end: 'protocol', event: 'stream:unknown_messages' });
  });

  test('a message too long', async () => {
    const call = await talk();
    call.peer.prompt('x'.repeat(100000));
    await leads(call, { end: 'protocol' });
  });

  test('the socket is lost: what was told is not asked again', async () => {
    const call = await talk();
    call.peer.prompt('repair');
    await call.peer.answer(/your name/);
    call.peer.prompt('Romeo');
    await call.peer.answer(/reach you on|call you back on/);
    call.peer.ws.terminate();
    const row = await leads(call, { end: 'caller_left', event: 'stream:relay_failed', handoff: false });
    assert.match(row.events.find((e) => e.name === 'relay_failed').detail, /64105 WebSocket ended/);
    assert.match(spoken(row, 'desk').at(-1), /line was interrupted.*repair.*Romeo/);
  });

  test('a wrong token, a used one, none, and one of another call', async () => {
    const first = await talk();
    for (const params of [{ token: 'wrong' }, { token: first.peer.params.token }, {}]) {
      const call = await ring({ params });
      await call.peer.open();
      call.peer.setup();
      await call.peer.closed;
      assert.equal(call.peer.got.length, 0);
      await leads(call, { event: 'stream:relay_failed', handoff: false });
    }
    await first.peer.hangUp();
    await over(first);
  });

  test('the first message must be setup; a second one is refused', async () => {
    const call = await ring();
    await call.peer.open();
    call.peer.prompt('hello');
    await call.peer.closed;
    assert.equal(call.peer.got.length, 0);
    await leads(call, { handoff: false });
  });

  test('the handoff decides when the row could not be written', async () => {
    const call = await ring();
    for (const [why, wants] of [['goodbye', /<Hangup\/>/], ['message', /<Record /]]) {
      const other = await ring();
      const page = await next(other, { SessionStatus: 'ended', HandoffData: JSON.stringify({ why, next: why === 'goodbye' ? 'hangup' : 'message' }), ErrorCode: '', ErrorMessage: '' });
      assert.match(page.text, wants);
      await over(other);
    }
    const page = await next(call, { HandoffData: '{"next":"dance"}' }); // not one of ours
    assert.match(page.text, /<Gather /);
    await over(call);
  });

  test('the bridge killed: /voice/next goes on', async () => {
    const call = await talk();
    await desk.kill('bridge');
    await leads(call, { event: 'stream:relay_failed', handoff: false });
    await desk.ready();
    files = desk.files('bridge');
  });
});

describe('the door', () => {
  const refused = (peer) => peer.open().then(() => 101, (e) => e.status);

  test('a signature that does not fit is refused, other paths are not there', async () => {
    assert.equal(await refused((await ring({ sign: 'another-token' })).peer), 403);
    const { peer } = await ring();
    peer.headers['x-twilio-signature'] = twilio.getExpectedTwilioSignature(TOKEN, peer.url.replace('relay', 'relays'), {});
    assert.equal(await refused(peer), 403);
    const call = await ring();
    call.peer.url += '/x';
    assert.notEqual(await refused(call.peer), 101);
  });

  test('both mouths are counted as calls', async () => {
    const health = async () => (await fetch(`http://127.0.0.1:${desk.bridgePort()}/healthz`)).text();
    const call = await talk();
    assert.match(await health(), /calls=1\b/);
    const stream = new TwilioPeer(`${desk.url.replace('http', 'ws')}/media-stream`, { token: 'x' });
    await stream.open();
    assert.match(await health(), /calls=2\b/);
    stream.ws.close();
    await stream.closed;
    await call.peer.hangUp();
    await over(call);
    await until('none is left', async () => /calls=0\b/.test(await health()));
  });
});

// `frontdesk call` as Twilio: nothing of ours on the other side.
describe('by the simulator', () => {
  test('a call to a callback, spoken lines as prompts', async () => {
    const call = await desk.dial('--text', '--say', 'please call me back about my last bill', '--say', 'Victor', '--digits', '1', '--say', 'tomorrow morning', '--say', 'yes', '--say', 'no').over();
    const { row } = call;
    assert.deepEqual([row.mode, row.stream_end, row.outcome, row.callbacks.length], ['relay', 'goodbye', 'callback', 1], JSON.stringify(row.turns));
    assert.deepEqual([row.callbacks[0].name, row.callbacks[0].reason, row.callbacks[0].number], ['Victor', 'please call me back about my last bill', call.from]);
    assert.deepEqual(row.turns.filter((t) => t.who === 'caller').map((t) => `${t.how} ${t.text}`),
      ['speech please call me back about my last bill', 'speech Victor', 'keys 1', 'speech tomorrow morning', 'speech yes', 'speech no']);
    assert.equal(call.summary.warnings, 0, call.story());
    assert.equal(call.summary.unplayed_ms, 0, 'the goodbye is heard to its end');
    assert.equal(call.summary.stream_errors, 0);
    assert.deepEqual(call.paths().map((p) => p.split(' ')[1]), ['/voice/incoming', '/voice/next', '/voice/status']);
  });

  test('in real time: an interruption, then put through to the owner', async () => {
    const script = desk.write('script', 'interrupt 1.5\nsay speak to someone\n');
    const call = await desk.dial('--script', script, '--dial-result', 'answered', '--dial-talk', '1').over();
    const { row } = call;
    assert.equal(row.outcome, 'transferred');
    assert.equal(row.stream_end, 'transfer');
    const [greeting] = row.turns;
    assert.match(greeting.text, /^Thanks for calling/);
    assert.match(greeting.unheard, /speak to someone\.$/);
    assert.equal(call.summary.unplayed_ms, 0, 'put through after the words, not in the middle');
  });

  test('the caller hangs up at the first question', async () => {
    const call = await desk.dial('--text', '--script', desk.write('script', 'wait\nhangup\n')).over();
    assert.equal(call.summary.ended, 'caller');
    assert.equal(call.row.outcome, 'hung_up');
    assert.equal(call.row.stream_end, 'caller_left');
  });
});

test('afterwards nothing is open: no call, no socket, a whole database', async () => {
  for (const row of await desk.list()) if (!row.ended_at) await desk.hook('/voice/status', { CallSid: row.call_sid, CallStatus: 'completed' });
  await until(`the bridge has its ${files} files again`, () => desk.files('bridge') <= files);
  await desk.assertAllEnded();
  await desk.assertWhole();
});
