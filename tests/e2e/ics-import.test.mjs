// Calendars at an address (ICS): read, read again, and kept when they cannot be; what stands there is
// not offered. Through the command, the worker and a stand-in for whoever serves the file.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { calendar, event, icsServer, stamp } from '../fakes/ics-server.mjs';
import { at, day, shopDesk } from './lib/shop.mjs';
import { until } from './stack.mjs';

const hour = 3600000;

describe('a calendar at an address', () => {
  let d, s, secret;
  before(async () => {
    d = await shopDesk({ ALLOW_PRIVATE_ADDRESSES: 'true', CALENDAR_IMPORT_S: '1', TEXT_APPOINTMENTS: 'false', GOOGLE_SERVICE_ACCOUNT: '' });
    s = await icsServer();
    secret = `${s.url}/secret-1234.ics`;
  });
  after(async () => { await d?.end(); await s?.close(); });
  beforeEach(() => { s.plans.length = 0; });
  const slots = (ahead, person = 'Raj', service = 'repair') => d.good('calendar', 'slots', '--service', service, '--with', person, '--when', day(ahead));
  const status = () => d.good('calendar', 'google', 'status');
  const asked = async (n = 2) => { const from = s.requests.length; await until('asked again', () => s.requests.length >= from + n); };

  test('is read; what stands there is not offered, nor booked', async () => {
    s.file = calendar(event(at(3, '09:00'), at(3, '10:00')), event(at(3, '11:00'), at(3, '12:00'), 'TRANSP:TRANSPARENT\r\n'),
      `BEGIN:VEVENT\r\nUID:w\r\nDTSTART:${stamp(at(4, '14:00') - 21 * 24 * hour)}\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n`);
    s.etag = '"v1"';
    await d.good('calendar', 'import', secret);
    assert.match((await d.cli('calendar', 'import', secret)).err, /read already/);
    await until('it is read', async () => /read at/.test(await status()));
    assert.doesNotMatch(await status(), /secret-1234/); // who has the address has the calendar
    assert.doesNotMatch(await slots(3), / at 9 am/);
    assert.match(await slots(3), / at 10 am/);
    assert.match((await d.book(`${day(3)} 09:30`)).err, /booked up/);
    assert.equal((await d.book(`${day(3)} 11:00`)).code, 0); // it takes up no time
    for (const week of [4, 11]) assert.match((await d.book(`${day(week)} 14:30`)).err, /booked up/);
    assert.match(s.requests[0].headers.accept, /^text\/calendar/);
    assert.equal(s.requests[0].headers['if-none-match'], undefined);
  });

  test('is asked for with what it was called, and is not sent again', async () => {
    await asked();
    assert.equal(s.requests.at(-1).headers['if-none-match'], '"v1"');
    s.etag = null;
    s.modified = 'Sun, 29 Nov 2026 09:00:00 GMT';
    await asked(3);
    assert.equal(s.requests.at(-1).headers['if-modified-since'], s.modified);
    assert.match((await d.book(`${day(3)} 09:30`)).err, /booked up/);
  });

  test('a new one takes the place of the old one', async () => {
    s.file = calendar(event(at(3, '16:00'), at(3, '17:00')));
    s.modified = 'Sun, 29 Nov 2026 10:00:00 GMT';
    await until('the old time is free', async () => / at 9 am/.test(await slots(3)));
    assert.match((await d.book(`${day(3)} 16:30`)).err, /booked up/);
  });

  test('a visit of ours that comes back by our own feed blocks nothing twice', async () => {
    const got = await d.book(`${day(5)} 10:00`);
    const id = /^(ap_\S+)/m.exec(got.out)[1];
    s.file = calendar(`BEGIN:VEVENT\r\nUID:${id}@frontdesk\r\nDTSTART:${stamp(at(5, '10:00'))}\r\nDTEND:${stamp(at(5, '11:00'))}\r\nEND:VEVENT\r\n`,
      event(at(5, '15:00'), at(5, '16:00')), `BEGIN:VEVENT\r\nUID:ap_nobody@frontdesk\r\nDTSTART:${stamp(at(5, '13:00'))}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n`);
    s.modified = 'Sun, 29 Nov 2026 11:00:00 GMT';
    await until('it is read', async () => !/ at 3 pm/.test(await slots(5)));
    assert.match((await d.book(`${day(5)} 13:00`)).err, /booked up/); // which is no visit here
    assert.match(await d.good('calendar', 'move', id, '--at', `${day(5)} 10:15`), /10:15-11:15/);
    await d.good('calendar', 'cancel', id);
    assert.equal((await d.book(`${day(5)} 10:30`)).code, 0);
  });

  for (const [what, plan, words] of [
    ['is gone (404)', { status: 404 }, /gives no calendar \(any more\): it answers 404/],
    ['is full (429)', { status: 429, headers: { 'retry-after': '1' } }, /at the moment: it answers 429/],
    ['fails (500)', { status: 500 }, /at the moment: it answers 500/],
    ['cuts the line', { cut: true }, /could not be reached/],
    ['sends a page to sign in', { body: '<html>Sign in</html>' }, /is no calendar/],
    ['sends half of it', { half: true }, /not a whole one/],
    ['sends bytes', { body: Buffer.from([0, 255, 10, 0, 58, 10]) }, /is no calendar/],
    ['sends more than can be worked through', { body: calendar(...Array(12).fill('BEGIN:VEVENT\nDTSTART:00010101T000000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;COUNT=999999;BYMONTH=2;BYMONTHDAY=31\nEND:VEVENT\n')) }, /more in that calendar than/],
  ])
    test(`when it ${what}, what was read last counts, and it is read again after`, async () => {
      s.modified = null;
      s.plans.push({ ...plan, always: true });
      await until('it is told', async () => words.test(await status()));
      assert.match(await status(), /cannot be read since/);
      assert.match((await d.book(`${day(5)} 15:00`)).err, /booked up/);
      s.plans.length = 0;
      await until('it is read again', async () => !/cannot be read/.test(await status()));
      assert.match((await d.book(`${day(5)} 15:00`)).err, /booked up/);
    });

  test('what the owner must see to is given up after a while, and goes on by hand', async () => {
    s.plans.push({ status: 410, always: true });
    await until('it is given up', async () => /calendar_import {2}failed[^]*it answers 410\. What was read there last still\s+counts/.test(await d.attention()));
    assert.match((await d.book(`${day(5)} 15:00`)).err, /booked up/);
    s.plans.length = 0;
    await d.good('calendar', 'google', 'sync');
    await until('it is read again', async () => !/cannot be read/.test(await status()));
    assert.doesNotMatch(await d.attention(), /calendar_import/);
  });

  test('of one person: the other is free then', async () => {
    const lena = await icsServer();
    try {
      lena.file = calendar(event(at(6, '09:00'), at(6, '12:00')));
      await d.good('calendar', 'import', `${lena.url}/lena.ics`, '--with', 'Lena Ortiz');
      await until('it is read', async () => !/ at 9 am/.test(await slots(6, 'Lena Ortiz', 'estimate')));
      assert.match(await slots(6), / at 9 am/);
      assert.match(await status(), /of one person/);
      await d.good('calendar', 'import', '--off', `${lena.url}/lena.ics`);
      assert.match(await slots(6, 'Lena Ortiz', 'estimate'), / at 9 am/);
      assert.match((await d.cli('calendar', 'import', '--off', `${lena.url}/lena.ics`)).err, /is not read/);
    } finally {
      await lena.close();
    }
  });

  test('the worker is killed while it reads: it is read by the next one', async () => {
    s.file = calendar(event(at(7, '09:00'), at(7, '10:00')));
    s.modified = null;
    await asked(1);
    await d.kill();
    await d.start();
    await until('it is read', async () => !/ at 9 am/.test(await slots(7)));
  });
});

describe('an address in our own network', () => {
  test('is not asked, and the owner is told', async () => {
    const s = await icsServer();
    const d = await shopDesk({ CALENDAR_IMPORT_S: '1', GOOGLE_SERVICE_ACCOUNT: '' });
    try {
      await d.good('calendar', 'import', `${s.url}/x.ics`);
      assert.match((await d.cli('calendar', 'import', 'file:///etc/passwd')).err, /begins with https/);
      await until('it is told', async () => /own network, which is not allowed/.test(await d.good('calendar', 'google', 'status')));
      await until('it is given up', async () => /calendar_import {2}failed/.test(await d.attention()));
      assert.equal(s.requests.length, 0);
    } finally {
      await d.end();
      await s.close();
    }
  });
});
