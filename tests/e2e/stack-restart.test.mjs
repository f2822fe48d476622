// Programs killed and stopped in the middle of calls: the caller still ends at a callback, a message or
// a person, and every row is whole.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { alive, root, sid, sleep, startDesk, until } from './lib/desk.mjs';

const HOLD = ['--finish', '20', '--linger', '60', '--patience', '60']; // lines are kept for the pages after the stream
const MENU = ['water heater', 'Charlie Brown', 'yes', '12 Oak Street in Hartford', 'yes', 'it drips', 'tomorrow', 'yes', 'no'].flatMap((l) => ['--say', l]);

let desk, model;
before(async () => {
  model = await startRealtime({ greetingMs: 600 });
  desk = await startDesk({ model });
});
after(async () => {
  await desk.end();
  await model.close();
});
beforeEach(() => desk.ready());

// A call that talks: greeted, and heard once.
async function talking(...args) {
  model.options.answers = [{ say: 'I see.', ms: 300 }];
  const call = desk.dial('--text', ...args, ...HOLD);
  const s = await desk.session();
  await s.until(() => s.lastResponse && !s.active, 'the greeting', 15000);
  await s.caller('hello, are you there');
  return { call, s };
}
// Helped: there is a way to reach the caller, or they were put through.
function assertHelped({ row, from }) {
  assert.equal(row.status, 'completed');
  assert.ok(['callback', 'message', 'transferred'].includes(row.outcome), row.outcome);
  if (row.outcome !== 'transferred') assert.deepEqual(row.callbacks.map((c) => c.number), [from]);
}
async function afterwards() {
  await desk.ready();
  await desk.assertWhole();
  const again = await desk.dial('--text', '--script', desk.write('hang-up', 'hangup\n')).over();
  assert.equal(again.row.status, 'completed');
}

