// The live board through the whole stack: nginx, dashboard, two bridges, a stand-in for the Realtime
// server. Who watches sees the words of every bridge's calls; what is asked of a call is done, and
// the page says no more than was.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { OWNER, TOKEN, signIn, sleep, startDesk, until } from './lib/desk.mjs';
import { ask } from './stack.mjs';

const HOLD = ['--finish', '60', '--linger', '300', '--patience', '300'];
let desk, model, rest, look;
before(async () => {
  model = await startRealtime({});
  rest = await twilioRest({ token: TOKEN });
  desk = await startDesk({ model, env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, REALTIME_WARM: 'false', GREETING_CACHE: 'false', BRIDGE_PROCESSES: '2',
    SILENCE_PROMPT_S: '0', NO_WORDS_S: '0' } }); // the machine may be slow; nobody is asked whether they are there
  look = await signIn(desk);
});
after(async () => {
  await desk.end();
  await model.close();
  await rest.close();
});

const set = (answers, more) => { model.options = Object.assign(model.options, { answers, onEvent: undefined }, more); };
const greeted = (s) => s.until(() => s.lastResponse && !s.active, 'the greeting', 15000);
const csrfOf = (page) => /name="csrf" value="([^"]+)"/.exec(page)[1];
async function post(uri, fields) {
  const csrf = csrfOf(await look('/live'));
  return ask(desk.url + uri, { method: 'POST', body: new URLSearchParams({ csrf, ...fields }).toString(),
    headers: { cookie: look.cookie, 'content-type': 'application/x-www-form-urlencoded' } });
}
let presses = 0;
const order = async (id, kind, fields = {}) => {
  const res = await post(`/live/${id}/${kind}`, { once: `press_${++presses}x${Date.now()}`, ...fields });
  assert.equal(res.status, 303, res.text());
  return res;
};
const idOf = async (call) => until('the call is in the database', async () => (await desk.find(call.sid ?? '-'))?.id, 15000);
const cardOf = async (id) => new RegExp(`<section[^>]* id="${id}".*?</section>`, 's').exec(await look('/live'))?.[0] ?? '';
const said = (id, text) => until(`“${text}” on the board`, async () => (await cardOf(id)).includes(text) || undefined, 15000);
const says = (s) => s.of('response.create').map((e) => e.response?.instructions ?? '').filter((t) => t.startsWith('Say: '));

// A browser's socket, with a ticket of its own unless one is given.
async function watch({ since, ticket, origin = desk.url, protocol = 'frontdesk-live', send = true } = {}) {
  const word = ticket ?? JSON.parse((await post('/live/ticket', {})).text()).ticket;
  const ws = new WebSocket(`${desk.url.replace('http', 'ws')}/ws/live${since === undefined ? '' : `?since=${since}`}`, protocol ? [protocol] : [], { origin });
  const w = { ws, got: [], ticket: word, of: (t) => w.got.filter((m) => m.t === t) };
  ws.on('message', (d) => w.got.push(JSON.parse(d)));
  w.closed = new Promise((done) => ws.on('close', (code) => done(w.code = code)));
  w.refused = new Promise((done) => { ws.on('unexpected-response', (req, res) => { done(res.statusCode); req.destroy(); }); ws.on('error', () => {}); });
  w.saw = (want, what) => until(what, () => w.got.find(want), 15000).catch((e) => { e.message += `\n${JSON.stringify(w.got)} ${w.code}`; throw e; });
  ws.on('open', () => { if (send) ws.send(JSON.stringify({ ticket: word })); });
  return w;
}

