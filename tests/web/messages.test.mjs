// Messages, leads and tickets in a real browser: at a phone's and a desk's width, in light and dark, and
// without JavaScript. Pictures go to build/shots.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { stack } from './lib/stack.mjs';

process.env.TWILIO_ACCOUNT_SID ??= 'AC0123456789abcdef0123456789abcdef'; // else there is nothing to write with
let s;
let browser;
let state;
const pages = { messages: '/messages', leads: '/leads', won: '/leads?show=won', none: '/leads?show=lost', lead: '/leads/lead_seed',
  tickets: '/tickets', ticket: '/tickets/tick_seed' };

before(async () => {
  s = await stack();
  browser = await launch();
  const page = await open(browser, s.base);
  await signIn(page, s);
  state = await page.context().storageState();
  await page.goto('/messages');
  for (const [name, who] of [['thread', 'Nora Quist'], ['landline', 'Ed Landline'], ['script', '<script>alert(1)</script>']]) {
    pages[name] = await page.locator('a.row', { hasText: who }).first().getAttribute('href');
  }
  await page.context().close();
});
after(async () => {
  await browser?.close();
  await s?.stop();
});

const signedIn = (more) => open(browser, s.base, { storageState: state, ...more });

describe('messages, leads, tickets', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, requests, width`, async () => {
        const page = await signedIn({ width, scheme });
        for (const [name, uri] of Object.entries(pages)) {
          const what = `${name} ${width} ${scheme}`;
          await page.goto(uri);
          await page.evaluate(() => Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => {}); })));
          await shot(page, `m-${name}-${width}-${scheme}`, true);
          await axe(page, what);
          assert.ok(await overflow(page) <= 0, `${what} is wider than the screen`);
          assert.equal(await page.locator('h1').count(), 1);
          assert.deepEqual(await smallTargets(page, width < 500), [], what);
          assert.deepEqual(page.faults, [], what);
        }
        await page.context().close();
      });
    }
  }

  test('no sideways scrolling at 320 px; the keyboard reaches everything', async () => {
    const page = await signedIn({ width: 320, height: 700 });
    for (const [name, uri] of Object.entries(pages)) {
      await page.goto(uri);
      const wide = await overflow(page);
      assert.ok(wide <= 0, `${name}: ${wide} px too wide`);
      assert.ok(await focusProbe(page, name) >= 2);
    }
    await page.context().close();
  });

  test('without JavaScript: who answers is changed, a lead is won and that undone, a ticket done', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto(pages.thread);
    await page.getByRole('button', { name: 'I answer' }).click();
    await page.getByText('They come to your phone').first().waitFor();
    await page.getByRole('button', { name: 'Let Frontdesk answer' }).click();
    assert.match(await page.getByRole('status').innerText(), /Frontdesk answers texts from Nora Quist/);
    await page.goto(pages.lead);
    await page.getByRole('button', { name: 'Won' }).click();
    assert.match(await page.getByRole('status').innerText(), /Won: Lead, Nora Quist/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Won' }).waitFor();
    await page.goto(pages.ticket);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Open again' }).waitFor();
    await page.goto(pages.landline);
    assert.match(await page.locator('main').innerText(), /Not delivered: The number is a landline/);
    assert.equal(await page.locator('textarea').count(), 0);
    await page.context().close();
  });

  test('a picture opens, harmless', async () => {
    const page = await signedIn({});
    await page.goto(pages.thread);
    const href = await page.locator('.pictures a').first().getAttribute('href');
    const got = await page.request.get(href);
    assert.equal(got.headers()['content-type'], 'image/jpeg');
    assert.equal(got.headers()['content-security-policy'], "default-src 'none'; sandbox");
    await page.context().close();
  });
});
