// The settings pages in a real browser: every form sent back as it is shown changes nothing and is
// never refused; with and without JavaScript, at two widths, light and dark.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { stack } from './lib/stack.mjs';

let s;
let browser;
let state;
const forms = ['hours', 'people', 'answering', 'services', 'urgent', 'callers', 'notices'];
const pages = ['/settings', ...forms.map((f) => `/settings/${f}`), '/settings/versions', '/settings/scripts',
  '/settings/scripts/trades_intake', '/settings/texts', '/settings/texts/missed_call', '/settings/prices',
  '/settings/tokens', '/settings/webhooks', '/settings/connections', '/settings/limits', '/settings/rules',
  '/settings/hearing', '/settings/telegram'];
const some = ['/settings', '/settings/limits', '/settings/telegram', '/settings/hours', '/settings/people', '/settings/scripts/trades_intake', '/settings/prices',
  '/settings/webhooks'];

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
const refusals = (page) => page.faults.filter((f) => !/status of 422/.test(f));
const name = (uri) => `settings${uri.slice(9).replace(/[^a-z_]+/g, '-')}`;

describe('every settings page', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, width`, async () => {
        const page = await signedIn({ width, scheme });
        for (const uri of width === 390 && scheme === 'light' ? pages : some) {
          const what = `${uri} ${width} ${scheme}`;
          await page.goto(uri);
          await shot(page, `${name(uri)}-${width}-${scheme}`, true);
          await axe(page, what);
          if (await page.locator('details').count()) {
            await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
            await axe(page, `${what}, open`);
          }
          assert.ok(await overflow(page) <= 0, `${what} is wider than the screen`);
          assert.equal(await page.locator('h1').count(), 1);
          const small = (await smallTargets(page, width < 500)).filter((t) => !/^INPUT\. "" 24x24/.test(t));
          assert.deepEqual(small, [], what);
          assert.deepEqual(page.faults, [], what);
        }
        await page.context().close();
      });
    }
  }

  test('no sideways scrolling at 320 px, nor at 390 px with text twice as large', async () => {
    for (const width of [320, 390]) {
      const page = await signedIn({ width, height: 700 });
      for (const uri of pages) {
        await page.goto(uri);
        if (width === 390) await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        assert.ok(await overflow(page) <= 0, `${uri} at ${width}`);
      }
      await page.context().close();
    }
  });

  test('the keyboard reaches everything, with a ring and nothing on top', async () => {
    const page = await signedIn({ width: 390 });
    for (const uri of ['/settings/hours', '/settings/urgent', '/settings/versions']) {
      await page.goto(uri);
      assert.ok(await focusProbe(page, uri) >= 5);
    }
    await page.context().close();
  });
});

describe('without JavaScript', () => {
  test('a form sent back as it is shown is taken, and changes nothing', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    for (const f of forms) {
      await page.goto(`/settings/${f}`);
      const seen = await page.locator('input[name=seen]').getAttribute('value');
      await page.locator('.save button').click();
      await says(page, / saved as version \d+\. The next call uses it\./);
      assert.equal(await page.locator('input[name=seen]').getAttribute('value'), seen, f);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('limits: what is spent, a wrong one refused beside the field, then saved', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/settings/limits');
    await page.getByText(/^This month: /).waitFor();
    await page.getByLabel('All calls of a month, in dollars').fill('lots');
    await page.getByLabel('All calls of an hour, in dollars').fill('2.50');
    await page.locator('.save button').click();
    assert.match(await page.getByRole('alert').innerText(), /Give whole dollars, like 25/);
    assert.equal(await page.getByLabel('All calls of an hour, in dollars').inputValue(), '2.50');
    await shot(page, 'settings-limits-wrong', true);
    await page.getByLabel('All calls of a month, in dollars').fill('40');
    await page.getByLabel('What happens at a limit').selectOption('ring');
    await page.locator('.save button').click();
    await says(page, /Saved\. The next call uses it\./);
    await page.getByText(/of \$40\.00, about/).waitFor();
    await shot(page, 'settings-limits-saved', true);
    for (const label of ['All calls of a month, in dollars', 'All calls of an hour, in dollars']) await page.getByLabel(label).fill('');
    await page.getByLabel('What happens at a limit').selectOption('voicemail');
    await page.locator('.save button').click();
    await page.getByText('No limit is set.').waitFor();
    assert.deepEqual(refusals(page), []);
    await page.context().close();
  });

  test('hours: refused beside the field with what was typed, then saved, told, undone', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/settings/hours');
    await page.getByLabel('Open day and night').uncheck();
    await page.getByLabel('Monday').fill('8 to 12, 1 to 5');
    await page.getByLabel('Tuesday').fill('mornings');
    await page.locator('.save button').click();
    assert.match(await page.getByRole('alert').innerText(), /Nothing was saved yet/);
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel('Tuesday').inputValue(), 'mornings');
    assert.equal(await page.getByLabel('Tuesday').getAttribute('aria-invalid'), 'true');
    await shot(page, 'settings-hours-wrong', true);
    await page.getByLabel('Tuesday').fill('');
    await page.locator('.save button').click();
    await says(page, /Opening hours saved/);
    assert.equal(await page.getByLabel('Monday').inputValue(), '8:00 am to 12:00 pm, 1:00 pm to 5:00 pm');
    await page.getByLabel('And on').fill('2026-12-01');
    await page.getByRole('button', { name: 'Tell me' }).click();
    assert.match(await page.locator('.set').first().innerText(), /Tuesday 1 December, 12:00 pm: Closed until Monday 7 December, 8:00 am\./);
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByRole('button', { name: /^Go back to version/ }).first().click();
    await says(page, /is back as version/);
    assert.deepEqual(refusals(page), []);
    await page.context().close();
  });

  test('a closing is noted and taken away', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/settings/hours');
    await page.getByLabel('First day').fill('2099-01-01');
    await page.getByLabel('Note').fill('closed for good');
    await page.getByRole('button', { name: 'Add it' }).click();
    await says(page, /It ends by itself/);
    await shot(page, 'settings-hours-dated', true);
    await page.getByRole('button', { name: /^Take away Thu 1 Jan, closed/ }).click();
    await says(page, /Taken away/);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a script: refused with its line, shown before it is saved, saved, compared, taken back', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/settings/scripts/vendor_call');
    const text = page.getByLabel('What Frontdesk is told in such a call');
    await text.fill('# A supplier\nBe brief.\n<?cs if:Owner ?>no end');
    await page.getByRole('button', { name: 'Save this script' }).click();
    assert.match(await page.getByRole('alert').innerText(), /line 3: something that begins there is never ended/);
    await shot(page, 'settings-script-wrong', true);
    await text.fill('# A supplier\nBe brief with <?cs var:CallerName ?>.');
    await page.getByRole('button', { name: 'Show it, do not save' }).click();
    assert.match(await page.locator('.prompt').innerText(), /Be brief with Dana Whitfield\./);
    await page.getByRole('button', { name: 'Save this script' }).click();
    await says(page, /Script saved as version 1/);
    await text.fill('# A supplier\nBe very brief.');
    await page.getByRole('button', { name: 'Save this script' }).click();
    await says(page, /version 2/);
    await page.getByRole('link', { name: 'See the difference to version 1' }).click();
    await shot(page, 'settings-script-difference', true);
    assert.equal(await page.locator('.minus').count(), 1);
    await page.getByRole('button', { name: 'Go back to this' }).click();
    await says(page, /The older version is back as version 3/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, /The older version is back as version 4/);
    assert.deepEqual(refusals(page), []);
    await page.context().close();
  });

  test('a token is shown once, a text in other words, a price, a connection tested', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/settings/tokens');
    await page.getByLabel('For which program').fill('website');
    await page.getByRole('button', { name: 'Make it' }).click();
    assert.match(await page.locator('.secret').innerText(), /^[\w-]{43}$/);
    await shot(page, 'settings-tokens-made', true);
    await page.goto('/settings/tokens');
    assert.equal(await page.locator('.secret').count(), 0);
    await page.getByRole('button', { name: 'Take back website' }).click();
    await says(page, /It opens nothing any more/);
    await page.goto('/settings/texts/missed_call');
    await page.getByLabel('Your words').fill('Sorry, {owner} missed you.');
    await page.getByRole('button', { name: 'Show it, do not save' }).click();
    assert.match(await page.locator('blockquote').innerText(), /Sorry, Sal missed you\./);
    await page.getByRole('button', { name: 'Save this text' }).click();
    await says(page, /Text saved as version/);
    await shot(page, 'settings-text-saved', true);
    await page.goto('/settings/prices');
    await page.getByLabel('What', { exact: true }).fill('my-own');
    await page.getByLabel('Price in dollars').fill('0.40');
    await page.getByRole('button', { name: 'Save this price' }).click();
    await says(page, /reckoned with it/);
    await page.getByRole('button', { name: /^Remove the price of my-own/ }).click();
    await says(page, /Taken away/);
    await page.goto('/settings/connections');
    await page.getByRole('button', { name: 'Test Twilio' }).click();
    await says(page, /It is being tested/);
    await shot(page, 'settings-connections-asked', true);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});
