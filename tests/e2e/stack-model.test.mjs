// Calls by voice through the whole stack with a stand-in for the Realtime server: talks, deaths of the
// model in every state, callers who hang up, and twenty at once.
import { test, describe, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { OWNER, sleep, startDesk, until } from './lib/desk.mjs';
import { TwilioPeer } from './lib/twilio-peer.mjs';

const LISTEN = ['--linger', '60', '--patience', '60']; // a caller who says nothing and does not hang up
const HOLD = ['--finish', '20', '--linger', '60', '--patience', '60']; // keeps their lines for the pages that follow the stream
const CALLBACK = { name: 'Charlie Brown', reason: 'a leaking boiler', when_text: 'tomorrow', urgency: 'normal' };

let desk, model, files;
before(async () => {
  model = await startRealtime({});
  desk = await startDesk({ model });
  files = desk.files('bridge');
});
after(async () => {
  await desk.end();
  await model.close();
});
// Everything the bridge sent to the model obeys OpenAI's own schema.
afterEach(() => assert.deepEqual(model.sessions.flatMap((s) => s.problems), []));

const set = (options) => { model.options = Object.assign(model.options, { answers: [], sessionError: undefined, dropOn: undefined, onEvent: undefined }, options); };
const greeted = (s) => s.until(() => s.lastResponse && !s.active, 'the greeting', 15000);
// n answers were played to the end
const heard = (call, n) => until(`${n} answers`, () => call.of('mark').filter((e) => e.text.endsWith('-e')).length >= n).catch((e) => { e.message += `\n${call.story()}`; throw e; });
const words = (row, who) => row.turns.filter((t) => t.who === who).map((t) => t.text);

describe('a talk', () => {
  test('both sides are written down, tools run, and it ends with a goodbye', async () => {
    set({ answers: [{ say: 'What is your name?', ms: 300 }, { tool: 'schedule_callback', args: CALLBACK },
      { say: 'It is noted, Charlie.', ms: 300 }, { say: 'Goodbye.', ms: 200, tool: 'end_call', args: { outcome: 'completed' } }] });
    const call = desk.dial(...LISTEN);
    const s = await desk.session();
    await heard(call, 1);
    await s.caller('my boiler leaks');
    await heard(call, 2);
    await s.caller('Charlie Brown');
    await heard(call, 3);
    await s.caller('thank you, bye');
    await call.over();
    const { row } = call;
    assert.equal(call.summary.ended, 'receptionist', call.story());
    assert.deepEqual([row.status, row.outcome, row.stream_end, row.mode], ['completed', 'callback', 'goodbye', 'realtime']);
    assert.deepEqual(words(row, 'caller'), ['my boiler leaks', 'Charlie Brown', 'thank you, bye']);
    assert.match(words(row, 'desk').join(' | '), /^Thanks for calling Harwick Plumbing.*What is your name\? \| It is noted, Charlie\. \| Goodbye\.$/);
    assert.deepEqual(row.callbacks.map((c) => [c.name, c.number, c.when_text]), [['Charlie Brown', call.from, 'tomorrow']]);
    assert.equal(s.outputs()[0].ok, true);
    assert.ok(row.first_audio_ms > 0);
    assert.ok(call.summary.bytes_in > 8000 && s.appended > 8000, 'audio both ways');
    for (const t of row.turns) assert.ok(t.start_ms >= 0 && t.end_ms >= t.start_ms && t.end_ms <= row.duration_ms + 1000, JSON.stringify(t));
  });

  test('keys pressed in the stream reach the model and the story', async () => {
    set({ answers: [{ say: 'Thank you.', ms: 200, tool: 'end_call', args: { outcome: 'completed' } }] });
    const call = desk.dial('--digits', '4155550134#', '--max-seconds', '30', ...LISTEN);
    const s = await desk.session();
    await call.over();
    const keyed = s.of('conversation.item.create').filter((e) => e.item.role === 'user').map((e) => e.item.content[0].text);
    assert.match(keyed.join(), /4155550134/);
    assert.match(call.row.turns.filter((t) => t.how === 'keys').map((t) => t.text).join(), /4155550134/);
  });

  for (const [result, outcome] of [['answered', 'transferred'], ['busy', 'message'], ['no-answer', 'message']])
    test(`put through by the model: the owner's phone is ${result}`, async () => {
      set({ answers: [{ say: 'One moment.', ms: 200, tool: 'transfer_to_owner', args: { reason: 'wants Sal', urgent: false } }] });
      const call = desk.dial('--fast', '--say', 'please ring me back', ...HOLD, '--dial-result', result, '--dial-talk', '1');
      const s = await desk.session();
      await greeted(s);
      await s.caller('I want to speak to Sal');
      await call.over();
      assert.equal(call.row.outcome, outcome, call.story());
      assert.equal(call.row.stream_end, 'transfer');
      assert.equal(call.row.transfer_to, OWNER);
      assert.equal(call.row.messages.length, outcome === 'message' ? 1 : 0);
      assert.equal(call.of('ring').length, 1);
    });
});

describe('the first words', () => {
  const TAKES = 1000; // ms to reach the model
  // A desk of its own: the others' greetings are kept, too.
  let fresh;
  before(async () => { fresh = await startDesk({ model }); });
  after(() => fresh.end());
  // Twilio needs a moment between the webhook's answer and the stream; the simulator does not.
  const quick = async (nth) => {
    const before = model.connections;
    const { text, sid: callSid } = await fresh.hook('/voice/incoming');
    const peer = new TwilioPeer(/<Stream [^>]*url="([^"]+)"/.exec(text)[1], { callSid, token: /name="token" value="([^"]+)"/.exec(text)[1] });
    await until('a session ahead of the stream', () => fresh.log('warm.ready').length === nth);
    await peer.open();
    peer.begin();
    await peer.until((p) => p.audioMs() >= 700 && p.pending.length === 0 && p.playEnd <= Date.now(), 'greeted');
    const ms = peer.got.find((m) => m.event === 'media').at - peer.beganAt;
    await sleep(200);
    await peer.hangUp();
    await fresh.hook('/voice/status', { CallSid: callSid, CallStatus: 'completed' });
    return { ms, row: await until('the end', async () => { const r = await fresh.row(callSid); return r.stream_ended_at ? r : null; }), dialled: model.connections - before };
  };
  test('the model is dialled when the webhook comes; a greeting heard once is kept', async () => {
    set({ connectDelay: TAKES, greetingMs: 700 });
    const first = await quick(1);
    const second = await quick(2);
    set({ connectDelay: 0, greetingMs: undefined });
    assert.deepEqual([first.dialled, second.dialled], [1, 1], 'each call has one session');
    assert.equal(fresh.log('warm.taken').length, 2);
    for (const { ms } of [first, second]) assert.ok(ms < TAKES, `${ms} ms: no sooner than the server`);
    assert.deepEqual([first, second].map(({ row }) => row.events.some((e) => e.name === 'greeting_kept')), [false, true]);
    assert.match(words(second.row, 'desk')[0], /^Thanks for calling/);
  });
});

