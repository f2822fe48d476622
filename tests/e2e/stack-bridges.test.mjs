// Several bridges share the calls, and what happens when one of them dies, hangs or is stopped.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { alive, sleep, startDesk, until } from './lib/desk.mjs';
import { TwilioPeer } from './lib/twilio-peer.mjs';

const HOLD = ['--finish', '20', '--linger', '60', '--patience', '60'];

let desk, model, ports;
before(async () => {
  model = await startRealtime({ greetingMs: 300 });
  desk = await startDesk({ model, env: { BRIDGE_PROCESSES: '2', BRIDGE_DRAIN_S: '120', GREETING_CACHE: 'false' } });
  ports = [...readFileSync(`${desk.data}/run/maps.conf`, 'utf8').matchAll(/server 127\.0\.0\.1:(\d+)/g)].map((m) => Number(m[1]));
});
after(async () => {
  await desk.end();
  await model.close();
});

const bridges = () => readFileSync(`/proc/${desk.stack.pid}/task/${desk.stack.pid}/children`, 'utf8').trim().split(' ').map(Number)
  .filter((pid) => alive(pid) && /ws-bridge/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')));
// How many calls each of the bridges has; -1: it does not answer.
const counts = () => Promise.all(ports.map(async (port) => {
  try {
    const r = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(500) });
    return Number(/calls=(\d+)/.exec(await r.text())[1]);
  } catch {
    return -1;
  }
}));
const total = async (n) => until(`${n} calls`, async () => (await counts()).reduce((a, b) => a + b, 0) === n, 15000);

const pidOf = (port) => bridges().find((p) => readFileSync(`/proc/${p}/environ`, 'latin1').split('\0').includes(`BRIDGE_PORT=${port}`));

// A call that was greeted.
async function talking() {
  const call = desk.dial('--text', ...HOLD);
  try {
    const s = await desk.session();
    await s.until(() => s.lastResponse && !s.active, 'the greeting', 15000);
    return { call, s };
  } catch (e) {
    e.message += `\n${call.story()}\n${await counts()} ${desk.stack.err.slice(-2000)}`;
    throw e;
  }
}

// Which bridge has a call follows from its id: calls until each has two of them.
async function someOnEach() {
  const calls = [];
  do calls.push(await talking());
  while (Math.min(...(await counts())) < 2 && calls.length < 40);
  assert.ok(Math.min(...(await counts())) >= 2, `${await counts()} of ${calls.length}`);
  return calls;
}
const hangUp = async (calls) => {
  for (const { call } of calls) call.hangUp();
  for (const { call } of calls) await call.ended;
};

// A webhook, and Twilio's end of the stream it answered with, not yet open.
async function rung() {
  const page = await desk.hook('/voice/incoming');
  const url = /<Stream url="([^"]+)"/.exec(page.text)[1];
  return { home: Number(/media-stream\/(\d)$/.exec(url)[1]),
    peer: new TwilioPeer(url, { callSid: page.sid, token: /name="token" value="([^"]+)"/.exec(page.text)[1] }) };
}
async function greeted({ peer }) {
  await peer.open();
  peer.begin();
  await peer.until((p) => p.audioMs() >= 300, 'greeted', 8000);
}
const ready = () => desk.log('bridge warm.ready').length;
const noSession = () => until('no session is left', () => model.sessions.every((s) => s.closedAt), 20000);

test('a call\'s session is made ahead by one bridge, and that one gets its stream', async () => {
  const calls = [];
  do calls.push(await rung());
  while (new Set(calls.map((c) => c.home)).size < 2 || calls.length < 6);
  await until('a session for each', () => ready() === calls.length);
  await sleep(200); // and for none a second one
  assert.equal(model.connections, calls.length);
  await Promise.all(calls.map(greeted));
  assert.deepEqual(await counts(), [1, 2].map((n) => calls.filter((c) => c.home === n).length));
  assert.equal(model.connections, calls.length, 'none was dialled for');
  assert.equal(desk.log('bridge warm.taken').filter((l) => / ready=1 /.test(l)).length, calls.length);
  await Promise.all(calls.map((c) => c.peer.hangUp()));
  await total(0);
  await noSession();
});

