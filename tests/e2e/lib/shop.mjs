// A shop with a data folder, a worker and Google beside it, for tests of calendars outside of ours.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { google } from '../../fakes/google.mjs';
import { TestDb } from './db.mjs';
import { build, cleanEnv, remove, root, run, scratch, sleep, until } from '../stack.mjs';

export const day = (ahead) => new Date(Date.now() + ahead * 86400000).toISOString().slice(0, 10);
export const at = (ahead, time) => Date.parse(`${day(ahead)}T${time}:00Z`); // the shop is in a zone without seasons
const hours = [['08:00', '18:00']];
export const shop = {
  slug: 'shop', name: 'The Shop', numbers: ['+12135550100'], zone: 'Etc/UTC',
  hours: { weekly: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours } },
  staff: [{ name: 'Raj', services: 'all' }, { name: 'Lena Ortiz', services: ['estimate'] }],
  services: [{ id: 'repair', name: 'repair', minutes: 60 }, { id: 'estimate', name: 'estimate', minutes: 30 }],
};
export const CAL = 'sal@example.com';

// A data folder with the shop in it, its Google, and a worker.
export async function shopDesk(more = {}) {
  const g = await google();
  const folder = scratch();
  const env = { FRONTDESK_DATA: path.join(folder, 'data'), FRONTDESK_SHARE: root, ...g.env, GOOGLE_SERVICE_ACCOUNT: g.serviceKey(), CALENDAR_SYNC_S: '1', CALENDAR_WAIT_MS: '6000', TEXT_APPOINTMENTS: 'false', ...more };
  g.calendars[CAL] = new Map();
  fs.mkdirSync(path.join(env.FRONTDESK_DATA, 'run'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'shop.json'), JSON.stringify(shop));
  const d = { g, env, folder, worker: null, log: '' };
  d.cli = (...args) => run(args, { env });
  d.good = async (...args) => {
    const got = await d.cli(...args);
    assert.equal(got.code, 0, `${args.join(' ')}: ${got.err}${got.out}`);
    return got.out;
  };
  d.start = async () => {
    const child = spawn(path.join(build, 'bin/worker'), [], { env: cleanEnv(env), stdio: ['ignore', 'ignore', 'pipe'] });
    d.worker = { child, ended: new Promise((done) => child.on('close', done)) };
    child.stderr.on('data', (t) => (d.log += t));
    await until('the worker', () => d.log.includes('worker.started'));
  };
  d.kill = async (signal = 'SIGKILL') => { d.worker?.child.kill(signal); await d.worker?.ended; d.worker = null; };
  d.end = async () => { await d.kill('SIGTERM'); await g.close(); remove(folder); };
  d.book = (time, name = 'Dana Reed', ...args) => d.cli('calendar', 'book', '--service', 'repair', '--with', 'Raj', '--at', time, '--name', name, ...args);
  d.seed = async (...args) => {
    const db = new TestDb(d.env);
    db.remove(); // its folder is not needed: the desk's own is used
    db.folder = folder;
    return db.seed(...args);
  };
  d.list = async () => (await d.good('calendar', 'list', '--from', day(-1), '--days', '60', '--all')).split('\n').filter((l) => l.startsWith('ap_')).map((l) => {
    const [, id, date, times, status] = /^(\S+) {2}(.*?) (\d\d:\d\d-\d\d:\d\d) {2}(\w+)/.exec(l);
    return { id, date, times, status, line: l };
  });
  d.stands = async (id) => (await d.list()).find((r) => r.id === id);
  d.attention = () => d.good('outbox', 'list');
  d.calls = () => d.good('callbacks', 'list');
  d.seen = async () => { const n = g.of('list').length; await until('it was read again', () => g.of('list').length >= n + 3); await sleep(150); };
  assert.equal((await run(['db', 'migrate'], { env })).code, 0);
  assert.equal((await run(['business', 'add', path.join(folder, 'shop.json')], { env })).code, 0);
  await d.start();
  return d;
}
