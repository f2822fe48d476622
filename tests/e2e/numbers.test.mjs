// frontdesk numbers sync against a stand-in for Twilio's REST service: what it shows, what it asks,
// what it changes and what it leaves alone, and every way in which Twilio may not answer.
import { test, describe, before, after, afterEach, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { freePort, run } from './stack.mjs';
import { TestDb } from './lib/db.mjs';

const OURS = '+18605550100'; // what seed.c gives the business
const TOKEN = 'rest-token';
let db, rest, desk, pages;

before(async () => {
  db = new TestDb({ LOG_LEVEL: 'error' });
  await db.init();
  // stands for the front desk as Twilio would reach it
  pages = {};
  desk = http.createServer((req, res) => { res.writeHead(pages[req.url] ?? 404); res.end(); });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
});
after(() => { desk.closeAllConnections(); desk.close(); db.remove(); });
beforeEach(async () => {
  rest = await twilioRest({ token: TOKEN });
  Object.assign(pages, { '/voice/incoming': 403, '/voice/fallback': 200, '/voice/status': 403, '/sms/incoming': 403 });
});

afterEach(() => rest.close());

const base = () => `http://127.0.0.1:${desk.address().port}`;
const settings = (more) => ({ ...db.env, TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_API_URL: rest.url, PUBLIC_BASE_URL: base(), ...more });
async function sync(args = [], { input = '', env = {} } = {}) {
  const got = await run(['numbers', 'sync', ...args], { env: settings(env), input });
  assert.equal((got.out + got.err).includes(TOKEN), false, 'the token is shown');
  return got;
}
const posts = () => rest.requests.filter((r) => r.method === 'POST');
const should = (number, app) => {
  for (const row of [number, app]) {
    assert.equal(row.voice_url, `${base()}/voice/incoming#ct=2500&rt=6000&rc=2&rp=ct,rt,5xx`);
    assert.equal(row.voice_fallback_url, `${base()}/voice/fallback#ct=2500&rt=6000&rc=2&rp=ct,rt,5xx`);
    assert.equal(row.status_callback, `${base()}/voice/status#rc=3&rp=ct,rt,5xx`);
    assert.equal(row.sms_url, `${base()}/sms/incoming#ct=2500&rt=6000&rc=2&rp=ct,rt,5xx`);
  }
  assert.deepEqual([number.voice_application_sid, number.sms_application_sid, number.trunk_sid], [app.sid, app.sid, null]);
};

describe('frontdesk numbers sync', () => {
  test('shows, changes, and has nothing to do the second time', async () => {
    const mine = rest.number(OURS, { voice_url: 'https://demo.example/voice', voice_method: 'GET', trunk_sid: 'TKffffffffffffffffffffffffffffffff' });
    const got = await sync(['--yes']);
    assert.equal(got.code, 0, got.out + got.err);
    assert.match(got.out, /TwiML application "Frontdesk 127\.0\.0\.1:\d+" will be made/);
    assert.match(got.out, /VoiceUrl +https:\/\/demo\.example\/voice\n +will be +http:\/\/127/);
    assert.match(got.out, /TrunkSid +TKf+\n +will be +\(nothing\)/);
    assert.match(got.out, /Done/);
    should(mine, rest.applications[0]);
    const asked = rest.requests.length;
    const again = await sync(['--yes']);
    assert.equal(again.code, 0);
    assert.match(again.out, /Nothing to change/);
    assert.equal(rest.requests.slice(asked).every((r) => r.method === 'GET'), true);
  });

  test('asks first; no, or nobody there, changes nothing', async () => {
    rest.number(OURS);
    for (const input of ['n\n', '', 'what\n']) {
      const got = await sync([], { input });
      assert.equal(got.code, 1);
      assert.match(got.out, /Change this at Twilio\? \[y\/N\]/);
      assert.match(got.err, /nothing was changed/);
    }
    assert.equal((await sync(['--dry-run'])).code, 0);
    assert.deepEqual(posts(), []);
    assert.equal((await sync([], { input: 'y\n' })).code, 0);
    assert.equal(posts().length, 2);
  });

  test('numbers of others are not touched, on whatever page of the list ours is', async () => {
    const others = Array.from({ length: 6 }, (_, i) => rest.number(`+1415555010${i}`, { voice_url: 'https://other.example/' }));
    rest.pageSize = 2;
    const mine = rest.number(OURS);
    rest.application({ friendly_name: 'Another program', voice_url: 'https://other.example/' });
    const before = structuredClone([...others, rest.applications[0]]);
    assert.equal((await sync(['--yes'])).code, 0);
    assert.deepEqual([...others, rest.applications[0]], before);
    should(mine, rest.applications[1]);
    assert.ok(rest.requests.filter((r) => /IncomingPhoneNumbers\.json/.test(r.path)).length >= 8, 'two looks at four pages');
  });

  test('the application is found again, and of two always the same one is taken', async () => {
    const name = `Frontdesk ${base().slice(7)}`;
    const apps = [rest.application({ friendly_name: name }), rest.application({ friendly_name: name })].sort((a, b) => (a.sid < b.sid ? -1 : 1));
    const mine = rest.number(OURS);
    assert.equal((await sync(['--yes'])).code, 0);
    assert.equal(rest.applications.length, 2);
    should(mine, apps[0]);
    assert.match((await sync(['--yes'])).out, /Nothing to change/);
  });

  test('texts are left alone while there is no page for them', async () => {
    delete pages['/sms/incoming'];
    const mine = rest.number(OURS, { sms_url: 'https://texts.example/', sms_application_sid: 'AP00000000000000000000000000000000' });
    const got = await sync(['--yes']);
    assert.equal(got.code, 0, got.out + got.err);
    assert.match(got.out, /Texts are left as they are/);
    assert.deepEqual([mine.sms_url, mine.sms_application_sid], ['https://texts.example/', 'AP00000000000000000000000000000000']);
    assert.match(mine.voice_url, /voice\/incoming/);
  });

  test('a number that the account has not is said, the others are done', async () => {
    const got = await sync(['--yes']);
    assert.equal(got.code, 1);
    assert.match(got.out, /\+18605550100 is not a number of this Twilio account/);
    assert.equal(rest.applications.length, 1);
    const again = await sync(['--yes']);
    assert.equal(again.code, 1);
    assert.match(again.out, /Nothing else to change/);
  });

  test('nothing is pointed at what is not there', async () => {
    rest.number(OURS);
    for (const [page, status] of [['/voice/incoming', undefined], ['/voice/status', 502], ['/voice/fallback', undefined]]) {
      const was = pages[page];
      if (status) pages[page] = status; else delete pages[page];
      const got = await sync(['--yes']);
      assert.equal(got.code, 1);
      assert.match(got.err, new RegExp(`${page} answers with HTTP ${status ?? 404}`));
      pages[page] = was;
    }
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    assert.match((await sync(['--yes'], { env: { PUBLIC_BASE_URL: nowhere } })).err, /is not reached: .*--no-probe/);
    assert.deepEqual(rest.requests, []);
    assert.equal((await sync(['--yes', '--no-probe'], { env: { PUBLIC_BASE_URL: 'https://desk.example.com/' } })).code, 0);
    assert.match(rest.numbers[0].voice_url, /^https:\/\/desk\.example\.com\/voice\/incoming#/);
    assert.equal(rest.applications[0].friendly_name, 'Frontdesk desk.example.com');
  });

  test('a missing setting, an address of this machine alone', async () => {
    for (const [env, words] of [[{ TWILIO_ACCOUNT_SID: '' }, /TWILIO_ACCOUNT_SID is not set/], [{ TWILIO_AUTH_TOKEN: '' }, /TWILIO_AUTH_TOKEN is not set/],
      [{ PUBLIC_BASE_URL: '' }, /PUBLIC_BASE_URL is not set/], [{ TWILIO_API_URL: 'https://api.twilio.com' }, /this machine alone/]]) {
      const got = await sync(['--yes'], { env });
      assert.equal(got.code, 1);
      assert.match(got.err, words);
    }
    assert.deepEqual(rest.requests, []);
    assert.equal((await run(['numbers'], { env: settings() })).code, 2);
    assert.equal((await sync(['--what'])).code, 2);
    assert.match((await sync(['--business', 'nobody'])).err, /no business "nobody"/);
  });

  test('a wrong token is said once', async () => {
    rest.number(OURS);
    const got = await run(['numbers', 'sync', '--yes'], { env: settings({ TWILIO_AUTH_TOKEN: 'wrong' }) });
    assert.equal(got.code, 1);
    assert.match(got.err, /Twilio does not know this account and token \(HTTP 401: Authenticate\)/);
    assert.equal(rest.requests.length, 1);
  });

  test('Twilio asks to wait, fails, loses answers: what may be repeated is', async () => {
    const mine = rest.number(OURS);
    rest.next({ status: 429 }, { status: 503 }, {}, { cut: true }, {}, { status: 429, retryAfter: 1 }, {}, { drop: true }, {});
    const got = await sync(['--yes']);
    assert.equal(got.code, 0, got.out + got.err);
    should(mine, rest.applications[0]);
    assert.equal(rest.applications.length, 1);
  });

  test('the answer to making the application is lost: it is found, and no second one is made', async () => {
    const mine = rest.number(OURS);
    for (const loss of [{ drop: true }, { malformed: true }]) {
      rest.applications.length = 0;
      rest.next({}, {}, loss);
      const got = await sync(['--yes']);
      assert.equal(got.code, 0, got.out + got.err);
      assert.equal(rest.applications.length, 1);
      should(mine, rest.applications[0]);
    }
  });

  test('it was not made after all: nothing is pointed at nothing', async () => {
    const mine = rest.number(OURS, { voice_url: 'https://demo.example/' });
    rest.next({}, {}, { status: 500 });
    const got = await sync(['--yes']);
    assert.equal(got.code, 1);
    assert.match(got.err, /The TwiML application was not changed/);
    assert.equal(mine.voice_url, 'https://demo.example/');
    assert.equal((await sync(['--yes'])).code, 0); // and the next time it goes on
    should(mine, rest.applications[0]);
  });

  test('Twilio refuses a change, or takes it and forgets it', async () => {
    rest.number(OURS);
    rest.next({}, {}, {}, { status: 400, code: 21402, message: 'Url is not valid' });
    const refused = await sync(['--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /\+18605550100 was not changed: Twilio refused \(HTTP 400: Url is not valid\)/);
    rest.ignores = ['VoiceUrl'];
    const forgot = await sync(['--yes']);
    assert.equal(forgot.code, 1);
    assert.match(forgot.err, /shows something else/);
  });

  test('Twilio is away to the end', async () => {
    rest.number(OURS);
    rest.always = { status: 503 };
    const got = await sync(['--yes']);
    assert.equal(got.code, 1);
    assert.match(got.err, /failure of its own \(HTTP 503/);
    assert.equal(rest.requests.length, 4);
  });
});
