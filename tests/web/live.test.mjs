// The live board in a real browser, on a whole stack with calls that run: new calls, new words, a
// connection that breaks, and the same without JavaScript.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { signIn as session, startDesk, until } from '../e2e/lib/desk.mjs';
import { axe, focusProbe, launch, open, overflow, schemes, shot, smallTargets, widths } from './lib/browser.mjs';

const HOLD = ['--finish', '60', '--linger', '600', '--patience', '600'];
const PATIENT = { SILENCE_PROMPT_S: '0', NO_WORDS_S: '0' }; // the machine may be slow; nobody is asked whether they are there
let desk, model, browser, cookies;
before(async () => {
  model = await startRealtime({});
  desk = await startDesk({ model, env: { REALTIME_WARM: 'false', GREETING_CACHE: 'false', ...PATIENT } });
  const { cookie } = await session(desk);
  cookies = cookie.split('; ').map((c) => ({ name: c.split('=')[0], value: c.slice(c.indexOf('=') + 1), url: desk.url }));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await desk.end();
  await model.close();
});

async function page(options) {
  const p = await open(browser, desk.url, options);
  await p.context().addCookies(cookies);
  return p;
}
async function begin(...say) {
  model.options.answers = say.map((text) => ({ say: text, ms: 200 }));
  const call = desk.dial(...HOLD);
  const s = await desk.session();
  await s.until((x) => x.lastResponse && !x.active, 'the greeting', 20000);
  const id = await until('the call', async () => (await desk.find(call.sid ?? '-'))?.id, 20000);
  return { call, s, id };
}
const gone = async (c) => { c.call.hangUp(); await c.call.over({ ok: false }); };
const shows = (p, text, ms = 20000) => p.getByText(text, { exact: false }).first().waitFor({ timeout: ms });

describe('with a script', () => {
  test('an empty board fills itself; words come; a second call waits for a press; nothing twice after a break', async () => {
    const p = await page({ width: 1280 });
    await p.goto('/live');
    await shows(p, 'Nobody is on the phone.');
    await shot(p, 'live-empty-1280-light');
    await axe(p, 'live, empty');
    await p.locator('#live-state', { hasText: /^Live$/ }).waitFor({ timeout: 20000 });
    const one = await begin('What can I do for you?', 'When is it?');
    await p.locator(`#${one.id}`).waitFor({ timeout: 20000 });
    await one.s.caller('my boiler leaks');
    await p.locator(`#${one.id} .log p`, { hasText: 'my boiler leaks' }).waitFor({ timeout: 20000 });

    const two = await begin('Good day.');
    const show = p.getByRole('button', { name: '1 new call. Show' });
    await show.waitFor({ timeout: 20000 });
    assert.equal(await p.locator('.live').count(), 1, 'not before it is pressed');
    await show.click();
    await p.locator(`#${two.id}`).waitFor({ timeout: 20000 });

    await p.context().setOffline(true); // the phone's screen goes off …
    await p.evaluate(() => { dispatchEvent(new Event('offline')); });
    await p.locator('#live-state', { hasText: 'Live updates paused, trying again.' }).waitFor({ timeout: 30000 });
    await one.s.caller('since this morning');
    await until('it is written', async () => (await desk.find(one.call.sid)).turns.some((t) => t.text === 'since this morning'), 20000);
    await p.context().setOffline(false); // … and on
    await p.locator('#live-state', { hasText: /^Live$/ }).waitFor({ timeout: 60000 });
    await p.locator(`#${one.id} .log p`, { hasText: 'since this morning' }).waitFor({ timeout: 20000 });
    const ids = await p.locator('.log p').evaluateAll((all) => all.map((e) => e.dataset.id));
    assert.equal(new Set(ids).size, ids.length, 'none twice');
    const stored = (await desk.find(one.call.sid)).turns.length;
    assert.equal(await p.locator(`#${one.id} .log p`).count(), stored, 'none is missing');
    await p.locator(`#${one.id} .ran`, { hasText: ' s' }).waitFor();

    await gone(two);
    await p.locator(`#${two.id}.over`, { hasText: 'The call has ended' }).waitFor({ timeout: 20000 });
    await axe(p, 'live, one over');
    await shot(p, 'live-over-1280-light', true);
    const faults = p.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|failed: .*\/live|WebSocket|ws:/.test(f));
    assert.deepEqual(faults, []);
    await gone(one);
    await p.context().close();
  });

  test('a sentence is asked for, said, and the page says so', async () => {
    const one = await begin('What can I do for you?');
    const p = await page({ width: 390 });
    await p.goto('/live');
    await p.getByLabel('What Frontdesk should say').fill('Sal is ten minutes away.');
    await p.getByRole('button', { name: 'Say it' }).click();
    await p.locator('.told li', { hasText: 'Said.' }).waitFor({ timeout: 20000 });
    await p.locator('.log p.desk', { hasText: 'Sal is ten minutes away.' }).waitFor({ timeout: 20000 });
    for (const text of ['my boiler leaks', 'in the cellar']) await one.s.caller(text);
    await p.locator('.log p', { hasText: 'in the cellar' }).waitFor({ timeout: 20000 });
    await shot(p, 'live-said-390-light', true);
    await gone(one);
    await p.context().close();
  });
});

test('two widths, two schemes: axe, console, targets, focus, width', async () => {
  const one = await begin('What can I do for you?');
  await one.s.caller('is Tuesday morning free?');
  for (const scheme of schemes)
    for (const width of Object.keys(widths).map(Number)) {
      const p = await page({ width, scheme });
      const what = `live ${width} ${scheme}`;
      await p.goto('/live');
      await shows(p, 'is Tuesday morning free?');
      await p.locator('#live-state', { hasText: /^Live$/ }).waitFor({ timeout: 20000 });
      await shot(p, `live-${width}-${scheme}`, true);
      await axe(p, what);
      assert.ok(await overflow(p) <= 0, what);
      assert.deepEqual(await smallTargets(p, width < 500), [], what);
      await focusProbe(p, what);
      await p.goto(`/live/${one.id}/hangup`);
      await axe(p, `${what}, hang up`);
      assert.deepEqual(await smallTargets(p, width < 500), [], what);
      await shot(p, `live-hangup-${width}-${scheme}`);
      assert.deepEqual(p.faults, [], what);
      await p.context().close();
    }
  for (const width of [320, 390]) {
    const p = await page({ width });
    await p.goto('/live');
    if (width === 390) await p.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    assert.ok(await overflow(p) <= 0, `${width}`);
    await p.context().close();
  }
  await gone(one);
});

test('without a script: the board as of now, and every button works', async () => {
  const one = await begin('What can I do for you?');
  const p = await page({ width: 390, javaScriptEnabled: false });
  await p.goto('/live');
  assert.equal(await p.locator('.live').count(), 1);
  await p.getByLabel('What Frontdesk should say').fill('One moment.');
  await p.getByRole('button', { name: 'Say it' }).click();
  await until('said', async () => {
    await p.getByRole('link', { name: 'Refresh' }).click();
    return (await p.locator('.told li').innerText()).includes('Said.') || undefined;
  }, 20000);
  await p.getByRole('link', { name: 'Hang up…' }).click();
  await p.getByRole('button', { name: 'Hang up now' }).click();
  await one.call.over();
  assert.equal(one.call.row.stream_end, 'told');
  await p.getByRole('link', { name: 'Refresh' }).click();
  await shows(p, 'Nobody is on the phone.');
  await p.context().close();
});
