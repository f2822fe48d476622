// Takes the README's picture anew: node tests/web/picture.mjs
import { join } from 'node:path';
import { launch, open, signIn } from './lib/browser.mjs';
import { root, stack } from './lib/stack.mjs';

const s = await stack();
const browser = await launch();
try {
  const page = await open(browser, s.base, { width: 1280, height: 860 });
  await signIn(page, s);
  await page.goto('/');
  await page.screenshot({ path: join(root, 'tests/golden/dashboard.png') });
} finally {
  await browser.close();
  await s.stop();
}