describe('a call led by the model', () => {
  test('its words come as they are said; a sentence is said and known to be heard; then it is put through', async () => {
    set([{ say: 'What can I do for you?', ms: 300 }]);
    const w = await watch();
    await w.saw((m) => m.t === 'hello', 'hello');
    const call = desk.dial(...HOLD, '--dial-result', 'answered', '--dial-talk', '1');
    const s = await desk.session();
    await greeted(s);
    const id = await idOf(call);
    await w.saw((m) => m.t === 'board' && m.calls.some((c) => c.id === id), 'the call on the board');
    await s.caller('my boiler leaks');
    const line = await w.saw((m) => m.t === 'line' && m.text === 'my boiler leaks', 'the words');
    assert.deepEqual([line.call, line.who, line.how], [id, 'caller', 'speech']);
    assert.match(await look('/live'), /my boiler leaks/);

    await order(id, 'say', { text: 'Sal is ten minutes away.' });
    await until('the model is asked to say it', () => says(s).includes('Say: Sal is ten minutes away.'), 10000);
    await said(id, '<span>Said.</span>');
    await w.saw((m) => m.t === 'board' && m.calls.some((c) => c.orders.some((o) => o.words === 'Said.')), 'said, by the socket');

    const asked = Date.now();
    await order(id, 'through');
    await until('the goodbye is asked for', () => says(s).some((t) => t.includes('putting you through')), 10000);
    assert.ok(Date.now() - asked < 10000);
    await call.over();
    assert.equal(call.row.outcome, 'transferred', call.story());
    assert.equal(call.row.transfer_to, OWNER);
    const notes = call.row.events.filter((e) => e.kind === 'note' && e.name.startsWith('live')).map((e) => e.detail);
    assert.deepEqual(notes, ['owner asked on the live board to say “Sal is ten minutes away.”.', 'That was said, and the caller heard it to its end',
      'owner asked on the live board to put the caller through to Sal.']);
    await w.saw((m) => m.t === 'board' && w.got.indexOf(m) > w.got.indexOf(line) && !m.calls.some((c) => c.id === id), 'gone from the board');
    const lines = w.of('line');
    lines.forEach((m, i) => { if (i) assert.equal(m.prev, lines[i - 1].seq, 'none is missing'); });
    w.ws.close();
  });

  test('a sentence that the caller speaks over is not called said', async () => {
    set([{ say: 'Yes?', ms: 200 }], { greetingMs: 3000 }); // of whatever it is told to say
    const call = desk.dial(...HOLD);
    const marks = () => call.of('mark').map((e) => e.text);
    const s = await desk.session();
    await until('the greeting is heard', () => marks().some((m) => m.endsWith('-e')), 20000);
    const id = await idOf(call);
    await order(id, 'say', { text: 'A long story, told at length.' });
    const before = marks().length;
    await until('some of it is heard', () => marks().length > before, 20000);
    s.speechStarted();
    s.speechStopped('stop that');
    await said(id, 'Begun, but the caller spoke over it.');
    call.hangUp();
    await call.over({ ok: false });
    set([], { greetingMs: undefined });
  });

  test('take a message and end; a second press of the same button is one order', async () => {
    set([{ say: 'What can I do for you?', ms: 300 }]);
    const call = desk.dial('--fast', '--say', 'please ring me back', ...HOLD);
    const s = await desk.session();
    await greeted(s);
    const id = await idOf(call);
    const once = `press_twice${Date.now()}`;
    for (let i = 0; i < 2; i++) assert.equal((await post(`/live/${id}/message`, { once })).status, 303);
    await call.over();
    assert.equal(call.row.outcome, 'message', call.story());
    assert.equal(call.row.stream_end, 'message');
    assert.equal(call.row.events.filter((e) => e.name === 'live_message').length, 1);
    await order(id, 'say', { text: 'Hello?' });
    assert.match(await look('/live'), /Too late: the call has ended\./);
  });

  test('hang up is asked about first, and says goodbye', async () => {
    set([{ say: 'What can I do for you?', ms: 300 }]);
    const call = desk.dial(...HOLD);
    const s = await desk.session();
    await greeted(s);
    const id = await idOf(call);
    const page = await look(`/live/${id}/hangup`);
    assert.match(page, /Keep the call/);
    await order(id, 'hangup');
    await call.over();
    assert.equal(call.summary.ended, 'receptionist', call.story());
    assert.equal(call.row.stream_end, 'told');
  });
});

