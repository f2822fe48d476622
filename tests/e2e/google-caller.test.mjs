// What a caller hears when the calendar is Google's: through the whole stack (nginx, api.fcgi, the
// worker), with a stand-in for Google and one for the text model, which books what it was offered and
// says what the tool says. Never "booked" for what Google has not taken.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startChat } from '../fakes/chat-server.mjs';
import { google } from '../fakes/google.mjs';
import { at, CAL, day, shop } from './lib/shop.mjs';
import { run, startStack, until } from './stack.mjs';

const KEY = 'key-of-the-model';

describe('a caller books in the owner\'s Google calendar', () => {
  let g, model, stack, token, results, ahead;
  const cli = async (...args) => {
    const got = await run(args, { env: { ...g.env, FRONTDESK_DATA: stack.data, GOOGLE_SERVICE_ACCOUNT: g.serviceKey() } });
    assert.equal(got.code, 0, `${args.join(' ')}: ${got.err}${got.out}`);
    return got.out;
  };
  const ask = async (where, body) => {
    const res = await fetch(stack.url + where, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
      headers: { authorization: `Bearer ${token}`, connection: 'close', ...(body ? { 'content-type': 'application/json' } : {}) } });
    const text = await res.text();
    assert.ok(res.ok, text);
    return JSON.parse(text);
  };
  // Books the first time that it is offered on that day, and says what the tool says.
  const book = async () => {
    const { session } = await ask('/v1/voice/session/start', { caller: { number: `+1415555${1000 + ahead}` } });
    const got = await ask(`/v1/voice/session/${session.id}/input`, { text: 'please book me a repair' });
    const call = await ask(`/v1/calls/${session.call_id}`);
    return { said: got.text, result: results.at(-1), call, id: session.call_id };
  };
  const list = () => cli('calendar', 'list', '--business', 'shop', '--from', day(-1), '--days', '60', '--all');
  const events = () => g.standing(CAL).filter((e) => e.extendedProperties);

  before(async () => {
    g = await google();
    g.calendars[CAL] = new Map();
    model = await startChat({ key: KEY });
    results = [];
    model.choose = (words, body) => {
      const last = body.messages.at(-1);
      if (last.role !== 'tool') {
        const d = new Date(at(ahead, '12:00'));
        return { tool: 'check_appointment_availability', args: { service: 'repair', with: 'Raj', date_ref: 'date', month: d.getUTCMonth() + 1, day: d.getUTCDate() } };
      }
      const result = JSON.parse(last.content);
      results.push(result);
      const slot = JSON.stringify(result).match(/"slot_id":"([^"]+)"/)?.[1];
      return slot ? { tool: 'book_appointment', args: { slot_id: slot, name: 'Dana Reed' } } : { say: result.say ?? `error: ${result.error}` };
    };
    stack = await startStack({ env: { ...g.env, GOOGLE_SERVICE_ACCOUNT: g.serviceKey(), CALENDAR_SYNC_S: '1', CALENDAR_WAIT_MS: '8000', TEXT_APPOINTMENTS: 'false',
      CHAT_URL: model.url, CHAT_MODEL: 'fake-1', CHAT_API_KEY: KEY, CHAT_REST_S: '0' } });
    const file = path.join(stack.data, 'shop.json');
    fs.writeFileSync(file, JSON.stringify(shop));
    await cli('business', 'add', file);
    token = /^token (\S{43}) /m.exec(await cli('token', 'new', 'widget', '--scope', 'read write personal', '--business', 'shop'))[1];
    await cli('calendar', 'google', 'connect', '--calendar', CAL, '--business', 'shop');
    await until('it is read', async () => /read at/.test(await cli('calendar', 'google', 'status', '--business', 'shop')));
    ahead = 3;
  });
  after(async () => { await stack?.stop(); stack?.remove(); await model?.close(); await g?.close(); });
  beforeEach(() => { ahead++; g.plans.length = 0; g.always = null; });

  test('it is firm: "It is booked", and Google has it', async () => {
    const got = await book();
    assert.match(got.said, /It is booked/);
    assert.equal(got.result.confirmed, true);
    assert.equal(events().length, 1);
    assert.equal(got.call.outcome, 'booked');
  });

  test('the owner types something in at that minute: "that time has just gone", and it is no booking', async () => {
    g.next({ on: 'freeBusy', before: () => g.owner.add(at(ahead, '08:00'), at(ahead, '18:00'), {}, CAL) });
    const got = await book();
    assert.match(got.said, /that time has just gone/);
    assert.equal(got.result.ok, false);
    assert.notEqual(got.call.outcome, 'booked');
    assert.ok(!got.call.events.some((e) => /^Booked/.test(e.detail ?? '')));
    assert.equal(events().length, 1);
  });

  test('Google answers with errors for longer than a caller waits: "will confirm"; then it is confirmed', async () => {
    g.always = (r) => (r.kind === 'freeBusy' ? { status: 503 } : {});
    const got = await book();
    assert.match(got.said, /I have asked for repair.* will confirm it/);
    assert.doesNotMatch(got.said, /booked/);
    assert.equal(got.result.confirmed, false);
    await until('it is on the timeline', async () => (await ask(`/v1/calls/${got.id}`)).events.some((e) => /^To be confirmed: repair/.test(e.detail ?? '')), 30000);
    assert.match(await list(), / held /);
    g.always = null;
    await until('it is confirmed', async () => (await ask(`/v1/calls/${got.id}`)).events.some((e) => /^Confirmed: repair/.test(e.detail ?? '')), 120000);
    assert.doesNotMatch(await list(), / held /);
    assert.equal(events().length, 2);
  });

  test('the access is taken back: "will confirm" at once, and the owner is told', async () => {
    g.revokeAll();
    g.always = (r) => (r.kind === 'token' ? { status: 400, reason: 'invalid_grant' } : {});
    await until('it is known', async () => /connected again/.test(await cli('calendar', 'google', 'status', '--business', 'shop')));
    const got = await book();
    assert.match(got.said, /will confirm it/);
    assert.equal(got.result.confirmed, false);
    assert.match(await cli('outbox', 'list', '--business', 'shop'), /google_sync {2}failed/);
    assert.match(await list(), / held /);
  });
});
