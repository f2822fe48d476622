// The worker is killed (-9) at random points while it delivers: nothing is lost, and nothing is sent
// twice. Where the other side can be asked, what a killed worker left in doubt is cleared up; where it
// cannot, it is shown as unknown and counted. KILLS=1000 for the long run (default 40).
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { TestDb } from './lib/db.mjs';
import { build, root, sleep, until } from './stack.mjs';

const KILLS = Number(process.env.KILLS ?? 40);
const random = (most) => Math.floor(Math.random() * most);

// A worker; its log is counted, not kept.
function startWorker(env, log) {
  const child = spawn(path.join(build, 'bin/worker'), [], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const worker = { child, ended: new Promise((done) => child.on('close', done)) };
  worker.started = new Promise((done) => {
    child.on('close', done);
    child.stderr.on('data', (d) => {
      const text = String(d);
      if (text.includes('worker.started')) done();
      for (const [name] of Object.entries(log)) log[name] += text.split(name).length - 1;
    });
  });
  return worker;
}

// So many kills; resolves to what became of the texts.
async function killed(kills, { lists }) {
  const rest = await twilioRest();
  const db = new TestDb({ FRONTDESK_SHARE: root });
  fs.mkdirSync(path.join(db.folder, 'run')); // as `frontdesk run` does
  const log = { 'outbox.interrupted': 0, 'found=0': 0, 'found=1': 0, 'Sanitizer': 0 };
  Object.assign(rest, { lists, always: { get slow() { return random(12); }, get slowAfter() { return random(12); } } });
  const env = { ...db.env, TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: rest.token, TWILIO_API_URL: rest.url,
    OUTBOX_ASK_MS: '150', TEXT_QUIET_FROM: '0', TEXT_QUIET_TO: '0' };
  let n = 0;
  const more = async (count) => { await db.seed('texts', String(n), String(count)); n += count; };
  let texts;
  try {
    await more(20);
    for (let k = 0; k < kills; k++) {
      const worker = startWorker(env, log);
      const fed = k % 10 === 9 ? more(15) : null;
      if (random(10)) await worker.started;
      await sleep(random(60));
      worker.child.kill('SIGKILL');
      await Promise.all([worker.ended, fed]);
    }
    const last = startWorker(env, log);
    await until('nothing waits any more', async () => {
      await sleep(400);
      ({ texts } = await db.seed('outbox'));
      return !texts.some(([, state]) => state === 'waiting' || state === 'claimed');
    }, 240000).catch((e) => { e.message += JSON.stringify(texts?.filter(([, s]) => s !== 'sent').slice(0, 5)); throw e; });
    last.child.kill('SIGTERM');
    await last.ended;
    const copies = (words) => rest.messages.filter((m) => m.Body === words).length;
    const rows = texts.map(([words, state]) => ({ words, state, copies: copies(words) }));
    return { n, rows, log, unknown: rows.filter((r) => r.state === 'unknown') };
  } finally {
    db.remove?.();
    await rest.close();
  }
}

function check(t, kills, { n, rows, log, unknown }) {
  const twice = rows.filter((r) => r.copies > 1);
  const lost = rows.filter((r) => r.copies === 0 && r.state !== 'unknown');
  t.diagnostic(`${kills} kills, ${n} texts: ${rows.filter((r) => r.state === 'sent').length} sent, ${log['outbox.interrupted']} interrupted on `
    + `their way, ${log['found=0']} of them found at the other side, ${log['found=1']} times not there; ${unknown.length} unknown `
    + `(${unknown.filter((r) => r.copies).length} had been taken), ${twice.length} twice, ${lost.length} lost`);
  assert.equal(rows.length, n);
  assert.equal(new Set(rows.map((r) => r.words)).size, n);
  assert.deepEqual(twice, []);
  assert.deepEqual(lost, []);
  assert.deepEqual(rows.filter((r) => !['sent', 'unknown'].includes(r.state)), []);
  assert.equal(log.Sanitizer, 0);
  assert.ok(log['outbox.interrupted'] > 0, 'no kill met a delivery');
}

test('killed again and again, the other side can be asked: all are sent, each once', async (t) => {
  const got = await killed(KILLS, { lists: true });
  check(t, KILLS, got);
  assert.deepEqual(got.unknown, []);
});

test('the other side cannot tell: none twice, and what nobody knows is shown', async (t) => {
  const kills = Math.ceil(KILLS / 4);
  const got = await killed(kills, { lists: false });
  check(t, kills, got);
  assert.ok(got.unknown.length <= got.log['outbox.interrupted']);
});
