// Today, Needs attention, Health check and the calendar in a real browser, and the bar of a phone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { stack } from './lib/stack.mjs';

let s;
let browser;
let state;
const pages = { today: '/', more: '/more', attention: '/attention', health: '/health',
  day: '/calendar', week: '/calendar?view=week', visit: '/calendar/visits/app_1',
  add: '/calendar/add' };

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

const signedIn = (more) => open(browser, s.base, { storageState: state, ...more });
const says = (page, words) => page.getByRole('status').filter({ hasText: words }).waitFor();

describe('each page', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, width, thumbs, keyboard`, async () => {
        const page = await signedIn({ width, scheme });
        for (const [name, uri] of Object.entries(pages)) {
          const what = `${name} ${width} ${scheme}`;
          await page.goto(uri);
          await shot(page, `${name}-${width}-${scheme}-full`, true);
          await axe(page, what);
          assert.ok(await overflow(page) <= 0, `${what} is wider than the screen`);
          assert.equal(await page.locator('h1').count(), 1);
          assert.deepEqual(await smallTargets(page, width < 500), [], what);
          if (scheme === 'light') assert.ok(await focusProbe(page, what) >= 2);
          assert.deepEqual(page.faults, [], what);
        }
        await page.context().close();
      });
    }
  }

  test('no sideways scrolling at 320 px, nor at 390 px with text twice as large', async () => {
    for (const width of [320, 390]) {
      const page = await signedIn({ width, height: 700 });
      for (const [name, uri] of Object.entries(pages)) {
        await page.goto(uri);
        if (width === 390) await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        await shot(page, `${name}-${width}-${width === 390 ? 'large' : 'narrow'}`);
        const wide = await overflow(page);
        assert.ok(wide <= 0, `${name} at ${width}: ${wide} px too wide`);
      }
      await page.context().close();
    }
  });
});

describe('the menu', () => {
  test('a phone has a bar at the bottom, and the rest under More', async () => {
    const page = await signedIn({ width: 390, javaScriptEnabled: false });
    await page.goto('/');
    const nav = page.getByRole('navigation', { name: 'Pages' });
    const bar = await nav.boundingBox();
    assert.ok(bar.y > 700 && bar.y + bar.height <= 844.5, `the bar is at ${bar.y}`);
    assert.equal(await nav.getByRole('link', { name: 'Put through' }).count(), 0);
    await nav.getByRole('link', { name: /^More/ }).click();
    await page.getByRole('main').getByRole('link', { name: 'Put through' }).click();
    await page.waitForURL(/\/exceptions$/);
    await page.context().close();
  });

  test('a desk has them all in the rail, and no More', async () => {
    const page = await signedIn({ width: 1280 });
    await page.goto('/');
    const nav = page.getByRole('navigation', { name: 'Pages' });
    assert.equal(await nav.getByRole('link', { name: 'Put through' }).isVisible(), true);
    assert.equal(await nav.getByRole('link', { name: /^More/ }).count(), 0);
    await page.context().close();
  });
});

describe('today, without JavaScript', () => {
  test('marked done there, said so, and undone', async (t) => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/');
    const buttons = page.getByRole('button', { name: /^Mark done: / });
    if (!await buttons.count()) return t.skip('nothing to do in this stack');
    const name = await buttons.first().getAttribute('aria-label');
    await buttons.first().click();
    await says(page, /Marked done: /);
    assert.equal(new URL(page.url()).pathname, '/');
    assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, /Not done after all: /);
    assert.equal(new URL(page.url()).pathname, '/');
    assert.equal(await page.getByRole('button', { name, exact: true }).count(), 1);
    await page.context().close();
  });

  test('the first of the list is in reach on a phone', async (t) => {
    if (!s.seeded) return t.skip('needs the filled data folder');
    const page = await signedIn({ width: 390 });
    await page.goto('/');
    const first = await page.locator('.first .item h3').first().boundingBox();
    assert.ok(first.y + first.height < 780, `the first card's heading ends at ${first.y + first.height}`);
    await page.context().close();
  });
});

describe('appointments, without JavaScript', () => {
  test('moved to a free time, and cancelled', async (t) => {
    if (!s.seeded) return t.skip('needs the filled data folder');
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/calendar/visits/app_2');
    await page.getByRole('radio').nth(2).check();
    await page.getByRole('button', { name: 'Move it to that time' }).click();
    await says(page, /^Moved: /);
    await page.getByText('Cancel it').click();
    await page.getByRole('button', { name: /^Cancel the visit of / }).click();
    await says(page, /^Cancelled: /);
    assert.equal(await page.getByRole('radio').count(), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});

describe('needs attention, without JavaScript', () => {
  test('left, and undone', async (t) => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/attention');
    const leave = page.getByRole('button', { name: /^Leave it: / });
    const n = await leave.count();
    if (!n) return t.skip('nothing was given up in this stack');
    await leave.first().click();
    await says(page, /Left as it is/);
    assert.equal(await leave.count(), n - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, /On the list again/);
    assert.equal(await leave.count(), n);
    await page.context().close();
  });
});