describe('killed in the middle of a call', () => {
  test('the bridge: the caller goes on by questions', async () => {
    const { call } = await talking(...MENU);
    const [, was] = await Promise.all([desk.kill('bridge'), call.saw((e) => e.event === 'stream-end', 'the end of the stream')]);
    await call.over();
    assertHelped(call);
    assert.equal(call.row.mode, 'gather');
    const page = call.events.find((e) => e.event === 'say' && e.who === 'receptionist');
    assert.ok(page.at - was.at < 4000, `${page.at - was.at} ms of silence`);
    assert.ok(call.row.turns.some((t) => t.who === 'caller' && t.text === 'hello, are you there'), 'what was said before is kept');
    await afterwards();
  });

  test('the bridge, before the stream could start: the call goes on by questions', async () => {
    const supervisor = desk.stack.child;
    const bridge = desk.pid('bridge');
    supervisor.kill('SIGSTOP'); // it stays dead
    process.kill(bridge, 'SIGKILL');
    try {
      const call = await desk.dial('--text', ...MENU, ...HOLD).over();
      assertHelped(call);
      assert.equal(call.row.stream_started_at ?? null, null);
      assert.ok(call.summary.stream_errors >= 1);
      assert.ok(call.row.events.some((e) => e.name === 'stream_error' || e.name === 'gather'));
    } finally {
      supervisor.kill('SIGCONT');
    }
    await afterwards();
  });

  test('hook.fcgi: the talk goes on, and what comes next waits for it', async () => {
    const { call, s } = await talking(...MENU);
    process.kill(desk.pid('hook'), 'SIGKILL');
    model.refuseNext(9); // so that /voice/next is asked while it is dead
    s.ws.terminate();
    await call.over();
    model.refuseNext(0);
    assertHelped(call);
    await afterwards();
  });

  test('hook.fcgi between two questions: no answer is lost', async () => {
    const more = { CallSid: (await desk.hook('/voice/incoming')).sid };
    await desk.hook('/voice/next', more);
    await desk.hook('/voice/turn?n=1', { ...more, SpeechResult: 'water heater' });
    process.kill(desk.pid('hook'), 'SIGKILL');
    const got = await desk.hook('/voice/turn?n=2', { ...more, SpeechResult: 'Charlie Brown' });
    assert.equal(got.status, 200);
    assert.match(got.text, /Thank you, Charlie Brown.*reach you on/);
    // the same again, as Twilio would after a timeout: the same answer, and it is not taken for the next one
    assert.equal((await desk.hook('/voice/turn?n=2', { ...more, SpeechResult: 'Charlie Brown' })).text, got.text);
    assert.deepEqual((await desk.row(more.CallSid)).turns.filter((t) => t.who === 'caller').map((t) => t.text), ['water heater', 'Charlie Brown']);
    await desk.hook('/voice/status', { ...more, CallStatus: 'completed' });
    await afterwards();
  });

  test('nginx: the stream is lost with it, the call is ended and whole', async () => {
    const { call, s } = await talking(...MENU);
    await desk.kill('nginx');
    await desk.ready(); // what became of the call is asked through it: it must listen again, which takes it a moment
    await call.over({ ok: false }); // whether /voice/next finds it running again decides how the caller goes on
    await until('the model\'s side is closed', () => s.closedAt);
    const row = await until('the end is written', async () => {
      const r = await desk.row(call.sid);
      return r.stream_ended_at ? r : null;
    });
    assert.ok(['caller_left', 'model_lost', 'line_lost'].includes(row.stream_end), row.stream_end);
    assert.ok(row.turns.some((t) => t.who === 'caller'));
    if (call.code === 0) assertHelped(call);
    await afterwards();
  });

  test('worker, api and admin: the talk does not notice', async () => {
    const { call, s } = await talking();
    s.answers.push({ say: 'Bye.', ms: 200, tool: 'end_call', args: { outcome: 'completed' } });
    for (const name of ['worker', 'api', 'admin']) await desk.kill(name);
    await s.caller('thanks, bye');
    await call.over();
    assert.deepEqual([call.row.status, call.row.stream_end, call.row.mode], ['completed', 'goodbye', 'realtime']);
    await afterwards();
  });
});

describe('the offline voice killed in the middle of a call', { concurrency: 2 }, () => {
  const audio = (name) => `audio ${path.join(root, 'tests/audio', `${name}.wav`)}`;
  const begins = (call) => call.of('speech-start').filter((e) => e.who === 'receptionist').length;

  test('it is started again, is told what was said, and the talk goes on from there', async () => {
    const own = await startDesk();
    try {
      const key = (k) => ['interrupt 1', `press ${k}`];
      const script = own.write('script', `${['say water heater', audio('romeo'), 'silence 6', 'press 1', ...key(1), ...key('06103'), audio('tomorrow'), ...key(1), ...key(1), ...key(2)].join('\n')}\n`);
      const call = own.dial('--script', script);
      await until('romeo is thanked', () => begins(call) >= 3, 60000);
      await sleep(300);
      await own.kill('speech', { wait: false });
      await call.over();
      const story = JSON.stringify([call.row.turns, call.row.events], null, 1);
      assert.deepEqual([call.row.mode, call.row.stream_end, call.row.outcome], ['realtime', 'goodbye', 'booked'], story);
      assert.deepEqual(call.row.events.filter((e) => e.kind === 'model').map((e) => e.name).filter((n) => n !== 'unreachable'), ['ready', 'lost', 'back'], story);
      const desk = call.row.turns.filter((t) => t.who === 'desk').map((t) => t.text);
      assert.equal(desk.filter((t) => /the line was interrupted/.test(t)).length, 1, story);
      assert.match(desk.find((t) => /the line was interrupted/.test(t)), /I have: water heater, for Romeo/);
      assert.equal(desk.filter((t) => /^Thanks for calling/.test(t)).length, 1, 'greeted once');
      assert.equal(call.row.tool_runs.filter((t) => t.tool === 'book_appointment' && t.ok).length, 1, story);
      assert.deepEqual(call.row.callbacks, [], story);
      await own.assertAllEnded();
      await own.assertWhole();
    } finally {
      await own.end();
    }
  });

  test('it does not come back in time: the caller goes on by questions', async () => {
    const own = await startDesk();
    try {
      const call = own.dial('--text', ...MENU, ...HOLD);
      await call.saw((e) => e.event === 'speech-start', 'the greeting');
      own.stack.child.kill('SIGSTOP'); // nobody starts it again
      const at = Date.now();
      try {
        await own.kill('speech', { wait: false });
        const end = await call.saw((e) => e.event === 'stream-end', 'the end of the stream');
        assert.ok(end.at - at < 3500, `${end.at - at} ms`);
      } finally {
        own.stack.child.kill('SIGCONT');
      }
      await call.over();
      assertHelped(call);
      assert.equal(call.row.stream_end, 'model_lost');
      assert.ok(call.row.events.filter((e) => e.name === 'unreachable').length <= 2, 'told once, and at the end');
      await own.assertAllEnded();
      await own.assertWhole();
    } finally {
      await own.end();
    }
  });
});