describe('the model dies and cannot be had again', () => {
  const MENU = ['say water heater', 'say Charlie Brown', 'say yes', 'say 12 Elm Street', 'say yes', 'say it leaks', 'say tomorrow', 'say yes', 'say no'];
  const KEYS = ['press 4', 'press 1', 'press 1', 'press 5', 'press 06103', 'press 1', 'press 1', 'press 1', 'press 2'];
  // ms of silence between the stream's end and the page
  const gap = (call) => call.events.find((e) => e.event === 'say' && e.who === 'receptionist').t_ms - call.of('stream-end')[0].t_ms;

  async function dies(lines, options, kill) {
    set(options);
    const script = desk.write('script', `${lines.join('\n')}\n`);
    const call = desk.dial('--text', '--script', script, ...HOLD);
    if (kill) {
      const s = await desk.session();
      model.refuseNext(9);
      await kill(s, call);
    }
    await call.over();
    model.refuseNext(0);
    assert.equal(call.row.mode, 'gather', call.story());
    assert.equal(call.row.stream_end, 'model_lost');
    assert.equal(call.row.status, 'completed');
    assert.equal(call.row.outcome, 'callback');
    assert.equal(call.row.callbacks.length, 1);
    assert.equal(call.row.callbacks[0].number, call.from);
    assert.ok(gap(call) < 2000, `${gap(call)} ms`);
    return call;
  }
  test('while it is being set up', () => dies(MENU, { dropOn: 'session.update' }));
  test('it refuses the key', () => dies(MENU, { sessionError: 'invalid_api_key' }));
  test('in the greeting; words', () => dies(MENU, { greetingMs: 3000 }, async (s, call) => {
    await call.saw((e) => e.event === 'speech-start', 'the greeting');
    s.ws.terminate();
  }));
  test('in the greeting; keys', () => dies(KEYS, { greetingMs: 3000 }, async (s, call) => {
    await call.saw((e) => e.event === 'speech-start', 'the greeting');
    s.ws.terminate();
  }));
  test('while the caller speaks', () => dies(MENU, { greetingMs: 200 }, async (s) => {
    await greeted(s);
    s.speechStarted();
    s.ws.terminate();
  }));
  test('instead of an answer', () => dies(MENU, { greetingMs: 200, answers: [{ drop: true }] }, async (s) => {
    await greeted(s);
    await s.caller('hello?');
  }));
  test('with an error instead of an answer', () => dies(MENU, { greetingMs: 200, answers: [{ fail: 'server_error' }] }, async (s) => {
    await greeted(s);
    await s.caller('hello?');
  }));

  test('after a tool: what was told already is not asked again', async () => {
    const call = await dies(['say yes', 'say yes', 'say 12 Elm Street', 'say yes', 'say tomorrow', 'say yes', 'say no'], {
      greetingMs: 200,
      answers: [{ tool: 'log_caller_info', args: { name: 'Charlie Brown', reason: 'water heater' } }],
      onEvent: (s, e) => { if (e.item?.type === 'function_call_output') s.ws.terminate(); },
    }, async (s) => {
      await greeted(s);
      await s.caller('Charlie Brown here, my water heater leaks');
    });
    assert.deepEqual([call.row.callbacks[0].name, call.row.callbacks[0].reason], ['Charlie Brown', 'water heater: Charlie Brown here, my water heater leaks']);
    assert.match(call.heard(), /interrupted/);
    assert.doesNotMatch(call.heard(), /What is your name/);
    assert.ok(words(call.row, 'caller').includes('Charlie Brown here, my water heater leaks'));
  });
});

