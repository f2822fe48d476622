// What comes after the stream, to the last rung, and on the worst days: database locked, disk full,
// nginx told to read its files again, programs killed. The caller ends at a person or a recorded
// message, and the rows are whole afterwards.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { TestDb } from './lib/db.mjs';
import { OWNER, TOKEN, caller, remove, root, scratch, sid, sleep, startDesk, until } from './lib/desk.mjs';

const HOLD = ['--finish', '20', '--linger', '60', '--patience', '60']; // lines are kept for the pages after the stream
const SOON = 2500; // ms a caller may wait for an answer on a bad day

let desk, model, rest, disk, db;
before(async () => {
  const dir = scratch('desk-ladder-');
  disk = { dir, data: path.join(dir, 'data'), flag: path.join(dir, 'full'), shim: path.join(dir, 'disk-full.so') };
  execFileSync('gcc', ['-O1', '-shared', '-fPIC', '-U_FORTIFY_SOURCE', '-o', disk.shim, path.join(root, 'tests/fakes/disk-full.c'), '-ldl']);
  disk.fill = () => fs.writeFileSync(disk.flag, '');
  disk.free = () => fs.rmSync(disk.flag, { force: true });
  model = await startRealtime({ greetingMs: 400 });
  rest = await twilioRest({ token: TOKEN });
  desk = await startDesk({ folder: disk.data, model, env: { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, TEXT_OWNER_MESSAGE: 'false', FETCH_RECORDINGS: 'false',
    LD_PRELOAD: disk.shim, DISK_FULL_FLAG: disk.flag, DISK_FULL_DIR: `${disk.data}/`,
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? 'detect_leaks=1'}:verify_asan_link_order=0` } });
  db = new TestDb({ FRONTDESK_DATA: disk.data });
});
after(async () => {
  disk?.free();
  await desk?.end();
  await model?.close();
  await rest?.close();
  db?.remove();
  if (disk) remove(disk.dir);
});
beforeEach(async () => {
  disk.free();
  model.options.answers = [{ say: 'I see.', ms: 300 }];
  await desk.ready();
});

const names = (row, kind) => row.events.filter((e) => !kind || e.kind === kind).map((e) => e.name);
const recorded = () => ({ RecordingSid: `RE${crypto.randomBytes(16).toString('hex')}`, RecordingUrl: 'https://api.example.com/r', RecordingDuration: '7' });
const leads = (answer, what) => {
  assert.equal(answer.status, 200, what);
  assert.match(answer.text, new RegExp(`<Number>\\${OWNER}</Number>|<Record |<Gather `), `${what}: ${answer.text}`);
  assert.ok(answer.ms < SOON, `${what}: ${answer.ms} ms`);
};
async function talking(words, ...args) {
  const call = desk.dial('--text', ...args, ...HOLD);
  const s = await desk.session();
  await s.until(() => s.lastResponse && !s.active, 'the greeting', 15000);
  await s.caller(words);
  await until('it is written down', async () => (await desk.find(call.sid))?.turns.some((t) => t.who === 'caller'));
  return { call, s };
}
async function whole() {
  await desk.ready();
  await desk.assertWhole();
  const again = await desk.dial('--text', '--script', desk.write('hang-up', 'hangup\n')).over();
  assert.equal(again.row.status, 'completed');
}

describe('every rung, one after another', () => {
  test('stream, questions from what was said, owner\'s phone, recorded message, text: each on the timeline', async () => {
    const { call } = await talking('it is about my water heater', '--say', 'yes', '--digits', '0', '--dial-result', 'no-answer', '--say', 'please ring me');
    await desk.kill('bridge');
    await call.over();
    const first = call.events.find((e) => e.event === 'say' && e.who === 'receptionist');
    assert.equal(first.text, 'I am sorry, the line was interrupted. I have: water heater. Is that right?');
    assert.match(call.heard(), /What is your name.*putting you through to Sal.*Sal cannot take the call now/);
    assert.doesNotMatch(call.heard(), /What is it about/);
    await until('the text', () => rest.messages.find((m) => m.To === call.from));
    await until('it is noted', async () => names(await desk.row(call.sid)).includes('text_sent'));
    assert.equal(await rest.report(rest.messages.find((m) => m.To === call.from), 'delivered'), 204);
    const row = await desk.row(call.sid);
    assert.deepEqual(names(row, 'ladder'), ['gather', 'ring_owner', 'owner_no_answer', 'record', 'text_queued', 'text_sent', 'text_delivered']);
    assert.ok(names(row).indexOf('record') < names(row).indexOf('message_left'));
    assert.deepEqual([row.outcome, row.messages.length, row.callbacks.length], ['message', 1, 1]);
    await whole();
  });

  test('a callback that was promised in the stream is not asked for again', async () => {
    model.options.answers = [{ tool: 'schedule_callback', args: { name: 'Charlie', reason: 'boiler', when_text: 'Friday', urgency: 'normal' } }, { say: 'Noted.', ms: 200 }];
    const call = desk.dial('--text', '--say', 'no thank you', ...HOLD);
    const s = await desk.session();
    await s.until(() => s.lastResponse && !s.active, 'the greeting', 15000);
    await s.caller('please ring me back on Friday about the boiler');
    await until('it is promised', async () => (await desk.find(call.sid))?.callbacks.length === 1);
    await desk.kill('bridge');
    await call.over();
    assert.match(call.heard(), /Your callback is noted: Sal will call you on .*, Friday\. Is there anything else\?/);
    assert.equal(call.row.callbacks.length, 1);
    assert.equal(call.row.outcome, 'callback');
  });
});

describe('the database is locked for 10 s', () => {
  test('when calls come in and go on: an answer within 2.5 s each, and whole rows afterwards', async () => {
    const old = { CallSid: sid(), From: caller() }, fresh = { CallSid: sid(), From: caller() };
    await desk.hook('/voice/incoming', old);
    const lock = await db.lock(10000);
    const began = Date.now();
    try {
      leads(await desk.hook('/voice/incoming', fresh), 'incoming');
      leads(await desk.hook('/voice/next', old), 'next');
      leads(await desk.hook('/voice/turn?n=1', { ...old, SpeechResult: 'hello' }), 'turn');
      const many = await Promise.all(Array.from({ length: 8 }, () => desk.hook('/voice/incoming')));
      many.forEach((answer) => leads(answer, 'one of many'));
      assert.ok(Date.now() - began < 10000);
    } finally {
      await lock.over;
    }
    // the owner does not answer: by now the lock is gone, and the call gets its row
    for (const call of [fresh, old]) {
      assert.match((await desk.hook('/voice/dial-done', { ...call, DialCallStatus: 'no-answer' })).text, /<Record /);
      assert.match((await desk.hook('/voice/voicemail-done', { ...call, ...recorded() })).text, /We have your message/);
      await desk.hook('/voice/status', { ...call, CallStatus: 'completed' });
      const row = await desk.row(call.CallSid);
      assert.deepEqual([row.status, row.outcome, row.messages.length, row.callbacks.length], ['completed', 'message', 1, 1]);
      assert.ok(names(row).includes('owner_no_answer'));
    }
    await whole();
  });

  test('when the stream is lost: the owner is rung at once, and what was written down stays', async () => {
    const { call, s } = await talking('my water heater is leaking', '--dial-result', 'answered', '--dial-talk', '1');
    const lock = await db.lock(10000);
    await s.caller('and there is water on the floor');
    await desk.kill('bridge', { wait: false });
    const end = await call.saw((e) => e.event === 'stream-end', 'the end of the stream');
    const ring = await call.saw((e) => e.event === 'ring', 'the owner is rung');
    assert.ok(ring.at - end.at < SOON + 500, `${ring.at - end.at} ms`);
    await call.ended;
    await lock.over;
    await whole();
    assert.ok((await desk.row(call.sid)).turns.some((t) => t.text === 'my water heater is leaking'));
  });

  test('when a talk goes on: the stream does not notice, and not a word is lost', async () => {
    const { call, s } = await talking('my water heater is leaking');
    s.answers.push({ say: 'One moment.', ms: 200 }, { say: 'Goodbye.', ms: 200, tool: 'end_call', args: { outcome: 'completed' } });
    const lock = await db.lock(6000);
    await s.caller('it is in the cellar');
    await lock.over;
    await s.until(() => !s.active, 'the answer');
    await s.caller('thanks, bye');
    await call.over();
    assert.deepEqual(call.row.turns.filter((t) => t.who === 'caller').map((t) => t.text), ['my water heater is leaking', 'it is in the cellar', 'thanks, bye']);
    await whole();
  });
});

describe('the disk is full', () => {
  // A person was reached, or a message could be recorded.
  const helped = (call) => assert.ok(call.of('talk').length || call.of('recorded').length || call.of('record').length, call.story());

  test('before the call', async () => {
    disk.fill();
    const call = desk.dial('--text', '--dial-result', 'no-answer', '--say', 'this is my message', '--patience', '60');
    await call.ended;
    helped(call);
    assert.equal(call.of('ring').length, 1);
    disk.free();
    await whole();
  });

  test('in the middle of the stream', async () => {
    const { call, s } = await talking('my water heater is leaking', '--dial-result', 'answered', '--dial-talk', '1');
    disk.fill();
    await s.caller('it is in the cellar');
    await sleep(500);
    process.kill(desk.pid('bridge'), 'SIGKILL');
    await call.ended;
    helped(call);
    disk.free();
    await whole();
    assert.ok((await desk.row(call.sid)).turns.length >= 2);
  });

  test('when a tool is called: the model is told that it did not work, and talks on', async () => {
    const { call, s } = await talking('my water heater is leaking');
    disk.fill();
    s.answers.push({ tool: 'schedule_callback', args: { name: 'Charlie', reason: 'boiler', when_text: 'Friday', urgency: 'normal' } },
      { say: 'I am sorry, I could not write that down.', ms: 200 });
    await s.caller('please ring me back');
    await s.until(() => s.of('conversation.item.create').some((e) => e.item.type === 'function_call_output'), 'the result', 10000);
    const { output } = s.of('conversation.item.create').find((e) => e.item.type === 'function_call_output').item;
    assert.equal(JSON.parse(output).ok, false, output);
    disk.free();
    s.answers.push({ say: 'Goodbye.', ms: 200, tool: 'end_call', args: { outcome: 'completed' } });
    await s.until(() => !s.active, 'the answer');
    await s.caller('thanks, bye');
    await call.over();
    assert.deepEqual([call.row.callbacks.length, call.row.stream_end], [0, 'goodbye']);
    await whole();
  });

  for (const [what, uri, more] of [
    ['at /voice/next', '/voice/next', {}],
    ['at an answer', '/voice/turn?n=1', { SpeechResult: 'water heater' }],
    ['after the owner was rung', '/voice/dial-done', { DialCallStatus: 'busy' }],
    ['at the recording', '/voice/voicemail', {}],
  ])
    test(`${what}: a person or a recording within 2.5 s, and it goes on well afterwards`, async () => {
      const call = { CallSid: sid(), From: caller() };
      await desk.hook('/voice/incoming', call);
      await desk.hook('/voice/next', call);
      disk.fill();
      leads(await desk.hook(uri, { ...call, ...more }), what);
      assert.equal((await desk.hook('/voice/status', { ...call, CallStatus: 'in-progress' })).status, 503);
      disk.free();
      assert.match((await desk.hook('/voice/voicemail', call)).text, /<Record /);
      assert.match((await desk.hook('/voice/voicemail-done', { ...call, ...recorded() })).text, /We have your message/);
      assert.equal((await desk.row(call.CallSid)).messages.length, 1);
      await whole();
    });

  test('when the recording is reported: the report that comes later is kept', async () => {
    const call = { CallSid: sid(), From: caller() }, recording = recorded();
    await desk.hook('/voice/incoming', call);
    await desk.hook('/voice/voicemail', call);
    disk.fill();
    const said = await desk.hook('/voice/voicemail-done', { ...call, ...recording });
    assert.equal(said.status, 200);
    assert.doesNotMatch(said.text, /We have your message/); // it is not said before it is so
    assert.equal((await desk.hook('/voice/recording-status', { CallSid: call.CallSid, RecordingStatus: 'completed', ...recording })).status, 503);
    disk.free();
    assert.equal((await desk.hook('/voice/recording-status', { CallSid: call.CallSid, RecordingStatus: 'completed', ...recording })).status, 204);
    assert.equal((await desk.row(call.CallSid)).messages.length, 1);
    await whole();
  });

  test('while a text is sent: what came of it is written down when there is space, and it goes once', async () => {
    const call = { CallSid: sid(), From: caller() };
    rest.next({ slow: 1200 });
    await desk.hook('/voice/incoming', call);
    await desk.hook('/voice/voicemail-done', { ...call, ...recorded() });
    await until('it is on its way', () => rest.requests.some((r) => r.fields.To === call.From));
    disk.fill();
    await sleep(3000);
    disk.free();
    await until('it is noted', async () => names(await desk.row(call.CallSid)).includes('text_sent'));
    assert.equal(rest.requests.filter((r) => r.fields.To === call.From).length, 1);
    await whole();
  });
});

describe('nginx reads its files again', () => {
  test('in the middle of a call: the stream goes on over the old worker, new calls go to the new one', async () => {
    const { call, s } = await talking('my water heater is leaking');
    const workers = () => fs.readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
      try { return fs.readFileSync(`/proc/${p}/status`, 'utf8').includes(`PPid:\t${desk.pid('nginx')}\n`); } catch { return false; }
    });
    const [was] = workers();
    process.kill(desk.pid('nginx'), 'SIGHUP');
    await until('a new worker', () => workers().some((p) => p !== was));
    await sleep(500);
    assert.ok(workers().includes(was), 'the old worker ends its streams first');
    assert.equal(call.of('stream-end').length, 0);
    assert.equal((await desk.hook('/voice/incoming')).status, 200);
    s.answers.push({ say: 'Goodbye.', ms: 200, tool: 'end_call', args: { outcome: 'completed' } });
    await s.caller('thanks, bye');
    await call.over();
    assert.deepEqual([call.row.stream_end, call.row.mode, call.row.status], ['goodbye', 'realtime', 'completed']);
    assert.equal(call.row.turns.filter((t) => t.who === 'caller').length, 2);
    await until('the old worker is gone', () => !workers().includes(was));
    await whole();
  });
});