describe('a call by questions', () => {
  // Twilio's webhooks by hand: what the caller would hear is in the answers.
  const page = (callSid, uri, more) => desk.hook(uri, { CallSid: callSid, CallStatus: 'in-progress', ...more });
  const begin = async () => {
    set([], { refuse: [] });
    const first = await desk.hook('/voice/incoming');
    const next = await page(first.sid, '/voice/next'); // the stream never came
    assert.match(next.text, /<Gather/);
    return { callSid: first.sid, id: (await desk.find(first.sid)).id };
  };
  const over = (callSid) => page(callSid, '/voice/status', { CallStatus: 'completed' });

  test('Twilio is told at once to ask for the page that says it, and Said is known with the next answer', async () => {
    const { callSid, id } = await begin();
    await order(id, 'say', { text: 'Please hold the line & wait.' });
    const told = await until('Twilio is told', () => rest.steered.find((m) => m.sid === callSid), 15000);
    assert.deepEqual([told.Url, told.Method], [`${desk.url}/voice/next`, 'POST']);
    const { text } = await page(callSid, '/voice/next');
    assert.match(text, /<Say[^>]*>Please hold the line &amp; wait\.<\/Say><Gather/);
    assert.doesNotMatch(await cardOf(id), /<span>Said\.<\/span>/);
    const n = /voice\/turn\?n=(\d+)/.exec(text)[1];
    await page(callSid, `/voice/turn?n=${n}`, { SpeechResult: 'yes please' });
    assert.match(await cardOf(id), /<span>Said\.<\/span>/);
    await order(id, 'through');
    assert.match((await page(callSid, '/voice/next')).text, new RegExp(`<Dial.*\\${OWNER}`));
    await over(callSid);
  });

  test('a call that is over at Twilio is told so, and nothing is left to look after', async () => {
    const { callSid, id } = await begin();
    rest.over.add(callSid);
    await order(id, 'message');
    await until('Twilio was asked', () => rest.requests.some((r) => r.path.includes(callSid)), 15000);
    await over(callSid);
    const row = await desk.row(callSid);
    assert.equal(row.events.filter((e) => e.name === 'call_steer_failed').length, 0);
    await order(id, 'say', { text: 'Hello?' });
    assert.match(await look('/live'), /Too late: the call has ended\./);
  });

  test('without Twilio’s help the next answer does it', async () => {
    const { callSid, id } = await begin();
    rest.next({ status: 503 });
    await order(id, 'message');
    const { text } = await page(callSid, '/voice/turn?n=1', { SpeechResult: 'hello' });
    assert.match(text, /leave your message.*<Record/s);
    await over(callSid);
  });
});

describe('who may watch', () => {
  test('another site, a used ticket, none, a wrong one, the wrong address', async () => {
    const ok = await watch();
    await ok.saw((m) => m.t === 'hello', 'hello');
    const used = await watch({ ticket: ok.ticket });
    assert.equal(await used.closed, 4401);
    const wrong = await watch({ ticket: 'x'.repeat(43) });
    assert.equal(await wrong.closed, 4401);
    assert.deepEqual(wrong.got, []);
    const foreign = await watch({ origin: 'https://evil.example' });
    assert.equal(await foreign.refused, 403);
    const none = await watch({ send: false });
    assert.equal(await none.closed, 1008, 'closed after a while without a ticket');
    const bare = await watch({ protocol: null });
    assert.equal(await bare.refused, 400);
    assert.equal((await ask(`${desk.url}/live`)).status, 303, 'to the login');
    ok.ws.close();
  });

  test('what was missed comes by the number it had; far behind is a gap; the end of the session is the end', async () => {
    const other = await signIn(desk);
    const all = await watch({ since: 0 });
    await all.saw((m) => m.t === 'line' || m.t === 'gap', 'lines from the beginning');
    const seqs = all.of('line').map((m) => m.seq);
    assert.deepEqual(seqs, [...seqs].sort((a, b) => a - b));
    const late = await watch({ since: 10 ** 9 });
    await late.saw((m) => m.t === 'hello', 'hello');
    await late.saw((m) => m.t === 'beat', 'a sign of life');
    assert.deepEqual(late.of('line'), []);
    const csrf = csrfOf(await other('/live'));
    const headers = { cookie: other.cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const mine = JSON.parse((await ask(`${desk.url}/live/ticket`, { method: 'POST', body: `csrf=${csrf}`, headers })).text()).ticket;
    const leaver = await watch({ ticket: mine });
    await leaver.saw((m) => m.t === 'hello', 'hello');
    await ask(`${desk.url}/logout`, { method: 'POST', body: `csrf=${csrf}`, headers });
    assert.equal(await leaver.closed, 4401);
    for (const w of [all, late]) w.ws.close();
  });
});
