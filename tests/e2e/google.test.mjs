// The owner's Google Calendar: connected, booked into, moved and cancelled in, and what the owner does
// there by hand; with Google slow, full, down, or no more willing to know us. Through the command, the
// worker and a stand-in for Google.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { at, CAL, day, shopDesk as desk } from './lib/shop.mjs';
import { sleep, until } from './stack.mjs';

const events = (g) => g.standing(CAL).filter((e) => e.extendedProperties);
const id = (got) => /^(ap_\S+)/m.exec(got.out)[1];

describe('the owner\'s Google calendar, by the service account', () => {
  let d, g;
  before(async () => { d = await desk(); g = d.g; });
  after(() => d?.end());
  beforeEach(() => { g.plans.length = 0; g.always = null; });

  test('is connected, and read', async () => {
    assert.match(await d.good('calendar', 'google', 'status'), /not connected/);
    g.owner.add(at(3, '09:00'), at(3, '10:00'), {}, CAL);
    const out = await d.good('calendar', 'google', 'connect', '--calendar', CAL);
    assert.match(out, /share it with desk@project\.iam\.gserviceaccount\.com/);
    assert.match((await d.cli('calendar', 'google', 'connect', '--calendar', CAL)).err, /connected already/);
    await until('it is read', async () => /read at/.test(await d.good('calendar', 'google', 'status')));
    assert.match(await d.good('calendar', 'google', 'status'), /connected by the service account[^]*sal@example\.com {2}gets our visits {2}1 events/);
    assert.equal(g.assertions, 1); // one token for all of it
    // what stands there is not offered, nor booked
    const free = await d.good('calendar', 'slots', '--service', 'repair', '--with', 'Raj', '--when', day(3));
    assert.doesNotMatch(free, / at 9 am/);
    assert.match(free, / at 10 am/);
    assert.match((await d.book(`${day(3)} 09:30`)).err, /booked up/);
  });

  test('gets a visit, and it is firm at once', async () => {
    const got = await d.book(`${day(3)} 10:00`, 'Dana <Reed>', '--number', '213 555 0177', '--address', '1 Main St', '--notes', 'the sink & tap');
    assert.equal(got.code, 0, got.err);
    assert.match(got.out, /10:00-11:00 {2}booked +repair with Raj/);
    const [e] = events(g);
    assert.equal(e.summary, 'repair: Dana <Reed> (Raj)');
    assert.equal(e.description, 'Tel. +12135550177\nthe sink &amp; tap');
    assert.equal(e.location, '1 Main St');
    assert.equal(e.extendedProperties.private.frontdesk, id(got));
    assert.match(e.id, /^fd[0-9a-f]{32}$/);
    assert.equal(Date.parse(e.start.dateTime), at(3, '10:00'));
    assert.equal(e.start.timeZone, 'Etc/UTC');
    assert.match(g.of('insert').at(-1).headers.authorization, /^Bearer ya29/);
  });

  test('the same hour with another technician is no clash, with the same one it is', async () => {
    const other = await d.cli('calendar', 'book', '--service', 'estimate', '--with', 'Lena', '--at', `${day(3)} 10:00`, '--name', 'Bo');
    assert.equal(other.code, 0, other.err);
    assert.match(other.out, /booked/);
    assert.match((await d.book(`${day(3)} 10:30`)).err, /booked up/);
  });

  test('a visit is moved, and cancelled', async () => {
    const ap = id(await d.book(`${day(4)} 10:00`));
    assert.match(await d.good('calendar', 'move', ap, '--at', `${day(4)} 14:00`), /14:00-15:00 {2}moved/);
    const mine = () => events(g).filter((e) => e.extendedProperties.private.frontdesk === ap);
    assert.deepEqual(mine().map((e) => Date.parse(e.start.dateTime)), [at(4, '14:00')]);
    assert.match(g.of('patch').at(-1).headers['if-match'], /^"\d+"$/);
    // by a quarter of an hour: onto its own time
    assert.match(await d.good('calendar', 'move', ap, '--at', `${day(4)} 14:15`), /14:15-15:15 {2}moved/);
    assert.deepEqual(mine().map((e) => Date.parse(e.start.dateTime)), [at(4, '14:15')]);
    assert.equal((await d.list()).filter((r) => r.status === 'held').length, 0);
    assert.match(await d.good('calendar', 'cancel', ap), /cancelled/);
    await until('it is gone there', () => mine().length === 0);
    assert.equal((await d.book(`${day(4)} 14:00`)).code, 0); // the time is free again
  });

  test('the owner types something in at that minute: nobody is told that it is booked', async () => {
    g.next({ on: 'freeBusy', before: () => g.owner.add(at(5, '09:00'), at(5, '09:30'), {}, CAL) });
    const got = await d.book(`${day(5)} 09:00`);
    assert.match(got.err, /not booked: .*booked up/);
    // and between the question and the writing
    g.next({ on: 'insert', before: () => g.owner.add(at(5, '11:00'), at(5, '11:30'), { created: new Date(Date.now() - 5).toISOString() }, CAL) });
    assert.match((await d.book(`${day(5)} 11:00`)).err, /not booked: .*booked up/);
    assert.equal(events(g).filter((e) => e.start.dateTime.startsWith(day(5))).length, 0);
    // the search knows of it at once
    assert.doesNotMatch(await d.good('calendar', 'slots', '--service', 'repair', '--with', 'Raj', '--when', day(5)), / at 11 am/);
    // onto a visit that stands: the owner's own doing
    const ap = id(await d.book(`${day(5)} 14:00`));
    g.owner.add(at(5, '14:00'), at(5, '14:30'), {}, CAL);
    await d.seen();
    assert.equal((await d.stands(ap)).status, 'booked');
  });

  test('a move onto something of the owner\'s leaves the visit where it was', async () => {
    const ap = id(await d.book(`${day(6)} 09:00`));
    g.next({ on: 'freeBusy', before: () => g.owner.add(at(6, '13:00'), at(6, '14:00'), {}, CAL) });
    assert.match((await d.cli('calendar', 'move', ap, '--at', `${day(6)} 13:00`)).err, /booked up/);
    g.next({ on: 'patch', before: () => g.owner.add(at(6, '16:00'), at(6, '17:00'), {}, CAL) });
    assert.match((await d.cli('calendar', 'move', ap, '--at', `${day(6)} 16:00`)).err, /booked up/);
    g.next({ on: 'freeBusy', before: () => g.owner.add(at(6, '10:10'), at(6, '10:40'), {}, CAL) });
    assert.match((await d.cli('calendar', 'move', ap, '--at', `${day(6)} 09:30`)).err, /booked up/);
    const row = await d.stands(ap);
    assert.equal(row.times, '09:00-10:00');
    assert.equal(Date.parse(events(g).find((e) => e.extendedProperties.private.frontdesk === ap).start.dateTime), at(6, '09:00'));
  });

  for (const [what, plan] of [
    ['the answer is lost', { drop: true }],
    ['the line is cut', { cut: true }],
    ['it fails with a 500', { status: 500 }],
    ['it is limited (429)', { status: 429, reason: 'rateLimitExceeded', retryAfter: 1 }],
    ['it is limited (403)', { status: 403, reason: 'rateLimitExceeded' }],
    ['it answers what is no JSON', { malformed: true }],
    ['the token is too old', { before: () => {} , expire: true }],
  ])
    test(`${what}: one event, and it is firm`, async () => {
      const hour = `${day(8)} ${String(8 + (d.n = (d.n ?? -1) + 1)).padStart(2, '0')}:00`;
      if (plan.expire) g.expireTokens();
      else g.next({ on: 'insert', ...plan });
      const got = await d.book(hour);
      assert.equal(got.code, 0, got.err);
      const ap = id(got);
      await until('it is booked', async () => (await d.stands(ap)).status === 'booked');
      assert.equal(events(g).filter((e) => e.extendedProperties.private.frontdesk === ap).length, 1);
    });

  test('an id that Google has of a deleted event: another one is made', async () => {
    const ap = id(await d.book(`${day(9)} 09:00`));
    const [before] = events(g).filter((e) => e.extendedProperties.private.frontdesk === ap);
    g.always = (r) => (r.kind === 'insert' && r.body.id === before.id ? {} : {});
    assert.equal(g.of('insert').filter((r) => r.body.id === before.id).length, 1);
    // the next visit's first name is taken by somebody's deleted event
    g.next({ on: 'insert', before: (r) => { if (!g.calendars[CAL].has(r.body.id)) g.calendars[CAL].set(r.body.id, { id: r.body.id, status: 'cancelled', seq: ++g.seq, etag: '"0"' }); } });
    const got = await d.book(`${day(9)} 11:00`);
    assert.match(got.out, /booked/);
    const [e] = events(g).filter((x) => x.extendedProperties.private.frontdesk === id(got));
    assert.match(e.id, /^fd/);
  });

  test('what the owner moves there moves here, what they delete is cancelled', async () => {
    const ap = id(await d.book(`${day(10)} 09:00`)), off = id(await d.book(`${day(10)} 11:00`));
    const event = (a) => events(g).find((e) => e.extendedProperties.private.frontdesk === a);
    g.owner.move(event(ap).id, at(10, '15:00'), at(10, '16:30'), CAL);
    g.owner.remove(event(off).id, CAL);
    await until('it moved', async () => (await d.stands(ap)).times === '15:00-16:30');
    await until('it is off', async () => (await d.stands(off)).status === 'cancelled');
    assert.match((await d.book(`${day(10)} 15:30`)).err, /booked up/);
    assert.equal((await d.book(`${day(10)} 09:00`)).code, 0);
    // onto another visit: ours stays, the time there is taken, and the owner is told
    const two = id(await d.book(`${day(10)} 12:00`));
    g.owner.move(event(two).id, at(10, '15:00'), at(10, '15:30'), CAL);
    await until('the owner is told', async () => /You moved repair, Dana Reed in Google/.test(await d.attention()));
    assert.equal((await d.stands(two)).times, '12:00-13:00');
    g.owner.move(event(two).id, at(10, '17:00'), at(10, '18:00'), CAL);
    await until('it moved after all', async () => (await d.stands(two)).times === '17:00-18:00');
  });

  test('a sync token that is too old: read whole, and nothing is forgotten', async () => {
    const ap = id(await d.book(`${day(11)} 09:00`));
    g.pageSize = 3;
    g.forget();
    g.calendars[CAL].delete(events(g).find((e) => e.extendedProperties.private.frontdesk === ap).id); // purged: no list shows it any more
    g.owner.add(at(11, '12:00'), at(11, '13:00'), {}, CAL);
    await until('it is off', async () => (await d.stands(ap)).status === 'cancelled');
    assert.match((await d.book(`${day(11)} 12:30`)).err, /booked up/);
    g.pageSize = 2500;
  });

  test('Google is slow: "the owner will confirm", and it is confirmed', async () => {
    g.always = (r) => (r.kind === 'freeBusy' ? { slow: 7500 } : {});
    const got = await d.book(`${day(12)} 09:00`);
    g.always = null;
    assert.equal(got.code, 0, got.err);
    assert.match(got.out, /Google has not taken it yet[^]* held /);
    assert.match((await d.book(`${day(12)} 09:30`)).err, /booked up/); // the time is kept
    await until('it is confirmed', async () => (await d.stands(id(got))).status === 'booked');
  });

  test('Google is slow, and then the time is taken: they are to be called back', async () => {
    g.always = (r) => (r.kind === 'freeBusy' ? { slow: 7500, before: () => g.owner.add(at(12, '14:00'), at(12, '15:00'), {}, CAL) } : {});
    const got = await d.book(`${day(12)} 14:00`, 'Kim Lee', '--number', '213 555 0188');
    g.always = null;
    assert.match(got.out, /Google has not taken it yet/);
    await until('it is given back', async () => (await d.stands(id(got))).status === 'cancelled');
    assert.match(await d.calls(), /Kim Lee[^]*your Google calendar has\s+something else/);
    assert.equal(events(g).filter((e) => e.extendedProperties.private.frontdesk === id(got)).length, 0);
  });

  test('a calendar that Google will not show us is not free', async () => {
    g.errors[CAL] = 'notFound';
    g.always = (r) => (r.kind === 'list' ? { status: 404, reason: 'notFound' } : {});
    const got = await d.book(`${day(13)} 09:00`);
    assert.doesNotMatch(got.out, /booked {2}/);
    delete g.errors[CAL];
    g.always = null;
    await d.good('calendar', 'google', 'sync');
    const rows = (await d.attention()).split('\n').filter((l) => /google_event/.test(l));
    for (const l of rows) await d.good('outbox', 'retry', l.split('  ')[0]);
    await until('it is booked', async () => (await d.stands(id(got))).status === 'booked');
  });
});

