// Real recorded speech answered by the offline voice, through the whole stack and in real time. All
// calls of this file run at once, which is a test of its own; the tests look at what came of them.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { OWNER, root, startDesk, until } from './lib/desk.mjs';

const AUDIO = path.join(root, 'tests/audio');
const DEMO = path.join(AUDIO, 'demo.script');
const audio = (name) => `audio ${path.join(AUDIO, `${name}.wav`)}`;
const said = (row, who) => row.turns.filter((t) => t.who === who).map((t) => t.text);

let desk, files, wav;
const calls = {};
before(async () => {
  // no key, no account: the offline voice; sanitizers make its recogniser so slow that it would be given up
  desk = await startDesk({ env: { MODEL_SILENT_S: '40' } });
  // the recogniser is made behind speech's back: its log is one of the files from then on
  await until('the recogniser is made', () => desk.open('speech').filter((f) => f === '/dev/null').length > 1);
  files = { bridge: desk.files('bridge'), speech: desk.files('speech') };
  wav = path.join(desk.data, 'both.wav');
  const script = (...lines) => ['--script', desk.write('script', `${lines.join('\n')}\n`)];
  calls.demo = desk.dial('--calls', '4', '--script', DEMO, '--record', wav, { from: '+14155550134' });
  calls.bargeIn = desk.dial(...script('interrupt 1', audio('speak_with_a_representative')), '--dial-result', 'answered', '--dial-talk', '1');
  calls.keys = desk.dial(...script('interrupt 2', 'press 4', 'interrupt 1', 'press 1', 'interrupt 1', 'press 1', 'interrupt 1', 'press 06103#',
    'interrupt 1', 'press 1', 'interrupt 1', 'press 1', 'interrupt 1', 'press 1', 'interrupt 2', 'press 2'));
  calls.weasels = desk.dial(...script('interrupt 1', audio('weasels'), 'interrupt 1', audio('weasels'), 'say this is my message'), '--dial-result', 'no-answer');
  calls.gone = desk.dial('--hangup-after', '3');
});
after(() => desk.end());

const over = (name) => calls[name].over();

describe('one caller', () => {
  test('who speaks while she speaks is heard: she stops, and puts them through', async () => {
    const call = await over('bargeIn');
    assert.match(said(call.row, 'caller').join(), /representative/);
    assert.ok(call.of('clear').length >= 1, call.story());
    const [greeting] = call.row.turns; // she began to be interrupted after a second of some 15
    assert.match(greeting.text, /^Thanks/);
    assert.doesNotMatch(greeting.text, /What is it about/, JSON.stringify(greeting));
    assert.deepEqual([call.row.outcome, call.row.stream_end, call.row.transfer_to], ['transferred', 'transfer', OWNER]);
  });

  test('keys alone lead to an appointment', async () => {
    const call = await over('keys');
    // an address is not asked for by voice where only words of a list are heard
    const booked = call.row.tool_runs.find((t) => t.tool === 'book_appointment');
    assert.equal(booked?.ok, true, call.story());
    assert.equal(call.row.outcome, 'booked');
    assert.deepEqual(call.row.callbacks, []);
    assert.match(said(call.row, 'desk').join(), /It is booked: tankless/);
    assert.deepEqual(call.row.turns.filter((t) => t.who === 'caller').map((t) => `${t.how} ${t.text}`),
      ['keys 4', 'keys 1', 'keys 1', 'keys 06103#', 'keys 1', 'keys 1', 'keys 1', 'keys 2']);
    assert.equal(call.row.stream_end, 'goodbye');
  });

  test('who is not understood twice leaves a recorded message', async () => {
    const call = await over('weasels');
    assert.deepEqual([call.row.outcome, call.row.messages.length], ['message', 1], call.story());
    // within opening hours the owner is rung before
    assert.equal(call.row.stream_end, call.of('ring').length ? 'transfer' : 'message');
    assert.equal(call.row.callbacks.length, 1);
    assert.equal(call.of('record').length, 1);
  });

  test('who hangs up during the greeting heard as much as is written', async () => {
    const call = await over('gone');
    assert.deepEqual([call.row.outcome, call.row.stream_end], ['hung_up', 'caller_left']);
    assert.equal(call.row.turns.length, 1);
    const [turn] = call.row.turns;
    assert.match(turn.text, /^Thanks/); // how far three seconds go is the machine's affair
    assert.doesNotMatch(turn.text, /What is it about/, `${turn.text} | ${turn.unheard}`); // 3 s of some 15
  });
});

