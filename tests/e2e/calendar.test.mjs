// The owner's calendar by command, in a folder of its own: what is free, booked, moved, given up, and
// many commands at once for the same hour.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { remove, run, scratch } from './stack.mjs';

// A day well ahead, whatever today is, on which the business is open.
const day = (ahead) => new Date(Date.now() + ahead * 86400000).toISOString().slice(0, 10);
const hours = [['08:00', '12:00'], ['13:00', '18:00']];
const shop = {
  slug: 'shop', name: 'The Shop', numbers: ['+12135550100'], zone: 'America/Los_Angeles',
  hours: { weekly: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours } },
  staff: [{ name: 'Raj', services: 'all' }, { name: 'Lena Ortiz', services: ['estimate'] }],
  services: [{ id: 'repair', name: 'repair', minutes: 60 }, { id: 'estimate', name: 'estimate', minutes: 30 }],
  booking: { gap_minutes: 30, blackout: [day(9)] },
};

describe('the calendar by command', () => {
  let folder, env;
  const calendar = (...args) => run(['calendar', ...args], { env });
  const good = async (...args) => {
    const got = await calendar(...args);
    assert.equal(got.code, 0, got.err);
    return got.out;
  };
  const refused = async (words, ...args) => {
    const got = await calendar(...args);
    assert.equal(got.code, 1, got.out);
    assert.match(got.err, words);
  };
  before(async () => {
    folder = scratch();
    env = { FRONTDESK_DATA: path.join(folder, 'data'), PUBLIC_BASE_URL: 'https://desk.example.com/' };
    fs.mkdirSync(env.FRONTDESK_DATA);
    fs.writeFileSync(path.join(folder, 'shop.json'), JSON.stringify(shop));
    assert.equal((await run(['db', 'migrate'], { env })).code, 0);
    const added = await run(['business', 'add', path.join(folder, 'shop.json')], { env });
    assert.equal(added.code, 0, added.err);
  });
  after(() => remove(folder));

  let id;
  test('an appointment is made, moved and cancelled', async () => {
    const out = await good('book', '--service', 'repair', '--at', `${day(5)} 09:00`, '--name', 'Dana Reed', '--number', '213 555 0177', '--address', '1 Main St');
    assert.match(out, /09:00-10:00 {2}booked +repair with Raj {2}Dana Reed {2}\+12135550177\n {4}1 Main St\n/);
    assert.match(out, /https:\/\/desk\.example\.com\/v1\/calendar\/visit\/[0-9a-f]{32}\.ics/);
    [id] = out.match(/^ap_\S+/);
    assert.match(await good('list', '--days', '10'), new RegExp(`^${id} .*booked`));
    assert.match(await good('move', id, '--at', `${day(5)} 10:00`), /10:00-11:00 {2}moved/);
    assert.match(await good('move', id, '--at', `${day(5)} 13:15`), /13:15-14:15 {2}moved/);
    assert.match(await good('cancel', id), /cancelled/);
    assert.equal(await good('list', '--days', '10'), 'nothing\n');
    assert.match(await good('list', '--all', '--days', '10'), /cancelled/);
    await refused(/no such appointment that stands/, 'cancel', id);
    await refused(/no appointment "ap_none"/, 'move', 'ap_none', '--at', `${day(5)} 10:00`);
  });

  test('what is not to be had is said', async () => {
    await refused(/closed/, 'book', '--service', 'repair', '--at', `${day(5)} 19:00`, '--name', 'A');
    await refused(/not enough time before we close/, 'book', '--service', 'repair', '--at', `${day(5)} 11:30`, '--name', 'A');
    await refused(/no appointments then/, 'book', '--service', 'repair', '--at', `${day(9)} 10:00`, '--name', 'A');
    await refused(/too soon/, 'book', '--service', 'repair', '--at', `${day(-3)} 10:00`, '--name', 'A');
    await refused(/further ahead/, 'book', '--service', 'repair', '--at', `${day(380)} 10:00`, '--name', 'A');
    await refused(/--service is one of:\n {2}repair\n {2}estimate/, 'slots', '--service', 'haircut');
    await refused(/has no calendar here/, 'slots', '--service', 'repair', '--with', 'Zed');
    await refused(/--at wants a day and a time/, 'book', '--service', 'repair', '--at', 'tomorrow', '--name', 'A');
    assert.match(await good('book', '--service', 'repair', '--at', `${day(5)} 19:00`, '--name', 'A', '--anyway'), /19:00-20:00/);
    const late = ['--service', 'estimate', '--at', `${day(5)} 19:30`, '--anyway', '--name'];
    assert.match(await good('book', ...late, 'B'), /with Lena Ortiz/); // Raj is with A
    await refused(/booked up/, 'book', ...late, 'C'); // never over another one
    assert.equal((await calendar('move')).code, 2);
    assert.equal((await calendar('list', '--service', 'repair')).code, 2);
    assert.match(await good('slots', '--service', 'estimate', '--with', 'lena'), / at .* with Lena Ortiz\n/);
  });

  test('twelve commands at once for one hour that two people have', async () => {
    const got = await Promise.all(Array.from({ length: 12 }, (_, i) =>
      calendar('book', '--service', 'estimate', '--at', `${day(6)} 10:00`, '--name', `Caller ${i}`)));
    assert.equal(got.filter((g) => g.code === 0).length, 2, got.map((g) => g.err).join(''));
    for (const g of got.filter((x) => x.code)) assert.match(g.err, /booked up/);
    const list = await good('list', '--from', day(6), '--days', '1');
    assert.equal(list.match(/^ap_/gm).length, 2);
    assert.match(list, /with Raj/);
    assert.match(list, /with Lena Ortiz/);
  });

  test('the feed has a new address each time', async () => {
    const [first, second] = [await good('feed', 'shop'), await good('feed')];
    for (const out of [first, second]) assert.match(out, /^https:\/\/desk\.example\.com\/v1\/calendar\/feed\/[\w-]{43}\.ics\n/);
    assert.notEqual(first.split('\n')[0], second.split('\n')[0]);
    assert.match(await good('feed', '--off'), /leads nowhere/);
    assert.equal((await calendar('feed', '--off')).code, 1);
  });
});