describe('the whole stack is stopped in the middle of a call', () => {
  const stacks = [];
  const fresh = async () => {
    const own = await startDesk({ model });
    stacks.push(own);
    return own;
  };
  after(() => Promise.all(stacks.map((d) => d.end(130))));

  test('SIGTERM: who talks may finish, and what follows the talk is still answered', async () => {
    const own = await fresh();
    model.options.answers = [{ tool: 'schedule_callback', args: { name: 'Charlie', reason: 'boiler', when_text: 'today', urgency: 'normal' } },
      { say: 'Noted. Goodbye.', ms: 300, tool: 'end_call', args: { outcome: 'completed' } }];
    const call = own.dial(...HOLD);
    const s = await own.session();
    await s.until(() => s.lastResponse && !s.active, 'the greeting');
    const pid = own.pid('bridge');
    own.stack.child.kill('SIGTERM');
    await until('the bridge drains', () => own.log('bridge bridge.drain').length > 0);
    // nobody new is taken
    const late = await own.hook('/voice/incoming', { CallSid: sid() });
    assert.equal(late.status, 200);
    await s.caller('please call me back');
    assert.equal(await call.ended, 0, call.story());
    assert.equal(call.summary.ended, 'receptionist');
    await sleep(400); // what comes by a longer way than loopback is still answered
    assert.equal((await own.hook('/voice/status', { CallSid: call.sid, CallStatus: 'completed' })).status, 204);
    assert.deepEqual(call.paths().filter((p) => /voice\/(next|status)/.test(p)).map((p) => /→ (\d+)/.exec(p)[1]), ['200', '204'], call.story());
    assert.equal(await own.stack.ended, 0);
    assert.equal(alive(pid), false);
    assert.doesNotMatch(own.stack.err, /did not stop/);
    // the rows, by the same folder's next start
    const again = await startDesk({ folder: own.data, model });
    try {
      const row = await again.row(call.sid);
      assert.deepEqual([row.status, row.outcome, row.stream_end], ['completed', 'callback', 'goodbye']);
      await again.assertWhole();
    } finally {
      await again.end();
    }
  });

  test('SIGTERM twice: at once, and the database is whole', async () => {
    const own = await fresh();
    model.options.answers = [];
    const call = own.dial(...HOLD);
    await own.session();
    await call.saw((e) => e.event === 'speech-start', 'the greeting');
    own.stack.child.kill('SIGTERM');
    await until('the bridge drains', () => own.log('bridge bridge.drain').length > 0);
    await sleep(100);
    own.stack.child.kill('SIGTERM');
    assert.equal(await own.stack.ended, 130);
    await call.ended;
    const got = await own.cli('db', 'check');
    assert.equal(got.code, 0, got.out);
  });
});
