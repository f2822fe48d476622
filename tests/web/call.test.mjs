// One call in a real browser: its sound as a picture, the lines of the talk that go with it, and what
// can be changed from the page, with and without JavaScript. Pictures go to build/shots.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { start } from './lib/stack.mjs';

process.env.TWILIO_ACCOUNT_SID ??= 'AC0123456789abcdef0123456789abcdef'; // else there is nothing to write with
let s;
let browser;
let state;
const pages = { heard: '/calls/call_marcus', shut: '/calls/call_tom', long: '/calls/call_long', none: '/calls/call_rosa',
  gone: '/calls/call_hidden', now: '/calls/call_ines', text: '/calls/call_lena?do=text', ask: '/calls/call_marcus/erase', paper: '/calls/call_marcus/print' };

before(async () => {
  s = await start();
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

describe('one call', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, requests, width`, async () => {
        const page = await signedIn({ width, scheme });
        for (const [name, uri] of Object.entries(pages)) {
          const what = `${name} ${width} ${scheme}`;
          await page.goto(uri);
          await shot(page, `c-${name}-${width}-${scheme}`, true);
          await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
          await axe(page, what);
          assert.ok(await overflow(page) <= 0, `${what} is wider than the screen`);
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
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
      const wide = await overflow(page);
      assert.ok(wide <= 0, `${name}: ${wide} px too wide`);
      await focusProbe(page, name);
    }
    await page.context().close();
  });

  test('the picture seeks by keyboard and by hand, and marks the line that is heard', async () => {
    const page = await signedIn({ reducedMotion: 'reduce' });
    await page.goto(pages.heard);
    const seek = page.getByRole('slider', { name: 'Place in the recording' });
    const heard = page.locator('.said li[aria-current="true"]');
    await seek.focus();
    for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.querySelector('audio').currentTime), 7);
    assert.match(await seek.getAttribute('aria-valuetext'), /^0:07 of 2:12, Marcus$/);
    assert.match(await heard.innerText(), /my water heater is leaking/);
    await page.keyboard.press('PageUp');
    assert.ok(await page.evaluate(() => document.querySelector('audio').currentTime) >= 15);
    assert.equal(await heard.count(), 1);
    const box = await seek.boundingBox();
    await page.mouse.click(box.x + box.width * (39 / 132), box.y + box.height / 2);
    assert.match(await heard.innerText(), /Sal will call you back/);
    assert.match(await page.locator('.place').innerText(), /^0:(38|39|40) \/ 2:12$/);
    await page.getByRole('button', { name: 'Back 10 s' }).click();
    assert.match(await page.locator('.place').innerText(), /^0:(28|29|30) \/ 2:12$/);
    await shot(page, 'c-seek');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a line plays from there; what is heard stays in sight, until somebody scrolls', async () => {
    const page = await signedIn({ width: 390, height: 700, reducedMotion: 'reduce' });
    await page.goto(pages.heard);
    await page.evaluate(() => { document.querySelector('audio').muted = true; });
    await page.getByRole('link', { name: 'Play from 0:33' }).click();
    assert.match(page.url(), /#t\d+$/);
    await page.waitForFunction(() => document.querySelector('audio').currentTime > 33.2);
    assert.equal(await page.locator('.listen.playing').count(), 1);
    await page.evaluate(() => { window.scrollTo(0, 0); document.querySelector('audio').currentTime = 43.6; });
    await page.locator('.said li[aria-current="true"]', { hasText: 'No, thank you' }).waitFor();
    await page.waitForFunction(() => {
      const b = document.querySelector('.said li[aria-current="true"]').getBoundingClientRect();
      return b.top >= 0 && b.bottom <= window.innerHeight;
    });
    await shot(page, 'c-follow');
    await page.evaluate(() => { window.dispatchEvent(new WheelEvent('wheel', { bubbles: true })); document.body.dispatchEvent(new WheelEvent('wheel', { bubbles: true })); });
    await page.evaluate(() => document.querySelector('audio').pause());
    await page.waitForFunction(() => !document.querySelector('.listen.playing'));
    await page.evaluate(() => { window.scrollTo(0, 0); document.querySelector('audio').currentTime = 1; });
    await page.locator('.said li[aria-current="true"]', { hasText: 'Thanks for calling' }).waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});

describe('one call without JavaScript', () => {
  const plain = (more) => signedIn({ javaScriptEnabled: false, ...more });

  test('the player is there, and nothing that would not work', async () => {
    const page = await plain();
    await page.goto(pages.heard);
    assert.equal(await page.locator('audio[controls]').count(), 1);
    assert.equal(await page.locator('.wave path').count(), 3);
    assert.equal(await page.locator('.w-seek').isVisible(), false);
    assert.equal(await page.locator('.hear').isVisible(), false);
    const got = await page.request.get(`${pages.heard}/recording.wav`, { headers: { range: 'bytes=0-99' } });
    assert.equal(got.status(), 206);
    assert.match(got.headers()['content-range'], /^bytes 0-99\//);
    await page.context().close();
  });

  test('name, text, straight through, block, erase: each ends on the page with a sentence', async () => {
    const page = await plain();
    const uri = '/calls/call_lena';
    await page.goto(uri);
    await page.getByText('Correct the name').click();
    await page.getByLabel('Who rings from').fill('Lena Vulpes');
    await page.getByRole('button', { name: 'Save name' }).click();
    await says(page, /^Name saved\. Frontdesk will greet \(860\).555-0140 as Lena Vulpes from now on\.$/);
    assert.equal(await page.locator('h1').innerText(), 'Lena Vulpes');
    await page.goto(`${uri}?do=text`);
    await page.getByLabel('Your text to').fill('Sal comes at 2.');
    await page.getByRole('button', { name: 'Send text' }).click();
    await says(page, /On its way to Lena Vulpes/);
    await page.getByRole('button', { name: 'Always put this number through' }).click();
    await says(page, /Lena Vulpes is put straight through now/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, /^Removed: Lena Vulpes/);
    assert.equal(new URL(page.url()).pathname, uri);
    await page.getByRole('link', { name: 'Block this number' }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    assert.equal(new URL(page.url()).pathname, uri);
    await page.getByRole('link', { name: 'Block this number' }).click();
    await page.getByRole('button', { name: /^Block \(860\)/ }).click();
    await says(page, /^Blocked: Lena Vulpes/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, /is answered like anybody/);
    assert.equal(new URL(page.url()).pathname, uri);
    await page.getByRole('link', { name: 'Erase this call' }).click();
    await page.getByRole('button', { name: 'Erase this call for good' }).click();
    await says(page, /^It is being erased, and is gone in a minute\. Receipt job_/);
    assert.equal(new URL(page.url()).pathname, uri);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});

describe('an appointment by hand, without JavaScript', () => {
  test('a free time is chosen, a wrong number said so beside it, and then it stands', async () => {
    const page = await signedIn({ javaScriptEnabled: false });
    await page.goto('/calendar');
    await page.getByRole('link', { name: 'Add an appointment' }).click();
    await page.getByLabel('on', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Show free times' }).click();
    await page.getByRole('radio').nth(4).check();
    await page.getByLabel('Who it is for').fill('Bea Novak');
    await page.getByLabel('Phone number').fill('12');
    await page.getByRole('button', { name: 'Book it' }).click();
    await page.getByRole('alert').waitFor();
    assert.match(await page.locator('#number-wrong').innerText(), /number/);
    assert.equal(await page.getByRole('radio', { checked: true }).count(), 1);
    await shot(page, 'c-add-wrong', true);
    await page.getByLabel('Phone number').fill('(860) 555-0199');
    await page.getByRole('button', { name: 'Book it' }).click();
    await says(page, /^Booked: Bea Novak, /);
    assert.equal(await page.locator('h1').innerText(), 'Bea Novak');
    assert.deepEqual(page.faults.filter((f) => !/status of 422/.test(f)), []);
    await page.context().close();
  });
});
