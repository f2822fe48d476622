// A browser and what every page is held to: no console errors, no foreign requests, axe clean.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './stack.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const shots = join(root, 'build/shots');
mkdirSync(shots, { recursive: true });

export const widths = { 390: 844, 1280: 800 };
export const schemes = ['light', 'dark'];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// A page that remembers what went wrong on it.
export async function open(browser, base, options = {}) {
  const { width = 1280, height = widths[width] ?? 800, scheme = 'light', ...more } = options;
  const context = await browser.newContext({
    baseURL: base, viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: width < 500 ? 2 : 1,
    ...more });
  const page = await context.newPage();
  page.faults = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) page.faults.push(m.text()); });
  page.on('pageerror', (e) => page.faults.push(String(e)));
  // the next page was asked for before this one's icon had come: nobody's fault
  const aborted = (r) => r.failure()?.errorText === 'net::ERR_ABORTED' && r.url().includes('/favicon');
  page.on('requestfailed', (r) => { if (!aborted(r)) page.faults.push(`failed: ${r.url()}`); });
  page.on('request', (r) => { if (!r.url().startsWith(base)) page.faults.push(`foreign: ${r.url()}`); });
  return page;
}

export async function signIn(page, s) {
  await page.goto('/login');
  await page.getByLabel('Name').fill(s.login);
  await page.getByLabel('Password').fill(s.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');
}

export async function axe(page, what) {
  await page.evaluate(axeSource);
  const r = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  const found = r.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((n) => n.target.join(' ')).slice(0, 4).join('\n    ')}`);
  assert.deepEqual(found, [], `axe on ${what}`);
}

export async function shot(page, name, fullPage = false) {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage });
}

// Wider than the window by how many pixels?
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

// Tab through the page: each stop must show a ring, and its middle must not be under a bar.
export async function focusProbe(page, what) {
  const bad = [];
  const seen = new Set();
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(async () => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      await new Promise((r) => { setTimeout(r, 0); });
      const b = e.getBoundingClientRect();
      const box = e.getClientRects()[0] ?? b;
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const s = getComputedStyle(e);
      e.dataset.stop ??= String(Math.random());
      return { key: e.dataset.stop, text: `${e.tagName} ${e.id} ${e.textContent.trim().slice(0, 30)}`,
        ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
        covered: !(hit && (e.contains(hit) || hit.contains(e))),
        where: `${Math.round(box.x)},${Math.round(box.y)} ${Math.round(box.width)}x${Math.round(box.height)}` };
    });
    if (!at || seen.has(at.key)) break;
    seen.add(at.key);
    if (!at.ring) bad.push(`no ring: ${at.text}`);
    if (at.covered) bad.push(`covered: ${at.text} at ${at.where}`);
  }
  assert.deepEqual(bad, [], `focus on ${what}`);
  return seen.size;
}

// Things to press that are too small for a thumb (44 px) or at all (24 px).
export function smallTargets(page, thumb) {
  return page.evaluate((min) => [...document.querySelectorAll('a, button, select, input:not([type=hidden]), summary')]
    .filter((e) => e.checkVisibility() && !e.classList.contains('skip'))
    .map((e) => {
      const whole = e.matches('[type=radio], [type=checkbox]') ? e.closest('label') : null; // pressed as one
      const b = (whole ?? e).getBoundingClientRect();
      const control = e.matches('button:not(.link), .button, select, input, nav a, .row');
      const inText = e.tagName === 'A' && getComputedStyle(e).display === 'inline';
      const need = control ? min : inText ? 0 : 24;
      return b.height < need - 0.5 || b.width < Math.min(need, 24) - 0.5
        ? `${e.tagName}.${e.className} "${e.textContent.trim().slice(0, 20)}" ${Math.round(b.width)}x${Math.round(b.height)}` : null;
    }).filter(Boolean), thumb ? 44 : 24);
}
