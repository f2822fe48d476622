// Who signs in: invitations, roles, the second step, and one's own page, in a real browser.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { stack } from './lib/stack.mjs';

let s;
let browser;
let state;
const pages = { users: '/settings/users', you: '/settings/you', audit: '/settings/audit' };

before(async () => {
  s = await stack();
  browser = await launch();
  const page = await open(browser, s.base);
  await signIn(page, s);
  state = await page.context().storageState();
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

// RFC 6238, as an app does it
function code(key, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key.replace(/ /g, '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac('sha1', bytes).update(step).digest();
  const n = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(n % 1000000).padStart(6, '0');
}

async function look(page, what, width) {
  await shot(page, what);
  await shot(page, `${what}-full`, true);
  await axe(page, what);
  assert.ok(await overflow(page) <= 0, `${what} is wider than the screen`);
  assert.equal(await page.locator('h1').count(), 1);
  assert.deepEqual(await smallTargets(page, width < 500), [], what);
}

describe('people who sign in', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}`, async () => {
        const page = await open(browser, s.base, { storageState: state, width, scheme });
        for (const [name, uri] of Object.entries(pages)) {
          await page.goto(uri);
          await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
          await look(page, `${name}-${width}-${scheme}`, width);
          assert.ok(await focusProbe(page, name) >= 2);
          assert.deepEqual(page.faults, [], name);
        }
        await page.context().close();
      });
    }
  }

  test('at 320 px, and with large letters', async () => {
    for (const width of [320, 390]) {
      const page = await open(browser, s.base, { storageState: state, width });
      for (const [name, uri] of Object.entries(pages)) {
        await page.goto(uri);
        await page.evaluate((w) => {
          if (w === 390) document.documentElement.style.fontSize = '200%';
          for (const d of document.querySelectorAll('details')) d.open = true;
        }, width);
        assert.ok(await overflow(page) <= 0, `${name} at ${width}`);
      }
      await page.context().close();
    }
  });

  test('invited, signed in, with a second step, and removed: without JavaScript', async () => {
    const owner = await open(browser, s.base, { storageState: state, width: 390, javaScriptEnabled: false });
    await owner.goto('/settings/users');
    await owner.getByLabel('For whom').fill('Kim');
    await owner.getByRole('button', { name: 'Make a link' }).click();
    const link = await owner.locator('.secret code').innerText();
    await shot(owner, 'invited-390-light');
    assert.match(link, /\/join\/[A-Za-z0-9_-]{43}$/);

    const kim = await open(browser, s.base, { width: 390 });
    await kim.goto(link);
    await look(kim, 'join-390-light', 390);
    await kim.getByLabel('Name').fill('kim');
    await kim.getByLabel('Password').fill('short');
    await kim.getByRole('button', { name: 'Sign in' }).click();
    await kim.getByRole('alert').waitFor();
    await look(kim, 'join-wrong-390-light', 390);
    await kim.getByLabel('Password').fill('three good words');
    await kim.getByRole('button', { name: 'Sign in' }).click();
    await kim.waitForURL((u) => u.pathname === '/');
    assert.equal(await kim.getByRole('link', { name: 'Settings', exact: true }).count(), 0);
    assert.equal((await kim.goto('/settings/users')).status(), 403);
    await look(kim, 'not-for-you-390-light', 390);
    assert.equal((await kim.goto(link)).status(), 404);

    await kim.goto('/settings/you');
    await kim.getByLabel('Your password').fill('three good words');
    await kim.getByRole('button', { name: 'Set it up' }).click();
    const key = await kim.locator('.secret code').innerText();
    await look(kim, 'second-step-390-light', 390);
    await kim.getByLabel('Code').fill(code(key));
    await kim.getByRole('button', { name: 'Turn it on' }).click();
    const recovery = await kim.locator('.codes code').allInnerTexts();
    assert.equal(recovery.length, 10);
    await look(kim, 'recovery-390-light', 390);
    await kim.getByRole('button', { name: 'Sign out', exact: true }).last().click();

    await kim.goto('/login');
    await kim.getByLabel('Name').fill('kim');
    await kim.getByLabel('Password').fill('three good words');
    await kim.getByRole('button', { name: 'Sign in' }).click();
    await kim.waitForURL(/\/login\/code/);
    await look(kim, 'code-390-light', 390);
    await kim.getByLabel(/6 digits/).fill('000000');
    await kim.getByRole('button', { name: 'Go on' }).click();
    await kim.getByRole('alert').waitFor();
    await look(kim, 'code-wrong-390-light', 390);
    await kim.getByLabel(/6 digits/).fill(recovery[3].toLowerCase());
    await kim.getByRole('button', { name: 'Go on' }).click();
    await kim.waitForURL((u) => u.pathname === '/');

    await owner.goto('/settings/users');
    const card = owner.locator('li.who', { hasText: 'kim' });
    await card.locator('summary').click();
    await card.getByRole('button', { name: 'Remove kim' }).click();
    assert.match(await owner.getByRole('status').innerText(), /Removed: kim/);
    await kim.goto('/calls');
    assert.match(kim.url(), /\/login/);
    await owner.context().close();
    await kim.context().close();
  });
});
