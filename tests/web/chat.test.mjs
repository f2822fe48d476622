// The chat in a real browser, on a page of another website with a strict policy of its own; and the
// owner's settings page for it. Pictures go to build/shots.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { axe, focusProbe, launch, open, overflow, schemes, shot, signIn, smallTargets, widths } from './lib/browser.mjs';
import { start } from './lib/stack.mjs';

process.env.WEB_CHAT_ADDRESS_PER_MINUTE ??= '0'; // many tests, one address
let s;
let browser;
let state;
let site; // the business's own website
let host;
let line;

// A page whose styles would ruin whatever they reach, and whose policy refuses all that is not named.
const page = (n) => `<!doctype html><html lang="en"><head><title>Harwick ${n}</title><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/host.css"></head><body><main><h1>Harwick Plumbing</h1><p>Drains and heaters.</p><button id="theirs">Theirs</button> <a href="/${n === 1 ? 2 : 1}">Next page</a></main>${line}</body></html>`;
const css = 'body{font:20px serif;color:#222;background:#fff}button,textarea{border:9px dotted #a00!important;letter-spacing:.5em}div,section,p{text-transform:uppercase}section{display:none!important}#theirs{border-color:#00a!important}';

before(async () => {
  s = await start({ programs: ['admin', 'api'] });
  browser = await launch();
  const policy = `default-src 'none'; script-src ${s.base}; connect-src ${s.base}; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`;
  site = http.createServer((req, res) => {
    if (req.url === '/host.css') return res.writeHead(200, { 'content-type': 'text/css' }).end(css);
    if (req.url === '/favicon.ico') return res.writeHead(204).end();
    return res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(page(req.url === '/2' ? 2 : 1));
  });
  await new Promise((done) => { site.listen(0, '127.0.0.1', done); });
  host = `http://127.0.0.1:${site.address().port}`;
  const owner = await open(browser, s.base);
  await signIn(owner, s);
  state = await owner.context().storageState();
  await turnOn(owner);
  await owner.context().close();
});

after(async () => {
  await browser?.close();
  await s?.stop();
  site?.close();
});

const signedIn = (more) => open(browser, s.base, { storageState: state, ...more });
async function turnOn(owner, sites = host) {
  await owner.goto('/settings/chat');
  await owner.getByLabel('The chat is on').check();
  await owner.getByLabel('Your websites').fill(sites);
  await owner.getByRole('button', { name: 'Save the chat' }).click();
  await owner.getByRole('status').filter({ hasText: 'The chat is on' }).waitFor();
  line = await owner.getByLabel('The line').inputValue();
}

// A visitor: what goes to the desk is meant to.
async function visit(options = {}, uri = '/1') {
  const p = await open(browser, host, options);
  p.wrong = () => p.faults.filter((f) => !f.startsWith(`foreign: ${s.base}/`));
  await p.goto(uri);
  return p;
}
const button = (p) => p.getByRole('button', { name: 'Chat with us' });
const dialog = (p) => p.getByRole('dialog', { name: 'Harwick Plumbing' });
const box = (p) => p.getByLabel('Your message');
const lines = (p, who) => dialog(p).getByRole('log').locator(`p.${who}`);
async function chatting(p) {
  await button(p).click();
  await dialog(p).waitFor();
}
async function write(p, text) {
  const had = await lines(p, 'desk').count();
  await box(p).fill(text);
  await p.keyboard.press('Enter');
  await lines(p, 'desk').nth(had).waitFor({ timeout: 60000 });
  return lines(p, 'desk').nth(had).innerText();
}