describe('by the owner\'s consent', () => {
  let d, g;
  before(async () => { d = await desk({ GOOGLE_SERVICE_ACCOUNT: '', PUBLIC_BASE_URL: 'https://desk.example.com' }); g = d.g; g.calendars.primary = new Map(); });
  after(() => d?.end());
  const mine = (a) => g.standing('primary').filter((e) => e.extendedProperties?.private.frontdesk === a);
  // What the dashboard does once the owner's browser is back (tests/page/test_admin_calendar.c): a row for the worker.
  const consent = async (scope) => {
    const verifier = 'v'.repeat(64);
    const code = g.code(createHash('sha256').update(verifier).digest('base64url'), 'https://desk.example.com/google/callback', scope);
    await d.seed('google', 'shop', JSON.stringify({ code, verifier, redirect: 'https://desk.example.com/google/callback' }));
  };

  test('the command says where to consent', async () => {
    assert.match(await d.good('calendar', 'google', 'connect'), /https:\/\/desk\.example\.com\/google\/connect/);
  });

  test('less than is needed was ticked: it says so', async () => {
    await consent('https://www.googleapis.com/auth/spreadsheets');
    await until('it is told', async () => /leave the boxes ticked/.test(await d.attention()));
    assert.match(await d.good('calendar', 'google', 'status'), /not connected/);
  });

  test('the consent becomes a lasting access; a visit stands there', async () => {
    await consent();
    await until('connected', async () => /by its owner's consent[^]*read at/.test(await d.good('calendar', 'google', 'status')));
    const got = await d.book(`${day(3)} 10:00`);
    assert.match(got.out, /booked/);
    assert.equal(mine(id(got)).length, 1);
  });

  test('taken back at Google: the owner hears of it, callers hear "the owner will confirm", and connecting anew mends it', async () => {
    g.revokeAll();
    const tries = () => g.of('token').length;
    await until('it is told', async () => /google_sync {2}failed[^]*connect it anew/.test(await d.attention()));
    assert.match(await d.good('calendar', 'google', 'status'), /must be connected again/);
    const before = tries(), begun = Date.now();
    const got = await d.book(`${day(4)} 10:00`);
    assert.match(got.out, /Google has not taken it yet[^]* held /);
    assert.ok(Date.now() - begun < 3000, 'nobody waits for it');
    await sleep(1500);
    assert.equal(tries(), before); // invalid_grant is not asked again
    await consent();
    await until('read again', async () => !/cannot be read/.test(await d.good('calendar', 'google', 'status')));
    for (const l of (await d.attention()).split('\n').filter((x) => /google_event/.test(x))) await d.good('outbox', 'retry', l.split('  ')[0]);
    await until('it is booked', async () => (await d.stands(id(got))).status === 'booked');
    assert.equal(mine(id(got)).length, 1);
  });

  test('let go: Google is told, visits stay', async () => {
    await d.good('calendar', 'google', 'disconnect');
    await until('given back', () => g.revoked.length === 1);
    assert.equal((await d.list()).filter((r) => r.status === 'booked').length, 2);
    assert.match((await d.book(`${day(5)} 10:00`)).out, /booked/); // in our own calendar
    assert.match((await d.cli('calendar', 'google', 'disconnect')).err, /not connected/);
  });
});

describe('the worker is killed', () => {
  test('at every step of a booking, a move and a cancelling: one event, where our row is', async (t) => {
    const d = await desk({ CALENDAR_WAIT_MS: '0' });
    const { g } = d;
    try {
      await d.good('calendar', 'google', 'connect', '--calendar', CAL);
      await until('it is read', async () => /read at/.test(await d.good('calendar', 'google', 'status')));
      let kills = 0;
      const killAt = (kind, after) => new Promise((done) => {
        g.next({ on: kind, [after ? 'slowAfter' : 'slow']: 250, before: () => { if (after) setTimeout(async () => { await d.kill(); kills++; done(); }, 60); } });
        if (!after) {
          const n = g.of(kind).length;
          until('asked', () => g.of(kind).length > n).then(async () => { await d.kill(); kills++; done(); }, done);
        }
      });
      const steps = [['freeBusy', false], ['freeBusy', true], ['insert', false], ['insert', true]];
      let hour = 8;
      for (const [kind, late] of steps) {
        const killed = killAt(kind, late);
        const got = await d.book(`${day(20)} ${String(hour++).padStart(2, '0')}:00`);
        assert.match(got.out, /held/);
        await killed;
        await sleep(300);
        await d.start();
        const ap = id(got);
        await until(`booked after ${kind} ${late}`, async () => (await d.stands(ap)).status === 'booked');
        assert.equal(events(g).filter((e) => e.extendedProperties.private.frontdesk === ap).length, 1);
      }
      for (const late of [false, true]) {
        const ap = id(await d.book(`${day(21)} ${late ? '08' : '09'}:00`));
        await until('booked', async () => (await d.stands(ap)).status === 'booked');
        const killed = killAt('patch', late);
        await d.cli('calendar', 'move', ap, '--at', `${day(21)} ${late ? '15' : '16'}:00`);
        await killed;
        await sleep(300);
        await d.start();
        await until('moved', async () => (await d.stands(ap)).status === 'moved');
        const mine = () => events(g).filter((e) => e.extendedProperties.private.frontdesk === ap);
        assert.deepEqual(mine().map((e) => Date.parse(e.start.dateTime)), [at(21, late ? '15:00' : '16:00')]);
        const off = killAt('delete', late);
        await d.good('calendar', 'cancel', ap);
        await off;
        await sleep(300);
        await d.start();
        await until('gone', () => mine().length === 0);
      }
      assert.equal((await d.list()).filter((r) => r.status === 'held').length, 0);
      t.diagnostic(`${kills} kills`);
    } finally {
      await d.end();
    }
  });
});
