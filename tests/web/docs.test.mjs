// The description of the REST API as a page, in a real browser.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { start } from './lib/stack.mjs';

let s;
let browser;
const pages = { docs: '/docs/api', 'docs-exceptions': '/docs/api/exceptions', 'docs-voice': '/docs/api/voice' };

before(async () => {
  s = await start({ programs: ['admin', 'api'] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await s?.stop();
});

describe('the REST API, to read', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}`, async () => {
        const page = await open(browser, s.base, { width, scheme });
        for (const [name, uri] of Object.entries(pages)) {
          await page.goto(uri);
          await shot(page, `${name}-${width}-${scheme}`);
          await axe(page, name);
          assert.ok(await overflow(page) <= 0, `${name} is wider than the screen`);
          assert.equal(await page.locator('h1').count(), 1);
          assert.deepEqual(await smallTargets(page, width < 500), [], name);
          assert.ok(await focusProbe(page, name) >= 1);
          assert.deepEqual(page.faults, [], name);
        }
        await page.context().close();
      });
    }
  }

  test('from the page of tokens, without JavaScript, and back', async () => {
    const page = await open(browser, s.base, { width: 390, javaScriptEnabled: false });
    await signIn(page, s);
    await page.goto('/settings/tokens');
    await page.getByRole('link', { name: 'What a program can ask for' }).click();
    await page.getByRole('heading', { level: 1, name: 'REST API' }).waitFor();
    await page.getByRole('link', { name: 'Exceptions', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Exceptions' }).waitFor();
    assert.match(await page.locator('pre').first().textContent(), /^curl '/);
    await page.getByRole('link', { name: 'REST API' }).click();
    await page.getByRole('heading', { level: 1, name: 'REST API' }).waitFor();
    await page.context().close();
  });
});
