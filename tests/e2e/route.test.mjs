// frontdesk route: what would happen with a call and why, out of a database with real contacts.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { TestDb } from './lib/db.mjs';
import { root, run } from './stack.mjs';

const OWNER = '+18605550101', FRIEND = '+12125550142', VIP = '+12125550143', PEST = '+12125550144', KNOWN = '+12125550145';
const NEW = '+12125550146';
const OPEN = '2026-11-20 10:15', CLOSED = '2026-11-22T03:00'; // a Friday, a Sunday

let db;
const route = (...args) => run(['route', ...args], { env: db.env });
async function routed(...args) {
  const got = await route('--json', ...args);
  assert.equal(got.code, 0, got.err);
  return JSON.parse(got.out);
}
const rows = () => execFileSync('sqlite3', [path.join(db.folder, 'frontdesk.db'),
  'SELECT count(*), sum(calls), max(last_at) FROM contact; SELECT count(*) FROM call; SELECT count(*) FROM event'], { encoding: 'utf8' });

before(async () => {
  db = new TestDb({});
  await db.init();
  const got = await run(['business', 'update', path.join(root, 'businesses/plumbing.json')], { env: db.env });
  assert.equal(got.code, 0, got.err);
  await db.seed('exception', FRIEND, 'family');
  await db.seed('standing', VIP, 'vip');
  await db.seed('standing', PEST, 'blocked');
  await db.seed('standing', KNOWN, '-');
});
after(() => db?.remove());

describe('frontdesk route', () => {
  for (const [what, args, want] of [
    ['a stranger in open hours', ['--from', NEW, '--at', OPEN], { caller: 'unknown', open: true, rule: 'general', action: 'converse' }],
    ['the same when it is closed', ['--from', NEW, '--at', CLOSED], { open: false, rule: 'after_hours', standard_script: 'after_hours' }],
    ['a time with an offset', ['--from', NEW, '--at', '2026-11-20T15:15:30Z'], { open: true, at: '2026-11-20T10:15:30-05:00' }],
    ['who has called before', ['--from', '(212) 555-0145', '--at', OPEN], { number: KNOWN, caller: 'known', rule: 'client', standard_script: 'known_client_support' }],
    ['a VIP', ['--from', VIP, '--at', OPEN], { caller: 'vip', rule: 'client' }],
    ['who is blocked', ['--from', PEST, '--at', OPEN], { caller: 'blocked', action: 'reject', script: null }],
    ['the exception list, at night', ['--from', FRIEND, '--at', CLOSED], { caller: 'exception', action: 'transfer_exception', script: null }],
    ['a number of the list that the carrier does not confirm', ['--from', FRIEND, '--at', OPEN, '--verstat', 'TN-Validation-Failed-C'], { caller: 'unknown', action: 'converse' }],
    ['the owner', ['--from', OWNER, '--at', OPEN], { caller: 'owner', action: 'voice_query' }],
    ['who hides the number', ['--from', 'withheld', '--at', OPEN], { caller: 'withheld', number: null }],
    ['as Twilio writes it', ['--from', '+266696687', '--at', OPEN], { caller: 'withheld', number: null }],
    ['first words of a seller', ['--from', NEW, '--at', OPEN, '--text', 'I represent a pipe supplier and would like to offer our catalog'], { rule: 'vendor', action: 'log_vendor' }],
    ['an emergency, at night', ['--from', NEW, '--at', CLOSED, '--text', 'a pipe burst and water is pouring through the ceiling'], { action: 'emergency_alert', emergency: 'P1' }],
    ['a call that we make, at night', ['--from', KNOWN, '--at', CLOSED, '--outbound'], { rule: 'legal_hours', action: 'do_not_call' }],
  ])
    test(what, async () => {
      const got = await routed('--business', 'plumbing', ...args);
      for (const [key, value] of Object.entries(want)) assert.deepEqual(got[key], value, `${key}: ${JSON.stringify(got)}`);
      assert.ok(got.reasons.length >= 3 && got.reasons[0] === `caller: ${got.caller}`, JSON.stringify(got));
      assert.equal(got.business, 'plumbing');
    });

  test('reads as text, with every reason', async () => {
    const got = await route('--from', VIP, '--at', OPEN, '--text', 'how much is a new water heater');
    assert.equal(got.code, 0, got.err);
    assert.match(got.out, /^business +Harwick Plumbing$/m);
    assert.match(got.out, /^at +Friday 20 November, 10:15.am \(America\/New_York\), open$/m);
    assert.match(got.out, /^caller +vip: Marked as a VIP\.$/m);
    assert.match(got.out, /^action +converse$/m);
    assert.match(got.out, /^because +caller: vip\n +open \(weekly hours\)\n +\w+: .+\n +wish: /m);
  });

  test('writes nothing, and makes no contact of whom it is asked about', async () => {
    const was = rows();
    await routed('--from', NEW);
    await routed('--from', KNOWN);
    assert.equal(rows(), was);
  });

  for (const [what, args, said, code] of [
    ['no number', [], /--from wants a number/, 2],
    ['words that are no number', ['--from', 'bob'], /"bob" is no number/, 1],
    ['a time that is none', ['--from', NEW, '--at', 'tomorrow'], /--at wants a time like/, 1],
    ['an unknown branch', ['--from', NEW, '--branch', 'Moon'], /no branch "Moon"/, 1],
    ['an unknown business', ['--from', NEW, '--business', 'moon'], /no business "moon"/, 1],
    ['what is no option', ['--from', NEW, 'x'], /takes options only/, 2],
  ])
    test(`refuses ${what}`, async () => {
      const got = await route(...args);
      assert.equal(got.code, code, got.err);
      assert.match(got.err, said);
      assert.equal(got.out, '');
    });
});
