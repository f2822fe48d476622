// People, the search and long work in a real browser: two widths, light and dark, with and without
// JavaScript. Pictures go to build/shots.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { stack } from './lib/stack.mjs';

let s;
let browser;
let state;
const pages = { people: '/people', nobody: '/people?q=zeppelin', vip: '/people?show=vip', search: '/search',
  found: '/search?q=garage', nothing: '/search?q=zeppelin', common: '/search?q=the', jobs: '/jobs', import: '/people/import' };

before(async () => {
  s = await stack();
  browser = await launch();
  const page = await open(browser, s.base);
  await signIn(page, s);
  state = await page.context().storageState();
  if (s.seeded) {
    await page.goto('/people?q=0134');
    const marcus = await page.locator('a.row').first().getAttribute('href');
    Object.assign(pages, { marcus, edit: `${marcus}/edit`, block: `${marcus}/block`, join: `${marcus}/join`, erase: `${marcus}/erase` });
    await page.goto('/people?q=0139');
    const tom = await page.locator('a.row').first().getAttribute('href');
    pages.joined = `${marcus}/join?with=${tom.split('/').pop()}`;
    await page.goto('/people?q=0164');
    pages.long = await page.locator('a.row').first().getAttribute('href');
    await page.goto('/people?q=0162');
    pages.rtl = await page.locator('a.row').first().getAttribute('href');
  }
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

const signedIn = (more) => open(browser, s.base, { storageState: state, ...more });

describe('every page of people', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, width, thumbs, keyboard`, async () => {
        const page = await signedIn({ width, scheme });
        for (const [name, uri] of Object.entries(pages)) {
          const what = `people-${name} ${width} ${scheme}`;
          await page.goto(uri);
          await shot(page, `people-${name}-${width}-${scheme}`, true);
          await axe(page, what);
          assert.ok(await overflow(page) <= 0, `${what} is wider than the screen`);
          assert.equal(await page.locator('h1').count(), 1);
          assert.deepEqual(await smallTargets(page, width < 500), [], what);
          assert.deepEqual(page.faults, [], what);
          if (scheme !== 'light') continue;
          if (name === 'edit') await page.setViewportSize({ width, height: 2600 }); // a tall field counts by its middle
          await focusProbe(page, what);
          await page.setViewportSize({ width, height: widths[width] });
        }
        await page.context().close();
      });
    }
  }

  test('no sideways scrolling at 320 px, nor with text twice as large', async () => {
    for (const width of [320, 390]) {
      const page = await signedIn({ width, height: 700 });
      for (const [name, uri] of Object.entries(pages)) {
        await page.goto(uri);
        if (width === 390) await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        assert.ok(await overflow(page) <= 0, `${name} at ${width}`);
      }
      await page.context().close();
    }
  });
});

describe('without JavaScript', () => {
  test('a person is changed, blocked and unblocked, and found by their new words', async (t) => {
    if (!s.seeded) return t.skip('needs the filled data folder');
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto(`${pages.marcus}/edit`);
    await page.getByLabel('E-mail').fill('nonsense');
    await page.getByLabel('Tags').fill('lighthouse keeper');
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel('Tags').inputValue(), 'lighthouse keeper');
    await page.getByLabel('E-mail').fill('marcus@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.getByRole('status').innerText(), /Saved\./);
    await page.getByRole('link', { name: 'Block…' }).click();
    await page.getByRole('button', { name: /^Block / }).click();
    assert.match(await page.getByRole('status').innerText(), /Blocked: Marcus Bell/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.goto('/search?q=lighthouse');
    assert.match(await page.locator('main').innerText(), /Marcus Bell/);
    await page.goto('/search?q=leaking+garage');
    assert.deepEqual((await page.locator('mark').allInnerTexts()).slice(0, 2), ['leaking', 'garage']);
    await page.context().close();
  });

  test('a list goes to the worker, and the page can be left', async (t) => {
    if (!s.seeded) return t.skip('needs the filled data folder');
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/people/import');
    await page.getByLabel(/The file/).setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('phone,name\n8605550199,Zoe\n') });
    await page.getByRole('button', { name: 'Try it' }).click();
    assert.match(await page.getByRole('status').innerText(), /Waiting for its turn/);
    await shot(page, 'people-job-waiting', true);
    await page.goto('/jobs');
    assert.match(await page.locator('main').innerText(), /Read in a list of people/);
    await page.context().close();
  });
});
