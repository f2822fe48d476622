// The owner's pages in a real browser: at a phone's and a desk's width, in light and dark, with and
// without JavaScript. Pictures go to build/shots.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { root, stack } from './lib/stack.mjs';

let s;
let browser;
let state; // a signed-in browser's cookies
const pages = { calls: '/calls', calendar: '/calendars', waiting: '/callbacks', through: '/exceptions' }; // name → address
const ugly = ['rtl', 'emoji', 'script', 'hidden', 'ines', 'owen', 'harbor', 'callbacks', 'older'];

before(async () => {
  s = await stack();
  browser = await launch();
  const page = await open(browser, s.base);
  await signIn(page, s);
  await page.goto('/calls');
  state = await page.context().storageState();
  const first = await page.locator('a.row').first().getAttribute('href').catch(() => null);
  if (s.seeded) {
    for (const n of ['marcus', 'long', 'rtl', 'emoji', 'script', 'hidden', 'ines', 'owen', 'harbor']) pages[n] = `/calls/call_${n}`;
    pages.callbacks = '/calls?show=callback';
    pages.older = await page.locator('a', { hasText: 'Older calls' }).getAttribute('href');
  } else if (first) {
    pages.marcus = first;
  }
  pages.lost = '/nowhere';
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

const signedIn = (more) => open(browser, s.base, { storageState: state, ...more });
// a page we expect to be missing says so in the console, too
const faults = (page) => page.faults.filter((f) => !/status of 404/.test(f));

describe('every page', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, requests, width`, async () => {
        const page = await signedIn({ width, scheme });
        for (const [name, uri] of Object.entries(pages)) {
          if (ugly.includes(name) && !(width === 390 && scheme === 'light')) continue;
          const what = `${name} ${width} ${scheme}`;
          await page.goto(uri);
          await shot(page, `${name}-${width}-${scheme}`);
          if (['marcus', 'long', 'calls', 'calendar'].includes(name)) await shot(page, `${name}-${width}-${scheme}-full`, true);
          await axe(page, what);
          if (await page.locator('details').count()) {
            await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = !d.open; });
            await axe(page, `${what}, details the other way`);
          }
          assert.ok(await overflow(page) <= 0, `${what} is wider than the screen`);
          assert.equal(await page.locator('h1').count(), 1);
          assert.deepEqual(await smallTargets(page, width < 500), [], what);
          assert.deepEqual(faults(page), [], what);
        }
        await page.context().close();
      });

      test(`${width} px, ${scheme}: signing in`, async () => {
        const page = await open(browser, s.base, { width, scheme });
        await page.goto('/login');
        await shot(page, `login-${width}-${scheme}`);
        await axe(page, 'login');
        await focusProbe(page, 'login');
        assert.deepEqual(await smallTargets(page, width < 500), []);
        await page.getByLabel('Name').fill('nobody');
        await page.getByLabel('Password').fill('wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').waitFor();
        assert.match(await page.getByRole('alert').innerText(), /Name or password is wrong/);
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'alert');
        assert.equal(await page.getByLabel('Name').inputValue(), 'nobody');
        assert.equal(await page.getByLabel('Password').inputValue(), '');
        await shot(page, `login-wrong-${width}-${scheme}`);
        await axe(page, 'login, wrong');
        assert.deepEqual(page.faults.filter((f) => !/status of 403/.test(f)), []);
        await page.context().close();
      });
    }
  }

  test('no sideways scrolling at 320 px, nor at 390 px with text twice as large', async () => {
    for (const width of [320, 390]) {
      const page = await signedIn({ width, height: 700 });
      for (const [name, uri] of [...Object.entries(pages), ['login', '/login']]) {
        await page.goto(uri);
        if (width === 390) await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        const wide = await overflow(page);
        await shot(page, `${name}-${width}-${width === 390 ? 'large' : 'narrow'}`);
        assert.ok(wide <= 0, `${name} at ${width}: ${wide} px too wide`);
      }
      await page.context().close();
    }
  });

  test('the keyboard reaches everything, with a ring and nothing on top', async () => {
    for (const width of Object.keys(widths).map(Number)) {
      const page = await signedIn({ width });
      for (const name of ['calls', 'calendar', 'marcus', 'long', 'waiting', 'through', 'lost'].filter((n) => pages[n])) {
        await page.goto(pages[name]);
        assert.ok(await focusProbe(page, `${name} ${width}`) >= 2);
      }
      await page.context().close();
    }
  });

  test('the first visit is small', async () => {
    const page = await open(browser, s.base, { storageState: state });
    const cdp = await page.context().newCDPSession(page);
    let bytes = 0;
    let requests = 0;
    await cdp.send('Network.enable');
    const own = new Set(); // what the browser draws its own controls with
    cdp.on('Network.requestWillBeSent', (e) => { if (e.request.url.startsWith('data:')) own.add(e.requestId); });
    cdp.on('Network.loadingFinished', (e) => {
      if (own.has(e.requestId)) return;
      bytes += e.encodedDataLength;
      requests += 1;
    });
    await page.goto(pages.marcus ?? '/calls');
    await page.waitForLoadState('networkidle');
    assert.ok(requests <= 6, `${requests} requests`);
    assert.ok(bytes > 2000 && bytes <= 50 * 1024, `${bytes} bytes`);
    await page.context().close();
  });

  test('static files may be kept for ever, pages never', async () => {
    const page = await signedIn();
    const styles = page.waitForResponse(/frontdesk\.css/);
    const html = await page.goto('/calls');
    assert.match((await styles).headers()['cache-control'], /immutable/);
    assert.match((await styles).headers()['content-type'], /^text\/css/);
    assert.equal(html.headers()['cache-control'], 'no-store');
    await page.context().close();
  });
});

describe('one call', () => {
  test('what happened, promised and to do are above the fold of a phone', async (t) => {
    if (!s.seeded) return t.skip('needs the filled data folder');
    const page = await signedIn({ width: 390 });
    await page.goto('/calls/call_marcus');
    const todo = await page.locator('.do .big').boundingBox();
    const bar = await page.locator('.actions').boundingBox();
    assert.ok(bar.y + bar.height <= 844.5 && bar.y > 700, `the bar is at ${bar.y}`);
    assert.ok(todo.y + todo.height <= bar.y, `what to do ends at ${todo.y + todo.height}, the bar begins at ${bar.y}`);
    await page.context().close();
  });

  test('a place in the talk has an address', async (t) => {
    if (!pages.marcus) return t.skip('no call in this stack');
    const page = await signedIn();
    await page.goto(pages.marcus);
    const at = page.locator('.said a.at').nth(2);
    if (await at.count()) {
      await at.click();
      assert.match(page.url(), /#t\d+$/);
      assert.equal(await page.locator(':target').count(), 1);
      await shot(page, 'marcus-target');
    }
    await page.context().close();
  });

  test('its recording plays, seeks beyond what was sent, and downloads', async (t) => {
    if (!s.seeded) return t.skip('needs the filled data folder');
    const page = await signedIn();
    const replies = [];
    page.on('response', (r) => { if (/recording\.wav/.test(r.url())) replies.push(`${r.status()} ${r.headers()['content-range']}`); });
    await page.goto('/calls/call_marcus');
    assert.deepEqual(replies, [], 'nothing is heard before somebody asks');
    const at = (seconds) => page.evaluate((to) => new Promise((done, failed) => {
      const a = document.querySelector('audio');
      const say = () => done({ duration: a.duration, at: a.currentTime });
      a.addEventListener('error', () => failed(new Error(`audio: ${a.error?.message}`)));
      a.muted = true;
      if (to === null) {
        a.addEventListener('timeupdate', () => { if (a.currentTime > 0.3) say(); });
        a.play().catch(failed);
      } else {
        a.addEventListener('seeked', say, { once: true });
        a.currentTime = to;
      }
    }), seconds);
    const begun = await at(null);
    assert.ok(Math.abs(begun.duration - 132) < 0.1, `${begun.duration} s`);
    const there = await at(120); // 1.9 MB in: beyond the first part
    assert.ok(Math.abs(there.at - 120) < 1, `at ${there.at}`);
    await page.waitForFunction(() => document.querySelector('audio').currentTime > 120.3);
    t.diagnostic(replies.join(' | '));
    assert.ok(replies.every((r) => /^206 bytes \d+-\d+\/2112058$/.test(r)), replies.join(' | '));
    assert.ok(replies.length >= 2);
    assert.deepEqual(faults(page), []);
    await shot(page, 'marcus-listen');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    assert.match(download.suggestedFilename(), /^call-\d{4}-\d\d-\d\d\.wav$/);
    assert.equal(readFileSync(await download.path()).length, 58 + 132 * 16000);
    await page.goto('/calls/call_hidden');
    assert.match(await page.locator('.listen').innerText(), /The recording was erased/);
    await page.context().close();
  });

  test('forced colours keep borders and marks', async (t) => {
    if (!pages.marcus) return t.skip('no call in this stack');
    const page = await signedIn({ forcedColors: 'active' });
    for (const name of ['calls', 'marcus']) {
      await page.goto(pages[name]);
      await shot(page, `${name}-forced`);
      const bare = await page.$$eval('.tag', (tags) => tags.filter((e) => getComputedStyle(e).borderTopStyle === 'none').length);
      assert.equal(bare, 0);
    }
    await page.context().close();
  });

  test('prints without menus and bars', async (t) => {
    if (!pages.marcus) return t.skip('no call in this stack');
    const page = await signedIn();
    await page.goto(pages.marcus);
    await page.emulateMedia({ media: 'print' });
    for (const part of ['.rail', '.back']) assert.equal(await page.locator(part).isVisible(), false, part);
    await shot(page, 'marcus-print', true);
    await page.context().close();
  });
});

describe('without JavaScript', () => {
  const plain = (more) => open(browser, s.base, { javaScriptEnabled: false, ...more });
  const says = (page, words) => page.getByRole('status').filter({ hasText: words }).waitFor();

  test('sign in leads to the page asked for; sign out ends it', async () => {
    const page = await plain();
    await page.goto('/calls?show=urgent');
    assert.match(page.url(), /\/login\?next=/);
    await page.locator('#login').fill(s.login);
    await page.locator('#password').fill(s.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/calls\?show=urgent$/);
    const cookies = await page.context().cookies();
    const c = cookies.find((k) => k.name === 'desk_session');
    assert.ok(c.httpOnly && c.sameSite === 'Lax');
    await page.getByRole('button', { name: 'Sign out' }).click();
    assert.match(await page.getByRole('status').innerText(), /You are signed out/);
    await page.goto('/calls');
    assert.match(page.url(), /\/login/);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a callback is marked done, said so once, and undone', async (t) => {
    const page = await plain({ storageState: state });
    await page.goto('/calls?show=callback');
    const rows = page.locator('a.row');
    if (!await rows.count()) return t.skip('no open callback in this stack');
    await rows.last().click();
    const uri = page.url();
    await page.getByRole('button', { name: 'Mark done' }).click();
    assert.equal(page.url(), uri);
    assert.match(await page.getByRole('status').innerText(), /^Marked done: /);
    assert.equal(await page.getByRole('button', { name: 'Mark done' }).count(), 0);
    await shot(page, 'done');
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.match(await page.getByRole('status').innerText(), /^Not done after all: /);
    await page.reload();
    assert.equal(await page.getByRole('status').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Mark done' }).count(), 1);
    await page.context().close();
  });

  test('the list of callbacks: late ones first, marked done there, and undone', async (t) => {
    const page = await plain({ storageState: state });
    await page.goto('/callbacks');
    const buttons = page.getByRole('button', { name: /^Mark done: / });
    const n = await buttons.count();
    if (!n) return t.skip('no open callback in this stack');
    if (s.seeded) assert.match(await page.locator('.item').first().innerText(), /^Late by 3 h/);
    await buttons.first().click();
    await says(page, /Marked done: /);
    assert.match(page.url(), /\/callbacks$/);
    assert.equal(await buttons.count(), n - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, /Not done after all: /);
    assert.equal(await buttons.count(), n);
    await page.context().close();
  });

  test('a number is put straight through: added, refused with a sentence, removed, put back', async () => {
    const page = await plain({ storageState: state });
    await page.goto('/exceptions');
    await page.getByLabel('Name').fill('Aunt Jo');
    await page.getByLabel('Phone number').fill('12');
    await page.getByLabel('Who they are').selectOption('friend');
    await page.getByRole('button', { name: 'Add this number' }).click();
    assert.match(await page.getByRole('alert').innerText(), /not added/);
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel('Name').inputValue(), 'Aunt Jo');
    await shot(page, 'through-wrong');
    await page.getByLabel('Phone number').fill('(860) 555-0198');
    await page.getByRole('button', { name: 'Add this number' }).click();
    await says(page, /Added: Aunt Jo/);
    await page.getByRole('button', { name: 'Remove Aunt Jo' }).click();
    await says(page, /Removed: Aunt Jo/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, /Back on the list: Aunt Jo/);
    await page.getByRole('button', { name: 'Remove Aunt Jo' }).click();
    await says(page, /Removed: Aunt Jo/);
    assert.deepEqual(page.faults.filter((f) => !/status of 422/.test(f)), []);
    await page.context().close();
    const scripted = await signedIn();
    await scripted.goto('/exceptions');
    await scripted.getByLabel('Name').fill('Aunt Jo');
    await scripted.getByLabel('Phone number').fill('12');
    await scripted.getByRole('button', { name: 'Add this number' }).click();
    await scripted.getByRole('alert').waitFor();
    await axe(scripted, 'a wrong number');
    await scripted.context().close();
  });

  test('older and newer lead there and back', async (t) => {
    const page = await plain({ storageState: state });
    await page.goto('/calls');
    const older = page.getByRole('link', { name: 'Older calls' });
    if (!await older.count()) return t.skip('fewer than 51 calls in this stack');
    const first = await page.locator('a.row').first().getAttribute('href');
    await older.click();
    assert.notEqual(await page.locator('a.row').first().getAttribute('href'), first);
    await page.getByRole('link', { name: 'Newer calls' }).click();
    assert.equal(await page.locator('a.row').first().getAttribute('href'), first);
    await page.selectOption('#show', 'urgent');
    await page.getByRole('button', { name: 'Find' }).click();
    assert.match(page.url(), /show=urgent/);
    await page.context().close();
  });
});

// ---- without a browser ---------------------------------------------------------------------------

function luminance(hex) {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(full.slice(i, i + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

test('colours: text 4.5, borders and marks 3, in light and dark', () => {
  const css = readFileSync(join(root, 'static/frontdesk.css'), 'utf8');
  const blocks = [...css.matchAll(/:root \{([^}]*)\}/g)].map((m) => Object.fromEntries(
    [...m[1].matchAll(/--([\w-]+): (#[0-9a-f]+)/gi)].map((d) => [d[1], d[2]])));
  assert.equal(blocks.length, 2);
  const text = [['ink', 'page'], ['ink', 'card'], ['ink', 'wash'], ['soft', 'page'], ['soft', 'card'],
    ['soft', 'wash'], ['act', 'page'], ['act', 'card'], ['act', 'wash'], ['on-act', 'act'], ['on-p1', 'p1'], ['p2', 'p2-tint'],
    ['ink', 'p2-tint'], ['act', 'p2-tint'], ['good', 'good-tint'], ['ink', 'good-tint'], ['act', 'good-tint'], ['voice', 'card'],
    ['p1', 'card']];
  const marks = [['edge', 'card'], ['edge', 'page'], ['p2-edge', 'card'], ['p2', 'card'], ['good', 'card'], ['p1', 'page']];
  const poor = [];
  blocks.forEach((c, i) => {
    for (const [list, least] of [[text, 4.5], [marks, 3]]) {
      for (const [a, b] of list) {
        const r = contrast(c[a], c[b]);
        if (!(r >= least)) poor.push(`${schemes[i]} ${a} on ${b}: ${r.toFixed(2)}`);
      }
    }
  });
  assert.deepEqual(poor, []);
});

test('templates: nothing inline, nothing raw, includes that must exist', () => {
  const dir = join(root, 'templates/admin');
  for (const f of readdirSync(dir)) {
    const t = readFileSync(join(dir, f), 'utf8');
    for (const bad of [/\sstyle=/, /\son\w+=/, /<style/, /<script(?![^>]* src=)/, /javascript:/, /\buvar:/, /escape:\s*"none"/])
      assert.doesNotMatch(t, bad, `${f} has ${bad}`);
    for (const icon of t.matchAll(/call:icon\("(\w+)"\)/g)) {
      assert.ok(readFileSync(join(root, 'static/icons.svg'), 'utf8').includes(`id="${icon[1]}"`), `${f}: no icon ${icon[1]}`);
    }
  }
});
