// The simulator as Twilio's side of ConversationRelay, against servers of the test's own: what it
// sends, what it plays, what it refuses, and what the <Connect> action is told.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { once } from 'node:events';
import twilio from 'twilio';
import { WebSocketServer } from 'ws';
import { freePort, program, remove, run, scratch } from './stack.mjs';
import { TOKEN, twimlServer } from '../fakes/twiml-server.mjs';

// A relay server: on(message, session) for each message; sessions keep all they got.
let wss, sessions, on;
before(async () => {
  wss = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(wss, 'listening');
  wss.on('connection', (ws, request) => {
    const s = { ws, path: request.url, signature: request.headers['x-twilio-signature'], got: [], send: (m) => ws.send(JSON.stringify(m)),
      of: (type) => s.got.filter((m) => m.type === type) };
    sessions.push(s);
    ws.on('message', (data) => { const m = JSON.parse(data.toString()); s.got.push({ at: Date.now(), ...m }); on(m, s); });
    ws.on('close', (code) => { s.code = code; });
  });
});
after(() => wss.close());

const url = () => `ws://127.0.0.1:${wss.address().port}/relay`;
const say = (token, more = {}) => ({ type: 'text', token, last: true, ...more });

// One call; the relay noun's attributes, the caller's lines, the server's part.
async function call(attrs, args, part, to = url()) {
  sessions = [];
  on = part;
  const fake = await twimlServer({ pages: {
    '/voice/incoming': `<Connect action="/voice/next"><ConversationRelay url="${to}" ${attrs}><Parameter name="token" value="t&amp;1"/></ConversationRelay></Connect>`,
    '/voice/next': '<Hangup/>', '/voice/status': '' } });
  const got = await run(['call', '--json', '--url', fake.url, '--token', TOKEN, '--to', '+18605550100', '--from', '+14155550134', ...args], { exe: program });
  await fake.close();
  const events = got.out.trim().split('\n').map((l) => JSON.parse(l));
  const next = fake.requests.find((r) => r.path === '/voice/next')?.fields;
  return { events, summary: events.at(-1), next, session: sessions[0], of: (e) => events.filter((x) => x.event === e), out: got.out + got.err };
}

const ALL = 'debug="speaker-events tokens-played" dtmfDetection="true"';

test('setup, words, keys and the end with its handoff', async () => {
  const got = await call(ALL, ['--text', '--say', 'my tap is dripping', '--digits', '1#'], (m, s) => {
    if (m.type === 'setup') { s.send(say('Hello, ', { last: false })); s.send(say('how can I help?')); }
    if (m.type === 'prompt' && m.last) s.send(say('Press one.'));
    if (m.type === 'dtmf' && m.digit === '#') { s.send(say('Goodbye.')); setTimeout(() => s.send({ type: 'end', handoffData: '{"a":1}' }), 300); }
  });
  const { session: s } = got;
  assert.ok(got.summary.ok, got.out);
  assert.equal(s.signature, twilio.getExpectedTwilioSignature(TOKEN, url(), {}));
  const [setup] = s.of('setup');
  assert.match(setup.sessionId, /^VX[0-9a-f]{32}$/);
  assert.match(setup.callSid, /^CA[0-9a-f]{32}$/);
  assert.deepEqual([setup.from, setup.to, setup.direction, setup.callType, setup.customParameters], ['+14155550134', '+18605550100', 'inbound', 'PSTN', { token: 't&1' }]);
  assert.deepEqual(s.of('prompt').map((m) => [m.voicePrompt, m.last]), [['my', false], ['my tap is dripping', true]]);
  assert.deepEqual(s.of('dtmf').map((m) => m.digit), ['1', '#']);
  const info = s.of('info').map((m) => `${m.name} ${m.value}`);
  assert.equal(info[0], 'agentSpeaking on');
  assert.equal(s.of('info').filter((m) => m.name === 'tokensPlayed').map((m) => m.value).join('').slice(0, 22), 'Hello, how can I help?');
  assert.ok(info.indexOf('agentSpeaking off') < info.indexOf('clientSpeaking on'), 'the caller waits');
  assert.deepEqual([got.next.SessionId, got.next.SessionStatus, got.next.HandoffData, got.next.ErrorCode], [setup.sessionId, 'ended', '{"a":1}', undefined]);
  assert.deepEqual(got.of('say').filter((e) => e.who === 'receptionist').map((e) => e.text), ['Hello, ', 'how can I help?', 'Press one.', 'Goodbye.']);
});

