// The owner's own calls and questions: a PIN by command, a practice call through the whole stack,
// and the same questions by the REST API.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { OWNER, caller, closedPort, run, sid, startDesk } from './lib/desk.mjs';
import { ask } from './stack.mjs';

let desk, pin;
const env = { ANSWER_MODE: 'gather' };
before(async () => { desk = await startDesk({ env: { ...env, REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } }); });
after(() => desk?.end());

const names = (row) => row.events.map((e) => e.name);
const steps = (...said) => said.flatMap((s) => (/^\d+#?$/.test(s) ? ['--digits', s] : ['--say', s]));
const call = (...said) => desk.dial('--text', ...steps(...said), { from: OWNER }).over();

describe('frontdesk business pin', () => {
  test('makes one, shows it once, and keeps only its hash', async () => {
    const got = await desk.cli('business', 'pin', 'plumbing');
    assert.equal(got.code, 0, got.err);
    [, pin] = /^PIN of plumbing: (\d{6}) {3}\(shown only now\)$/m.exec(got.out);
    const shown = (await desk.cli('business', 'show', 'plumbing')).out;
    assert.match(shown, /voice PIN +\(set\)/);
    assert.ok(!shown.includes(pin));
    const rows = execFileSync('sqlite3', [path.join(desk.data, 'frontdesk.db'), 'SELECT quote(people) FROM tenant'], { encoding: 'utf8' });
    assert.ok(!rows.includes(pin) && !/argon2id/.test(rows)); // sealed besides
  });

  for (const [what, args, input, said] of [
    ['letters', ['--pin-stdin'], 'four\n', /4 to 8 digits/],
    ['too few digits', ['--pin-stdin'], '123\n', /4 to 8 digits/],
    ['nothing', ['--pin-stdin'], '', /no PIN came/],
    ['both at a time', ['--pin-stdin', '--remove'], '1234\n', /at most/],
  ])
    test(`refuses ${what}`, async () => {
      const got = await run(['business', 'pin', 'plumbing', ...args], { env: { FRONTDESK_DATA: desk.data }, input });
      assert.equal(got.code, 2);
      assert.match(got.err, said);
    });
});

describe('the owner calls', () => {
  test('and asks, after the PIN; every answer is a sentence', async () => {
    const from = caller();
    await desk.hook('/voice/incoming', { CallSid: sid(), From: from });
    const got = await call(`${pin}#`, 'Who called today?', 'Any emergencies today?', 'any callbacks',
      "What's on my schedule tomorrow?", 'read me my first appointment Monday', 'no thanks, goodbye');
    const heard = got.heard();
    assert.match(heard, /say or key in your PIN/);
    assert.match(heard, /One call today: a caller from 4 1 5, 5 5 5, \d \d \d \d at [\d:]+ [ap]m\. Anything else\?/);
    assert.match(heard, /No emergencies today\. Anything else\?/);
    assert.match(heard, /No open callbacks\. Anything else\?/);
    assert.match(heard, /No appointments tomorrow\./);
    assert.match(heard, /No appointments (on Monday|today|tomorrow)\. Anything else\?.*Goodbye/s);
    assert.match(heard, /Goodbye\.$/);
    assert.deepEqual([got.row.caller_kind, got.row.outcome], ['owner', 'answered']);
    for (const name of ['owner_pin_asked', 'owner_pin_right', 'owner_query']) assert.ok(names(got.row).includes(name), name);
    assert.ok(!JSON.stringify(got.row.turns).includes(pin));
    assert.ok(!desk.stack.err.includes(pin), 'the PIN is in the log');
  });

  test('with another phone than the owner\'s: nobody is asked for a PIN', async () => {
    const got = await desk.dial('--text', '--say', 'who called today', '--say', 'goodbye').over();
    assert.doesNotMatch(got.heard(), /PIN|calls? today/);
  });

  test('with three wrong PINs: treated as anybody, and not asked again', async () => {
    const wrong = pin === '111111' ? '222222' : '111111';
    const got = await call(wrong, wrong, wrong, 'goodbye');
    assert.equal(got.heard().match(/That is not right/g).length, 2);
    assert.match(got.heard(), /I could not confirm that\. I will treat this as an ordinary call\. \| .*Harwick Plumbing/s);
    assert.ok(names(got.row).includes('owner_pin_refused'));
    const again = await call('goodbye');
    assert.doesNotMatch(again.heard(), /PIN/);
    assert.ok(names(again.row).includes('owner_pin_paused'));
    // a new PIN begins anew
    const set = await run(['business', 'pin', 'plumbing', '--pin-stdin'], { env: { FRONTDESK_DATA: desk.data }, input: '90210\n' });
    assert.equal(set.code, 0, set.err);
    assert.match((await call('nine oh two one oh', 'bye')).heard(), /What would you like to know\?/);
  });

  test('without a PIN: treated as anybody', async () => {
    assert.equal((await desk.cli('business', 'pin', 'plumbing', '--remove')).code, 0);
    const got = await call('goodbye');
    assert.doesNotMatch(got.heard(), /PIN/);
  });
});

test('POST /v1/voice/owner/query answers the same by token', async () => {
  const secret = /^token (\S+)/m.exec((await desk.cli('token', 'new', 'widget')).out)[1];
  const query = async (body, token = secret) => {
    const res = await ask(`${desk.url}/v1/voice/owner/query`, { method: 'POST', body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } });
    return { status: res.status, json: JSON.parse(res.text()) };
  };
  const got = await query({ text: 'who called today?', business: 'plumbing' });
  assert.equal(got.status, 200, JSON.stringify(got.json));
  assert.equal(got.json.kind, 'calls');
  assert.match(got.json.say, /^\w+ calls( from \w+ people)? today: /);
  assert.equal(got.json.data.items.length, new Set(got.json.data.items.map((i) => i.number)).size);
  assert.equal((await query({ text: 'any calls', business: 'dental' })).status, 403);
  assert.equal((await query({})).status, 422);
  assert.equal((await query({ text: 'any calls' }, 'x')).status, 401);
  const { paths } = (await desk.api('/v1/openapi.json')).json;
  const { requestBody } = paths['/v1/voice/owner/query'].post;
  assert.deepEqual(requestBody.content['application/json'].schema.required, ['text']);
});