describe('four at once, with the recorded caller of the demo', () => {
  test('each is understood, helped, written down and said goodbye to', async () => {
    const call = calls.demo;
    assert.equal(await call.ended, 0, call.story());
    assert.deepEqual([call.total.calls, call.total.ok], [4, 4]);
    assert.equal(new Set(call.summaries.map((s) => s.call_sid)).size, 4);
    for (const summary of call.summaries) {
      const row = await desk.row(summary.call_sid);
      const story = JSON.stringify(row.turns, null, 1);
      assert.deepEqual([row.status, row.outcome, row.mode, row.stream_end], ['completed', 'callback', 'realtime', 'goodbye'], story);
      assert.deepEqual(said(row, 'caller'), ['leave a message', 'romeo', '1', 'tomorrow', '1', 'no'], story);
      assert.deepEqual(row.callbacks.map((c) => [c.name, c.number, c.when_text, c.state]), [['Romeo', '+14155550134', 'tomorrow', 'open']]);
      assert.deepEqual(row.tool_runs.map((t) => [t.tool, t.ok]), [['log_caller_info', true], ['schedule_callback', true], ['end_call', true]]);
      assert.match(said(row, 'desk').join(' '), /^Thanks for calling Harwick Plumbing.*What is your name.*Romeo.*When should we call.*Is that right.*Goodbye/s);
      assert.match(row.engine, /offline/);
      assert.ok(row.first_audio_ms > 0 && row.first_audio_ms < 5000, `${row.first_audio_ms} ms`);
      // times of turns are those of the call, in order
      row.turns.forEach((t, i) => assert.ok(t.end_ms >= t.start_ms && (i === 0 || t.start_ms >= row.turns[i - 1].start_ms), story));
    }
  });

  test('both sides are in the recording', async () => {
    await calls.demo.ended;
    for (let n = 1; n <= 4; n++) {
      const b = fs.readFileSync(wav.replace('.wav', `-${n}.wav`));
      assert.deepEqual([b.readUInt16LE(22), b.readUInt32LE(24), b.readUInt16LE(34)], [2, 8000, 16]);
      const samples = new Int16Array(b.buffer.slice(b.byteOffset + 44, b.byteOffset + b.length - (b.length - 44) % 4));
      const loud = [0, 0];
      for (let i = 0; i < samples.length; i++) if (Math.abs(samples[i]) > 1000) loud[i % 2]++;
      assert.ok(loud[0] > 4000 && loud[1] > 40000, `caller ${loud[0]}, receptionist ${loud[1]} loud samples`);
      assert.ok(samples.length / 2 / 8000 > 30, 'it is as long as the call');
    }
  });

  test('the owner finds them on the calls page\'s data: newest first, none open', async () => {
    await Promise.all(Object.values(calls).map((c) => c.ended));
    const list = await desk.list();
    assert.equal(list.length, 8);
    assert.deepEqual(list.map((c) => c.started_at), list.map((c) => c.started_at).sort().reverse());
    await desk.assertAllEnded();
  });

  test('nothing is left open', async () => {
    for (const name of ['bridge', 'speech'])
      await until(`${name} has its ${files[name]} files again (${desk.files(name)})`, () => desk.files(name) <= files[name]);
    await desk.assertWhole();
  });
});
