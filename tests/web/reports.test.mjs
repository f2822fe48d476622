// The page of reports in a real browser: both widths, light and dark, its charts, tables and files.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { stack } from './lib/stack.mjs';

let s;
let browser;
let state;
let month; // last and this month: where the calls are

before(async () => {
  s = await stack();
  browser = await launch();
  const page = await open(browser, s.base);
  await signIn(page, s);
  state = await page.context().storageState();
  await page.goto('/reports');
  const day = async (label, name) => new URL(await page.locator('.presets a', { hasText: label }).getAttribute('href'), s.base)
    .searchParams.get(name);
  month = `/reports?from=${await day('Last month', 'from')}&to=${await day('This month', 'to')}`;
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

const signedIn = (more) => open(browser, s.base, { storageState: state, ...more });

describe('reports', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, requests, width`, async () => {
        const page = await signedIn({ width, scheme });
        for (const [name, uri] of [['reports', month], ['reports-none', '/reports?from=2020-01-06&to=2020-01-12'],
          ['reports-wrong', '/reports?from=2020-01-06&to=2020-01-01']]) {
          const what = `${name} ${width} ${scheme}`;
          await page.goto(uri);
          await shot(page, `${name}-${width}-${scheme}`);
          if (name === 'reports') await shot(page, `${name}-${width}-${scheme}-full`, true);
          await axe(page, what);
          if (name === 'reports') {
            await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
            await axe(page, `${what}, tables open`);
          }
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
    const narrow = await signedIn({ width: 320, height: 700 });
    await narrow.goto(month);
    assert.ok(await overflow(narrow) <= 0);
    await narrow.context().close();
    for (const width of Object.keys(widths).map(Number)) {
      const page = await signedIn({ width });
      await page.goto(month);
      // a date has several stops of the browser's own, which the probe would take for a full circle
      await page.evaluate(() => { for (const e of document.querySelectorAll('input[type=date]')) e.type = 'text'; });
      assert.ok(await focusProbe(page, `reports ${width}`) >= 20);
      await page.context().close();
    }
  });

  test('a chart, its table and its file say the same', async (t) => {
    if (!s.seeded) return t.skip('needs the filled data folder');
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto(month);
    const headline = await page.locator('.headline').innerText();
    const calls = Number(/^(\d+) calls: (\d+) taken care of, (\d+) needed you, (\d+) lost\.$/.exec(headline)?.[1]);
    assert.ok(calls >= 50, headline);
    const cells = await page.locator('section[aria-labelledby=who] tbody tr').evaluateAll((rows) =>
      rows.map((r) => Number(r.cells[1].textContent)));
    assert.equal(cells.reduce((a, b) => a + b), calls);
    const link = page.locator('section[aria-labelledby=who] .file a');
    const reply = await page.request.get(await link.getAttribute('href'));
    const lines = (await reply.text()).trim().split('\r\n');
    assert.equal(lines.length, cells.length + 1);
    assert.deepEqual(lines.slice(1).map((l) => Number(l.split(',')[1])), cells);
    assert.match(reply.headers()['content-disposition'], /attachment; filename="frontdesk-days\.csv"/);
    const heat = await page.locator('section[aria-labelledby=when] svg text[class^="n"]').evaluateAll((all) =>
      all.map((e) => Number(e.textContent)).reduce((a, b) => a + b));
    assert.equal(heat, calls);
    await page.context().close();
  });

  test('days are chosen without JavaScript', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/reports');
    await page.getByLabel('From').fill('2026-01-05');
    await page.getByLabel('to', { exact: true }).fill('2026-01-06');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/from=2026-01-05&to=2026-01-06/);
    assert.equal(await page.getByLabel('From').inputValue(), '2026-01-05');
    await page.context().close();
  });

  test('the first visit is small', async () => {
    const page = await signedIn();
    const cdp = await page.context().newCDPSession(page);
    let bytes = 0;
    await cdp.send('Network.enable');
    cdp.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
    await page.goto(month);
    await page.waitForLoadState('networkidle');
    assert.ok(bytes > 2000 && bytes <= 50 * 1024, `${bytes} bytes`);
    await page.context().close();
  });
});
