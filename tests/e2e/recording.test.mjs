// Recording of whole calls: a long one, and one through the whole stack. (The bridge alone:
// bridge-recording.test.mjs.)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { world } from './lib/bridge.mjs';
import { root, startDesk, until } from './lib/desk.mjs';
import { OWN, recorded, stretches, wav } from './lib/recorded.mjs';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const within = (value, low, high, what) => assert.ok(value >= low && value <= high, `${what}: ${value} not in ${low}…${high}`);

test('memory does not grow with the length of a call', async (t) => {
  const w = await world(t, { env: OWN });
  const { peer } = await w.talk();
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${w.bridge.child.pid}/status`, 'utf8'))[1]);
  const minutes = async (n) => {
    for (let i = 0; i < n * 12; i += 1) { // five seconds of sound at a time
      for (let k = 0; k < 250; k += 1) peer.frame();
      await sleep(30);
    }
    await sleep(500);
  };
  await minutes(5);
  const before = rss();
  await minutes(20);
  const after = rss();
  t.diagnostic(`RSS ${before} kB after 5 minutes, ${after} kB after 25`);
  assert.ok(after - before < 700, `${before} kB became ${after} kB`);
  await peer.hangUp();
  const { r } = await recorded(w.db, peer);
  within(r.ms, 25 * 60000, 26 * 60000, 'length');
  assert.equal(r.cut ?? null, null);
});

test('through the whole stack: told first, then recorded, heard by the owner', async (t) => {
  const desk = await startDesk({ env: { RECORD_CALLS: 'own', LOG_LEVEL: 'warn', RECORD_FREE_MB: '0' } });
  t.after(() => desk.end());
  const business = JSON.parse(readFileSync(join(root, 'businesses/plumbing.json'), 'utf8'));
  business.slug = 'told';
  business.numbers = ['+18605550177'];
  business.consent = 'This call is recorded.';
  const added = await desk.cli('business', 'add', desk.write('told.json', JSON.stringify(business)));
  assert.equal(added.code, 0, added.err);
  desk.secret = /^token (\S+)/m.exec((await desk.cli('token', 'new', 'tests', '--business', 'plumbing')).out)[1];
  const call = desk.dial('--to', '+18605550177', '--say', 'hello', '--hangup-after', '20');
  await call.ended;
  assert.match(call.heard(), /This call is recorded\./);
  const list = await until('the recording is ready', async () => {
    const got = await desk.cli('recording', 'list', '--business', 'told');
    return / ready /.test(got.out) && got.out;
  });
  const { left, right, ms } = await wav({ folder: desk.data, env: { FRONTDESK_DATA: desk.data } }, list.split(' ')[0]);
  t.diagnostic(`${ms} ms, left ${JSON.stringify(stretches(left))} right ${JSON.stringify(stretches(right))}`);
  assert.ok(ms > 4000);
  assert.ok(stretches(left).length && stretches(right).length);
  const silent = await desk.dial('--say', 'hello', '--hangup-after', '4').over({ ok: false });
  assert.ok(silent.row.events.some((e) => e.name === 'not_recorded'), 'the other business has no line');
  assert.equal((await desk.cli('recording', 'list', '--business', 'plumbing')).out, '');
  await desk.assertWhole();
});