describe('the caller hangs up', () => {
  const gone = async (call, outcome) => {
    call.hangUp();
    await call.over({ ok: false });
    const row = await until('the end is written', async () => {
      const r = await desk.row(call.sid);
      return r.stream_ended_at && r.ended_at ? r : null;
    });
    assert.equal(row.status, 'completed');
    assert.equal(row.stream_end, 'caller_left');
    assert.equal(row.outcome, outcome);
    return row;
  };
  const closes = (s) => until('the session with the model is closed', () => s.closedAt);

  test('before the stream starts', async () => {
    set({});
    const { sid } = await desk.hook('/voice/incoming');
    await desk.hook('/voice/status', { CallSid: sid, CallStatus: 'completed' });
    const row = await desk.row(sid);
    assert.deepEqual([row.status, row.outcome, row.stream_started_at ?? null], ['completed', 'hung_up', null]);
  });

  test('during the greeting: as much of it as was heard is kept', async () => {
    set({ greetingMs: 6000 });
    const call = desk.dial(...LISTEN);
    const s = await desk.session();
    await call.saw((e) => e.event === 'speech-start', 'the greeting');
    const row = await gone(call, 'hung_up');
    await closes(s);
    assert.equal(row.turns.length, 1);
    // how far the words had come when they hung up is chance; that some were not heard is not
    assert.match(row.turns[0].unheard, /\w/, JSON.stringify(row.turns));
  });

  test('during their own words', async () => {
    set({ greetingMs: 200 });
    const call = desk.dial(...LISTEN);
    const s = await desk.session();
    await greeted(s);
    s.speechStarted();
    const row = await gone(call, 'hung_up');
    await closes(s);
    assert.deepEqual(words(row, 'caller'), []);
  });

  test('while a tool runs: what it wrote stands', async () => {
    set({ greetingMs: 200, answers: [{ tool: 'schedule_callback', args: CALLBACK }] });
    const call = desk.dial(...LISTEN);
    const s = await desk.session();
    await greeted(s);
    await s.caller('my boiler leaks, please call me back');
    call.hangUp();
    await call.over({ ok: false });
    await closes(s);
    const row = await until('both ends are written', async () => {
      const r = await desk.row(call.sid);
      return r.ended_at && r.stream_ended_at && r.tool_runs[0]?.ok !== null ? r : null;
    });
    assert.ok(['callback', 'answered'].includes(row.outcome), row.outcome);
    assert.equal(row.outcome === 'callback', row.callbacks.length === 1);
    assert.deepEqual(words(row, 'caller'), ['my boiler leaks, please call me back']);
  });
});