test('words take their time; an interruption tells what was spoken', async () => {
  const words = 'One two three four five six seven eight nine ten eleven twelve.'; // 63 letters: about 3.8 s
  const got = await call(ALL, ['--say', 'stop please'], (m, s) => {
    if (m.type === 'setup') s.send(say(words));
    if (m.type === 'prompt' && m.last) s.send({ type: 'end' });
  });
  const on = got.session.of('info').find((m) => m.value === 'on').at;
  const off = got.session.of('info').find((m) => m.value === 'off').at;
  assert.ok(off - on > 3300 && off - on < 4800, `${off - on} ms`);
  assert.equal(got.session.of('interrupt').length, 0);
  assert.equal(got.next.HandoffData, undefined);
  assert.equal(got.next.SessionStatus, 'ended');
});

test('interrupts: the spoken part, nothing after it; what may not be interrupted is not', async () => {
  const words = 'One two three four five six seven eight nine ten eleven twelve.';
  const folder = scratch();
  fs.writeFileSync(`${folder}/s`, 'interrupt 1.5\nsay stop\nsay more\n');
  const part = (interruptible) => (m, s) => {
    if (m.type === 'setup') { s.send(say(words, { interruptible })); s.send(say('And more.', { interruptible })); }
    if (m.type === 'prompt' && m.last) s.send(say('Yes.'));
    if (m.type === 'prompt' && m.last && m.voicePrompt === 'more') s.send({ type: 'end' });
  };
  const cut = await call(ALL, ['--script', `${folder}/s`], part(true));
  const [interrupt] = cut.session.of('interrupt');
  assert.match(interrupt.utteranceUntilInterrupt, /^One two three/);
  assert.ok(words.startsWith(interrupt.utteranceUntilInterrupt) && interrupt.utteranceUntilInterrupt.length < 40, interrupt.utteranceUntilInterrupt);
  assert.ok(interrupt.durationUntilInterruptMs > 1300 && interrupt.durationUntilInterruptMs < 2200);
  assert.deepEqual(cut.session.of('prompt').filter((m) => m.last).map((m) => m.voicePrompt), ['stop', 'more']);
  assert.ok(!cut.session.of('info').some((m) => m.name === 'tokensPlayed' && /more/.test(m.value)), 'the rest is dropped');
  const whole = await call(ALL, ['--script', `${folder}/s`], part(false));
  assert.equal(whole.session.of('interrupt').length, 0);
  assert.deepEqual(whole.session.of('prompt').filter((m) => m.last).map((m) => m.voicePrompt), ['more']); // the first was not heard
  assert.ok(whole.of('unheard').length >= 1);
  remove(folder);
});

test('what Twilio does not take is answered by an error; ten in a row end the session', async () => {
  const got = await call('', ['--text', '--say', 'hello'], (m, s) => {
    if (m.type === 'setup') { s.send({ type: 'connected' }); s.send(say('Hello.')); }
    if (m.type === 'prompt' && m.last) for (let i = 0; i < 10; i++) s.send(i % 2 ? { type: 'text' } : { type: 'clear' });
  });
  assert.equal(got.session.of('error').length, 11);
  assert.equal(got.session.code, 1007);
  assert.equal(got.session.of('info').length, 0, 'not asked for');
  assert.deepEqual([got.next.SessionStatus, got.next.ErrorCode], ['failed', '64105']);
  assert.equal(got.summary.stream_errors, 1);
});

test('a socket that closes without `end`, one that is refused, and a greeting by Twilio', async () => {
  const lost = await call('', ['--text', '--say', 'hello'], (m, s) => { if (m.type === 'setup') s.ws.terminate(); });
  assert.deepEqual([lost.next.SessionStatus, lost.next.ErrorCode, lost.next.HandoffData], ['failed', '64105', undefined]);
  const refused = await call('', ['--text'], () => {}, `ws://127.0.0.1:${await freePort()}/relay`);
  assert.deepEqual([refused.next.SessionStatus, refused.next.ErrorCode], ['failed', '64102']);
  assert.match(refused.of('error')[0].text, /no session/);
  const greeted = await call(`welcomeGreeting="Welcome." ${ALL} colour="red"`, ['--text', '--say', 'hello'], (m, s) => { if (m.type === 'prompt' && m.last) s.send({ type: 'end', handoffData: 'x' }); });
  assert.match(greeted.session.of('info').map((m) => m.value).join(' '), /^on Welcome\. off/);
  assert.equal(greeted.summary.warnings, 1); // colour
});

test('the caller hangs up: the session is completed', async () => {
  const got = await call('', ['--text', '--hangup-after', '1'], (m, s) => { if (m.type === 'setup') s.send(say('Hello.')); });
  assert.equal(got.next?.SessionStatus, 'completed');
  assert.equal(got.summary.ended, 'caller');
});
