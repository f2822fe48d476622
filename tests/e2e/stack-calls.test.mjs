// Whole calls by questions and keys, for when no voice can be reached: REALTIME_URL leads nowhere.
// Nothing may be lost on the way: a callback, a message, or the owner on the line.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { OWNER, closedPort, startDesk, until } from './lib/desk.mjs';

const names = (row, kind) => row.events.filter((e) => e.kind === kind).map((e) => e.name);
const callback = (row) => ({ n: row.callbacks.length, ...row.callbacks[0] });

let desk, files;
before(async () => {
  desk = await startDesk({ env: { REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
  files = desk.files('bridge');
});
after(() => desk.end());

// From the stream's start to the first words of the page.
const lost = (call) => call.events.find((e) => e.event === 'say' && e.who === 'receptionist').t_ms - call.of('stream')[0].t_ms;

describe('the model cannot be reached', () => {
  test('words: a callback with name, number, reason and time', async () => {
    const call = await desk.dial('--text', '--say', 'please call me back about my water heater', '--say', 'Charlie Brown', '--say', 'yes',
      '--say', 'tomorrow morning', '--say', 'yes', '--say', 'no').over();
    const { row } = call;
    assert.ok(lost(call) < 4000, `${lost(call)} ms of silence`); // 0.3 s for the second try; 2 s is what we promise
    assert.equal(row.stream_end, 'model_lost');
    assert.equal(row.mode, 'gather');
    assert.equal(row.status, 'completed');
    assert.equal(row.outcome, 'callback');
    assert.equal(call.summary.ended, 'receptionist');
    const cb = callback(row);
    assert.deepEqual([cb.n, cb.name, cb.number, cb.reason, cb.when_text, cb.urgent, cb.state],
      [1, 'Charlie Brown', call.from, 'please call me back about my water heater', 'tomorrow morning', false, 'open']);
    assert.equal(cb.kind, 'callback');
    const said = row.turns.filter((t) => t.who === 'caller').map((t) => t.text);
    assert.deepEqual(said, ['please call me back about my water heater', 'Charlie Brown', 'yes', 'tomorrow morning', 'yes', 'no']);
    assert.equal(row.turns.filter((t) => t.who === 'desk').length, said.length + 1);
    assert.deepEqual(names(row, 'ladder'), ['gather']);
    assert.ok(names(row, 'model').includes('unreachable'));
    assert.deepEqual(row.tool_runs.map((t) => [t.tool, t.ok]), [['log_caller_info', true], ['schedule_callback', true], ['end_call', true]]);
  });

  test('keys alone make an appointment', async () => {
    // service, no name, yes, no address by voice, its ZIP code, no story, soon, the first of the times, yes, no more
    const keys = ['4', '1', '1', '5', '06103', '1', '1', '1', '1', '2'];
    const call = await desk.dial('--text', ...keys.flatMap((k) => ['--digits', k])).over();
    const { row } = call;
    assert.equal(row.tool_runs.find((t) => t.tool === 'book_appointment')?.ok, true, call.story());
    assert.deepEqual([row.outcome, row.callbacks.length], ['booked', 0]);
    assert.match(call.heard(), /tankless installation on .*, at ZIP code 06103\. Shall I book it\?[^]*It is booked/);
    assert.deepEqual(row.turns.filter((t) => t.who === 'caller').map((t) => `${t.how} ${t.text}`), keys.map((k) => `keys ${k}`));
  });

  test('a withheld caller is asked for a number and keys it in', async () => {
    const { row } = await desk.dial('--text', '--say', 'please call me back about a drain', '--say', 'Victor', '--digits', '4155550134#', '--digits', '1',
      '--say', 'today', '--say', 'yes', '--say', 'no', { withheld: true }).over();
    assert.equal(row.caller_kind, 'withheld');
    assert.equal(row.from_number ?? null, null);
    assert.equal(row.contact_id ?? null, null);
    const cb = callback(row);
    assert.deepEqual([cb.n, cb.name, cb.number, cb.when_text], [1, 'Victor', '+14155550134', 'today']);
  });

  test('somebody who is not understood is asked to record, and that is kept', async () => {
    // within opening hours the owner is rung before
    const call = await desk.dial('--text', '--say', 'flurble', '--say', 'gnarf', '--dial-result', 'no-answer', '--say', 'well, this is my message').over();
    assert.equal(call.row.mode, 'record');
    assert.equal(call.row.outcome, 'message');
    assert.equal(call.row.messages.length, 1);
    assert.ok(call.row.messages[0].recording_sid.startsWith('RE'));
    assert.ok(call.row.messages[0].seconds >= 1);
    assert.deepEqual([callback(call.row).n, callback(call.row).number], [1, call.from]); // somebody has to ring back
    assert.match(call.heard(), /leave your message after the tone.*We have your message/);
  });

  test('an emergency is put through at once and marked urgent', async () => {
    const call = await desk.dial('--text', '--say', 'a burst pipe, water everywhere', '--say', 'yes', '--dial-result', 'answered', '--dial-talk', '1').over();
    assert.equal(call.row.urgent, true);
    assert.equal(call.row.outcome, 'transferred');
    assert.match(call.of('ring')[0].text, new RegExp(`\\${OWNER}`));
  });

  test('an emergency the owner does not answer ends in a message that is urgent', async () => {
    const call = await desk.dial('--text', '--say', 'I smell gas', '--say', 'yes', '--dial-result', 'no-answer', '--say', 'Elm Street 4').over();
    assert.equal(call.row.urgent, true);
    assert.equal(call.row.outcome, 'message');
    assert.equal(callback(call.row).urgent, true);
  });
});

describe('put through to the owner', () => {
  test('the owner answers', async () => {
    const call = await desk.dial('--text', '--say', 'speak to someone', '--dial-result', 'answered', '--dial-talk', '1').over();
    const { row } = call;
    assert.equal(row.outcome, 'transferred');
    assert.equal(row.transfer_to, OWNER);
    assert.equal(row.status, 'completed');
    assert.ok(names(row, 'ladder').includes('put_through'));
    assert.equal(row.messages.length + row.callbacks.length, 0);
    assert.ok(call.events.some((e) => e.event === 'talk'));
  });

  for (const [result, event] of [['no-answer', 'owner_no_answer'], ['busy', 'owner_busy'], ['failed', 'ring_failed']])
    test(`${result}: the caller leaves a message and is not rung for again`, async () => {
      const call = await desk.dial('--text', '--say', 'speak to someone', '--dial-result', result, '--say', 'please ring me back').over();
      assert.equal(call.row.outcome, 'message');
      assert.equal(call.row.messages.length, 1);
      assert.equal(callback(call.row).n, 1);
      assert.ok(names(call.row, 'ladder').includes(event), names(call.row, 'ladder').join(' '));
      assert.equal(call.of('ring').length, 1);
      assert.match(call.heard(), /Sal cannot take the call now/);
    });

  test('no-answer and no message either: somebody still sees that a caller was not put through', async () => {
    const call = await desk.dial('--text', '--say', 'speak to someone', '--dial-result', 'no-answer').over();
    assert.equal(call.row.outcome, 'not_put_through');
    assert.equal(call.row.messages.length, 0);
  });
});

describe('the caller hangs up', () => {
  // Lines of a script; the last one is the caller's going.
  const leave = async (lines, ...more) => {
    const call = await desk.dial('--text', '--script', desk.write('script', `${lines.join('\n')}\nhangup\n`), ...more).over();
    assert.equal(call.summary.ended, 'caller', call.story());
    assert.equal(call.row.status, 'completed');
    assert.ok(call.row.ended_at);
    return call;
  };

  test('at once, before a word', async () => {
    const { row } = await leave([]);
    assert.equal(row.stream_end, 'caller_left');
    assert.equal(row.outcome, 'hung_up');
  });

  test('at the first question', async () => {
    const { row } = await leave(['wait']);
    assert.equal(row.mode, 'gather');
    assert.equal(row.outcome, 'hung_up');
  });

  test('in the middle of the questions: what they said is kept', async () => {
    const { row } = await leave(['say sewer camera', 'say Juliet']);
    assert.equal(row.outcome, 'answered');
    assert.deepEqual(row.turns.filter((t) => t.who === 'caller').map((t) => t.text), ['sewer camera', 'Juliet']);
    assert.equal(row.tool_runs.find((t) => t.tool === 'log_caller_info').args.name, 'Juliet');
  });

  test('after the callback was promised: it stands', async () => {
    const { row } = await leave(['say please call me back about my sink', 'say Romeo', 'say yes', 'say tomorrow', 'say yes']);
    assert.equal(row.outcome, 'callback');
    assert.equal(callback(row).name, 'Romeo');
  });

  test('while the owner is rung', async () => {
    const { row } = await leave(['say speak to someone'], '--dial-result', 'no-answer');
    assert.equal(row.outcome, 'not_put_through');
  });

  test('while the owner is rung, and Twilio reports the end alone', async () => {
    const more = { CallSid: (await desk.hook('/voice/incoming')).sid };
    await desk.hook('/voice/next', more);
    assert.match((await desk.hook('/voice/turn?n=1', { ...more, SpeechResult: 'speak to someone' })).text, /<Dial /);
    await desk.hook('/voice/status', { ...more, CallStatus: 'completed' });
    assert.equal((await desk.row(more.CallSid)).outcome, 'not_put_through');
  });

  test('while recording: what was recorded is a message', async () => {
    const { row } = await leave(['say speak to someone', 'say hello, this is Romeo'], '--dial-result', 'busy');
    assert.equal(row.outcome, 'message');
    assert.equal(row.messages.length, 1);
  });
});

test('afterwards nothing is open: no call, no socket, a whole database', async () => {
  await desk.assertAllEnded();
  await until(`the bridge has its ${files} files again`, () => desk.files('bridge') <= files);
  await desk.assertWhole();
});