test('twenty calls at once: each has its own words, callback and end', async () => {
  set({ greetingMs: 400 });
  const from = model.sessions.length;
  const taken = new Set();
  // the model's side of every call, by its own number
  async function talk(s, i) {
    s.answers = [{ tool: 'schedule_callback', args: { name: `Caller ${i}`, reason: `job ${i}`, when_text: 'today', urgency: 'normal' } },
      { say: `Noted, number ${i}.`, ms: 300, tool: 'end_call', args: { outcome: 'completed' } }];
    await greeted(s);
    await s.caller(`I am number ${i}`);
  }
  const call = desk.dial('--calls', '20', '--max-seconds', '90', ...LISTEN);
  await until('twenty sessions', async () => {
    model.sessions.slice(from).forEach((s, i) => { if (!taken.has(s)) { taken.add(s); s.done = talk(s, i + 1); } });
    if (call.code !== undefined) throw new Error(call.story());
    return taken.size === 20;
  }, 60000);
  await Promise.all(model.sessions.slice(from).map((s) => s.done));
  assert.equal(await call.ended, 0, call.err + JSON.stringify(call.summaries));
  assert.deepEqual([call.total.calls, call.total.ok, call.total.answered], [20, 20, 20]);
  const seen = [];
  for (const { call_sid: callSid } of call.summaries) {
    const row = await desk.row(callSid);
    const n = /^Caller (\d+)$/.exec(row.callbacks[0]?.name)?.[1];
    seen.push(Number(n));
    assert.equal(row.callbacks.length, 1, `${callSid} ${row.outcome}`);
    assert.deepEqual(words(row, 'caller'), [`I am number ${n}`]);
    assert.equal(words(row, 'desk').at(-1), `Noted, number ${n}.`);
    assert.deepEqual([row.status, row.outcome, row.stream_end], ['completed', 'callback', 'goodbye']);
  }
  assert.deepEqual(seen.sort((a, b) => a - b), Array.from({ length: 20 }, (_, i) => i + 1));
});

test('afterwards nothing is open: no call, no session, no socket, a whole database', async () => {
  await desk.assertAllEnded();
  await until('every session is closed', () => model.sessions.every((s) => s.closedAt));
  await until(`the bridge has its ${files} files again (${desk.files('bridge')})`, () => desk.files('bridge') <= files);
  await desk.assertWhole();
});