describe('on the website', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}: axe, console, width, pictures`, async () => {
        const what = `chat-${width}-${scheme}`;
        const p = await visit({ width, scheme, reducedMotion: 'reduce' });
        await button(p).waitFor();
        await shot(p, `${what}-closed`);
        await axe(p, `${what} closed`);
        await chatting(p);
        await shot(p, `${what}-open`);
        await axe(p, `${what} open`);
        await write(p, 'A pipe burst and water is pouring through the ceiling');
        await shot(p, `${what}-talk`);
        await axe(p, `${what} talk`);
        assert.ok(await dialog(p).getByRole('status').getByRole('link').count() === 1, 'no number to call in an emergency');
        assert.ok(await overflow(p) <= 0, 'wider than the screen');
        const small = await dialog(p).evaluate((d) => [...d.querySelectorAll('button, a, textarea')].filter((e) => e.checkVisibility())
          .map((e) => e.getBoundingClientRect()).filter((b) => b.height < 44 || b.width < 44).length);
        assert.equal(small, 0, 'something is too small for a thumb');
        assert.deepEqual(p.wrong(), []);
        await p.context().close();
      });
    }
  }

  test('no style leaks either way, nothing is kept but in the tab', async () => {
    const p = await visit();
    await chatting(p);
    await write(p, 'hello');
    const theirs = await p.locator('#theirs').evaluate((e) => getComputedStyle(e).borderTopStyle);
    assert.equal(theirs, 'dotted');
    const ours = await box(p).evaluate((e) => { const c = getComputedStyle(e); return [c.borderTopStyle, c.letterSpacing, c.textTransform]; });
    assert.deepEqual(ours, ['solid', 'normal', 'none']);
    assert.deepEqual(await p.context().cookies(), []);
    assert.equal(await p.evaluate(() => localStorage.length), 0);
    assert.deepEqual(p.wrong(), []);
    await p.context().close();
  });

  test('by the keyboard alone; on a phone Tab stays inside', async () => {
    const p = await visit({ width: 390 });
    await button(p).waitFor();
    await p.getByRole('link', { name: 'Next page' }).focus();
    await p.keyboard.press('Tab');
    await p.keyboard.press('Enter');
    await dialog(p).waitFor();
    const at = () => p.evaluate(() => { const e = document.activeElement?.shadowRoot?.activeElement; return e && (e.getAttribute('aria-label') ?? e.tagName); });
    assert.equal(await at(), 'TEXTAREA');
    const seen = new Set();
    for (let i = 0; i < 12; i++) {
      await p.keyboard.press('Tab');
      seen.add(await at());
    }
    assert.ok(!seen.has(null), 'Tab left the chat');
    assert.ok(seen.has('TEXTAREA') && seen.has('Close the chat'));
    await box(p).focus();
    await p.keyboard.type('hello there');
    await p.keyboard.press('Enter');
    await lines(p, 'desk').nth(1).waitFor({ timeout: 60000 });
    await p.keyboard.press('Escape');
    await button(p).waitFor();
    assert.equal(await at(), 'BUTTON');
    assert.equal(await dialog(p).count(), 0);
    await p.context().close();
  });

  test('who moves less sees nothing move', async () => {
    for (const [reducedMotion, moves] of [['reduce', 'none'], ['no-preference', 'in']]) {
      const p = await visit({ reducedMotion });
      await chatting(p);
      assert.equal(await dialog(p).evaluate((e) => getComputedStyle(e).animationName), moves);
      await p.context().close();
    }
  });

  test('goes on over a change of page, with the draft; its end forgets it', async () => {
    const p = await visit();
    await chatting(p);
    await write(p, 'I would like a call back');
    const said = await lines(p, 'desk').allInnerTexts();
    await box(p).fill('my name is');
    await p.getByRole('link', { name: 'Next page' }).click();
    await dialog(p).waitFor();
    await lines(p, 'desk').nth(said.length - 1).waitFor();
    assert.deepEqual(await lines(p, 'desk').allInnerTexts(), said);
    assert.match((await lines(p, 'visitor').allInnerTexts()).join(), /I would like a call back/);
    assert.equal(await box(p).inputValue(), 'my name is');
    await write(p, 'Dana Smith');
    await dialog(p).getByRole('button', { name: 'End the chat' }).click();
    await dialog(p).getByRole('button', { name: 'Leave a message' }).waitFor();
    assert.equal(await lines(p, 'visitor').count(), 0);
    await p.reload();
    await dialog(p).waitFor();
    assert.equal(await lines(p, 'visitor').count(), 0);
    assert.deepEqual(p.wrong(), []);
    await p.context().close();
  });

  test('an answer that is lost on the way comes by another try, once', async () => {
    const p = await visit();
    await chatting(p);
    let lost = 0;
    await p.route('**/say', async (route) => {
      if (lost++) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await box(p).fill('I would like a call back');
    await p.keyboard.press('Enter');
    await dialog(p).getByText('cannot be reached').waitFor({ timeout: 60000 });
    assert.match(await dialog(p).getByRole('status').getByRole('link').getAttribute('href'), /^tel:\+1/);
    await p.getByRole('button', { name: 'Try again' }).click();
    await lines(p, 'desk').nth(1).waitFor({ timeout: 60000 });
    await p.reload();
    await lines(p, 'desk').nth(1).waitFor({ timeout: 60000 });
    assert.equal(await lines(p, 'visitor').count(), 1);
    assert.equal(await lines(p, 'desk').count(), 2);
    await p.context().close();
  });

  test('an answer that is lost with the page stands on the next one, once', async () => {
    const p = await visit();
    await chatting(p);
    let came;
    const answered = new Promise((done) => { came = done; });
    await p.route('**/say', async (route) => { // the page is left before the answer is there
      await route.fetch();
      came();
    });
    await box(p).fill('I would like a call back');
    await p.keyboard.press('Enter');
    await answered;
    await p.unroute('**/say');
    await p.goto('/2');
    await lines(p, 'desk').nth(1).waitFor({ timeout: 60000 });
    assert.equal(await lines(p, 'visitor').count(), 1);
    assert.equal(await lines(p, 'desk').count(), 2);
    await write(p, 'Dana Smith');
    assert.equal(await lines(p, 'visitor').count(), 2);
    await p.context().close();
  });

  test('offers to leave a message or to speak with a person', async () => {
    const p = await visit();
    await chatting(p);
    await dialog(p).getByRole('button', { name: 'Talk to a person' }).click();
    await lines(p, 'desk').nth(1).waitFor({ timeout: 60000 });
    assert.match(await lines(p, 'visitor').innerText(), /Talk to a person/);
    assert.equal(await dialog(p).getByRole('button', { name: 'Leave a message' }).count(), 0);
    await p.context().close();
  });

  test('the desk was never reached: it says so and shows the number', async () => {
    const p = await open(browser, host);
    await p.route('**/v1/chat/**', (route) => route.abort());
    await p.goto('/1');
    await button(p).click();
    await p.getByRole('dialog').getByText('The chat cannot be reached just now.').waitFor();
    assert.match(await p.getByRole('dialog').getByRole('status').getByRole('link').getAttribute('href'), /^tel:\+1860/);
    await axe(p, 'not reached');
    await shot(p, 'chat-unreached');
    await p.unroute('**/v1/chat/**');
    await p.getByRole('button', { name: 'Try again' }).click();
    await dialog(p).getByText('automated assistant of').waitFor();
    await p.context().close();
  });

  test('another website, and a chat that is off, show nothing', async () => {
    const p = await open(browser, host.replace('127.0.0.1', 'localhost'));
    const refused = p.waitForResponse((r) => r.url().includes('/v1/chat/'));
    await p.goto('/1');
    assert.equal((await refused).status(), 403);
    await p.waitForLoadState('networkidle');
    assert.equal(await button(p).count(), 0);
    await p.context().close();
    const owner = await signedIn();
    await owner.goto('/settings/chat');
    await owner.getByLabel('The chat is on').uncheck();
    await owner.getByRole('button', { name: 'Save the chat' }).click();
    await owner.getByText('The chat is off: with the line').waitFor();
    const q = await open(browser, host);
    const off = q.waitForResponse((r) => r.url().includes('/v1/chat/'));
    await q.goto('/1');
    assert.equal((await off).status(), 403);
    assert.equal(await button(q).count(), 0);
    await q.context().close();
    await turnOn(owner);
    await owner.context().close();
  });
});

describe('the owner\'s page', () => {
  for (const scheme of schemes) {
    for (const width of Object.keys(widths).map(Number)) {
      test(`${width} px, ${scheme}`, async () => {
        const p = await signedIn({ width, scheme });
        await p.goto('/settings/chat');
        await shot(p, `settings-chat-${width}-${scheme}`, true);
        await axe(p, `settings ${width} ${scheme}`);
        assert.ok(await overflow(p) <= 0);
        assert.deepEqual((await smallTargets(p, width < 500)).filter((t) => !/^INPUT\. "" 24x24/.test(t)), []);
        assert.ok(await focusProbe(p, 'settings') >= 5);
        assert.deepEqual(p.faults, []);
        await p.context().close();
      });
    }
  }

  test('without JavaScript: refused beside the field with what was typed; the line can be selected', async () => {
    const p = await signedIn({ javaScriptEnabled: false, width: 390 });
    await p.goto('/settings/chat');
    await p.getByLabel('Your websites').fill('*');
    await p.getByRole('button', { name: 'Save the chat' }).click();
    await p.getByRole('alert').waitFor();
    await shot(p, 'settings-chat-wrong', true);
    assert.equal(await p.getByLabel('Your websites').inputValue(), '*');
    assert.match(await p.locator('#origins-wrong').innerText(), /every website/);
    await p.getByLabel('The line').focus();
    await p.keyboard.press('Control+A');
    assert.match(await p.getByLabel('The line').inputValue(), /^<script src="http:\/\/127\.0\.0\.1:\d+\/chat\.js" data-business="chat_\w+" data-phone="\+\d+" defer><\/script>$/);
    await p.context().close();
  });

  test('the preview is the chat itself', async () => {
    const p = await signedIn({ width: 390 });
    await p.goto('/settings/chat');
    await p.getByRole('link', { name: 'Try it' }).click();
    await chatting(p);
    await write(p, 'hello');
    await shot(p, 'settings-chat-preview');
    assert.deepEqual(p.faults, []);
    await p.context().close();
  });
});

test('the desk goes away while somebody writes', async () => {
  const p = await visit();
  await chatting(p);
  await s.stop();
  await box(p).fill('hello?');
  await p.keyboard.press('Enter');
  await dialog(p).getByText('The chat cannot be reached just now.').waitFor({ timeout: 60000 });
  assert.match(await dialog(p).getByRole('status').getByRole('link').getAttribute('href'), /^tel:\+1/);
  assert.match(await lines(p, 'visitor').innerText(), /hello\?/);
  await p.context().close();
});
