// From practice to a real number, as the README says it: a first start, then settings in .env, then a
// business of one's own. What callers of the new number meet is heard by `frontdesk call`.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { freePort, remove, root, run, scratch, startStack } from './stack.mjs';

const NUMBER = '+14155550100', PHONE = '+14155550101';
const EXAMPLE = '+18605550100', SAL = '+18605550101';

describe('a number of one\'s own, after the first start', () => {
  const home = scratch();
  const env = { FRONTDESK_DATA: path.join(home, 'data'), FRONTDESK_PORT: '0' };
  const cli = (...args) => run(args, { env, cwd: home });
  const start = () => startStack({ folder: env.FRONTDESK_DATA, cwd: home });
  const dotEnv = (lines) => fs.writeFileSync(path.join(home, '.env'), `${lines.join('\n')}\n`);
  let settings, stack;

  // Asks for the owner; what Twilio's side saw, as one text.
  const askForOwner = async (...more) => {
    const got = await cli('call', '--text', '--from', '+14155550177', '--say', 'speak to someone', '--dial-result', 'answered', '--dial-talk', '1', ...more);
    return { ...got, ring: /callee +(\+\d+) rings/.exec(got.out)?.[1] };
  };
  // The example's file with other numbers, and what else is changed in its text.
  const file = (name, changes) => {
    let text = fs.readFileSync(path.join(root, 'businesses/plumbing.json'), 'utf8');
    for (const [was, is] of changes) text = text.replaceAll(was, is);
    const to = path.join(home, name);
    fs.writeFileSync(to, text);
    return to;
  };

  before(async () => {
    const model = `REALTIME_URL=ws://127.0.0.1:${await freePort()}/`; // nobody: calls go by words
    settings = ['PUBLIC_BASE_URL=https://desk.example.com', 'TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef',
      `TWILIO_PHONE_NUMBER=${NUMBER}`, `OWNER_CELL_NUMBER=${PHONE}`, model];
    await (await start()).stop();
    dotEnv(settings);
    stack = await start();
  });
  after(async () => {
    await stack.stop();
    remove(home);
  });

  test('the second start says what it gave to the business, and no secret', () => {
    assert.match(stack.out, /^Harwick Plumbing now answers \+14155550100, which is TWILIO_PHONE_NUMBER$/m);
    assert.match(stack.out, /^Harwick Plumbing now puts callers through to \+1415…01, which is OWNER_CELL_NUMBER$/m);
    assert.doesNotMatch(stack.out, /Password|0123456789abcdef/);
  });

  test('the new number is answered, and its callers are put through to the new phone', async () => {
    const got = await askForOwner(); // --to, --url and the token are taken from .env, too
    assert.equal(got.code, 0, got.out + got.err);
    assert.match(got.out, new RegExp(`calls \\${NUMBER}`));
    assert.doesNotMatch(got.out, /not in service/);
    assert.equal(got.ring, PHONE, got.out);
  });

  test('the number it had is still answered', async () => {
    const got = await askForOwner('--to', EXAMPLE);
    assert.equal(got.ring, PHONE, got.out);
  });

  test('a third start has nothing to say; another setting replaces what the setting wrote', async () => {
    await stack.stop();
    stack = await start();
    assert.match(stack.out, /^Ready: \S+ +\(Ctrl-C stops everything\)\n$/);
    await stack.stop();
    dotEnv(settings.map((s) => s.replace(PHONE, '+14155550102')));
    stack = await start();
    assert.equal((await askForOwner()).ring, '+14155550102');
  });

  // README, "A real number", step 3
  test('business update: the example becomes one\'s own', async (t) => {
    if (!/business update/.test((await cli('business')).err)) return t.skip('this version has no business update');
    const mine = file('my-business.json', [['Harwick Plumbing', 'Elm Street Plumbing'], [EXAMPLE, NUMBER], [SAL, '+12125550150']]);
    const got = await cli('business', 'update', mine);
    assert.equal(got.code, 0, got.err);
    const call = await askForOwner();
    assert.match(call.out, /Elm Street Plumbing/);
    assert.equal(call.ring, '+12125550150');
    // which the owner wrote: the setting does not replace it, and that is said
    await stack.stop();
    stack = await start();
    assert.match(stack.out, /Elm Street Plumbing puts callers through to \+1212…50 as its file says, not to OWNER_CELL_NUMBER/);
    assert.equal((await askForOwner()).ring, '+12125550150');
  });

  test('business add and user add --business: one beside the example', async () => {
    const other = file('other.json', [['"slug": "plumbing"', '"slug": "workshop"'], ['Harwick Plumbing', 'Elm Street Workshop'], [EXAMPLE, '+13035550100'], [SAL, '+13035550101']]);
    const added = await cli('business', 'add', other);
    assert.equal(added.code, 0, added.err);
    const user = await cli('user', 'add', 'maria', '--business', 'workshop');
    assert.equal(user.code, 0, user.err);
    assert.match(user.out, /password [a-z-]{24} /);
    const call = await askForOwner('--to', '+13035550100');
    assert.match(call.out, /Elm Street Workshop/);
    assert.equal(call.ring, '+13035550101');
  });

  test('with several businesses a number nobody has is said to be nobody\'s, and all starts', async () => {
    await stack.stop();
    dotEnv(settings.map((s) => s.replace(NUMBER, '+14155550188').replace(PHONE, '+14155550189')));
    stack = await start();
    assert.match(stack.out, /TWILIO_PHONE_NUMBER \+14155550188 belongs to no business, and there are several\. .*frontdesk business update FILE/);
    assert.match(stack.out, /OWNER_CELL_NUMBER \+1415…89 is no business's owner's phone/);
    const got = await askForOwner();
    assert.match(got.out, /not in service/);
  });
});

// Where systemd starts the programs, its setup unit does the same by `frontdesk settings apply`.
test('settings apply does what a start does', async () => {
  const data = scratch();
  const env = { FRONTDESK_DATA: data, TWILIO_PHONE_NUMBER: NUMBER, OWNER_CELL_NUMBER: PHONE };
  try {
    assert.equal((await run(['db', 'migrate'], { env })).code, 0);
    assert.deepEqual(await run(['settings', 'apply'], { env }), { code: 0, out: '', err: '' });
    // a business gets them at once; one that was added without them, when they are applied
    assert.equal((await run(['business', 'add', path.join(root, 'businesses/plumbing.json')], { env: { FRONTDESK_DATA: data } })).code, 0);
    const got = await run(['settings', 'apply'], { env });
    assert.equal(got.code, 0, got.err);
    assert.match(got.out, /now answers \+14155550100/);
    assert.match((await run(['business', 'list'], { env })).out, /\+14155550100/);
    const taken = await run(['business', 'update', path.join(root, 'businesses/plumbing.json')], { env });
    assert.match(taken.out, /now answers \+14155550100/, taken.err);
    assert.match((await run(['business', 'list'], { env })).out, /\+14155550100/);
    assert.equal((await run(['settings', 'apply', 'x'], { env })).code, 2);
  } finally {
    remove(data);
  }
});