test('a bridge that dies with a session made ahead: the other takes the stream, and nothing is left', async () => {
  const [had, calls] = [ready(), []];
  do calls.push(await rung());
  while (!calls.some((c) => c.home === 1));
  await until('a session for each', () => ready() - had === calls.length);
  const before = model.connections;
  const first = pidOf(ports[0]);
  desk.stack.child.kill('SIGSTOP'); // it stays dead
  process.kill(first, 'SIGKILL');
  try {
    await until('it is dead', () => !alive(first));
    const call = calls.find((c) => c.home === 1);
    await greeted(call);
    assert.deepEqual(await counts(), [-1, 1]);
    assert.equal(model.connections, before + 1, 'dialled for');
    await call.peer.hangUp();
  } finally {
    desk.stack.child.kill('SIGCONT');
  }
  await until('both are there again', async () => !(await counts()).includes(-1), 10000);
  await noSession(); // those whose stream never comes are closed after 15 s
  await total(0);
});

test('calls spread over two bridges; one is killed: its caller is asked on, the other goes on, new ones are served', async () => {
  assert.equal(ports.length, 2);
  assert.equal(bridges().length, 2);
  const calls = await someOnEach();
  const [here, there] = await counts();

  const first = pidOf(ports[0]);
  process.kill(first, 'SIGKILL');
  await until('its callers are asked on', () => calls.filter(({ call }) => call.of('stream-end').length).length === here, 10000);
  const lost = calls.filter(({ call }) => call.of('stream-end').length);
  const left = calls.filter(({ call }) => !call.of('stream-end').length);
  assert.equal(left.length, there);
  // who is left does not notice
  for (const { s } of left.slice(0, 2)) {
    model.options.answers = [{ say: 'I am still here.', ms: 200 }];
    await s.caller('are you still there');
    await s.until(() => !s.active, 'an answer', 8000);
  }
  // a new one finds the other bridge, or the one that is back
  const { call: late } = await talking();
  assert.equal(late.of('stream-end').length, 0);
  await hangUp([...calls, { call: late }]);
  await until('both are there again', async () => !(await counts()).includes(-1), 10000);
  assert.equal(bridges().length, 2);
  assert.ok(!bridges().includes(first));
  await total(0);
});

test('a bridge that is there but answers no more is killed and started again', async () => {
  const [first, second] = bridges();
  process.kill(first, 'SIGSTOP');
  await until('it is killed', () => !alive(first), 30000);
  assert.match(desk.stack.err, /bridge(-2)? is there, but answers no more; killed/);
  await until('both are there again', async () => !(await counts()).includes(-1), 10000);
  assert.ok(alive(second), 'the other one was left alone');
  const { call } = await talking();
  call.hangUp();
  await call.ended;
  await sleep(100);
});

test('a bridge that drains is passed over: the new call goes to the other', async () => {
  const { call: old, s } = await talking();
  const busy = (await counts()).indexOf(1);
  const pid = pidOf(ports[busy]);
  process.kill(pid, 'SIGTERM');
  await sleep(200);
  const calls = [await talking(), await talking()];
  assert.equal((await counts())[busy], 1, 'no new call there');
  assert.equal((await counts())[1 - busy], 2);
  // and who talks on the one that drains may finish
  model.options.answers = [{ say: 'Goodbye.', ms: 200 }];
  await s.caller('that was all');
  await s.until(() => !s.active, 'the answer', 8000);
  assert.equal(old.of('stream-end').length, 0);
  await hangUp([{ call: old }, ...calls]);
  await until('it ends', () => !alive(pid), 10000);
});
