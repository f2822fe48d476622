// Leads and calls as rows of the owner's Google Sheet, by the worker and a stand-in for Google: one
// row for each, whatever happens to the answers.
import { test, describe, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { CAL, shopDesk } from './lib/shop.mjs';
import { until } from './stack.mjs';

describe('rows of a Google Sheet', () => {
  let d, g, serial = 0;
  const book = () => g.sheets.book1;
  const rows = (tab, key) => (book()[tab] ?? []).filter((r) => r[0] === key);
  const lead = (job) => d.seed('lead', 'shop', `CAsheet${++serial}`, job);
  const hangUp = () => d.seed('status', `CAsheet${serial}`, 'completed');
  before(async () => {
    d = await shopDesk({ GOOGLE_SHEET: 'book1', SHEET_ROWS: 'both', OUTBOX_ASK_MS: '200' });
    g = d.g;
    g.sheets.book1 = {};
    await d.good('calendar', 'google', 'connect', '--calendar', CAL);
  });
  after(() => d?.end());
  beforeEach(() => { g.plans.length = 0; g.always = null; });

  test('the tab and its header are made; a lead waits for the end of its call; a formula is a text', async () => {
    const a = await lead('=IMPORTXML("http://x/","//a")');
    await until('it is looked at', async () => /sheets {2}waiting/.test(await d.good('outbox', 'list', '--all')));
    assert.deepEqual(book(), {});
    await hangUp();
    await until('the row is there', () => rows('Leads', a.lead).length === 1);
    assert.deepEqual(book().Leads[0], ['Lead', 'When', 'Name', 'Company', 'Phone', 'Email', 'Job', 'Service', 'Address', 'Budget', 'Timeline', 'Heard of us', 'Call']);
    const [row] = rows('Leads', a.lead);
    assert.equal(row[2], 'Dana Reed');
    assert.equal(row[4], '+12135550177');
    assert.equal(row[6], '=IMPORTXML("http://x/","//a")');
    assert.equal(row[12], a.call);
    assert.match(row[1], /^\d{4}-\d\d-\d\dT/);
    assert.equal(g.of('sheet.append').at(-1).query.get('valueInputOption'), 'RAW');
    await until('the call is there, too', () => rows('Calls', a.call).length === 1);
    assert.deepEqual(book().Calls[0].slice(0, 4), ['Call', 'When', 'Name', 'Phone']);
    assert.equal(rows('Calls', a.call)[0][3], '+12135550177');
  });

  for (const [what, plan] of [
    ['the answer is lost', { on: 'sheet.append', drop: true }],
    ['the line is cut before', { on: 'sheet.append', cut: true }],
    ['the answer is no JSON', { on: 'sheet.append', malformed: true }],
    ['it is limited (429)', { on: 'sheet.append', status: 429, reason: 'RESOURCE_EXHAUSTED', retryAfter: 1 }],
    ['it fails (503)', { on: 'sheet.append', status: 503, reason: 'UNAVAILABLE' }],
    ['the header cannot be read', { on: 'sheet.get', status: 500 }],
  ])
    test(`${what}: one row`, async () => {
      g.next(plan);
      const a = await lead('a tap');
      await hangUp();
      await until('the rows are there', () => rows('Leads', a.lead).length && rows('Calls', a.call).length);
      await until('both are known to be', async () => !/sheets {2}(waiting|claimed)/.test(await d.good('outbox', 'list', '--all')));
      assert.equal(rows('Leads', a.lead).length, 1);
      assert.equal(rows('Calls', a.call).length, 1);
      assert.equal(g.plans.length, 0);
    });

  test('the worker is killed while a row is written: one row', async () => {
    g.next({ on: 'sheet.append', slowAfter: 300 });
    const a = await lead('a pump');
    const n = g.of('sheet.append').length;
    await hangUp();
    await until('it is on its way', () => g.of('sheet.append').length > n);
    await d.kill();
    await d.start();
    await until('both are known to be', async () => rows('Leads', a.lead).length > 0 && rows('Calls', a.call).length > 0 && !/sheets {2}(waiting|claimed)/.test(await d.good('outbox', 'list', '--all')));
    assert.equal(rows('Leads', a.lead).length, 1);
    assert.equal(rows('Calls', a.call).length, 1);
  });

  test('no such sheet: the owner is told, and once it is shared the row comes', async () => {
    const kept = g.sheets.book1;
    delete g.sheets.book1;
    const a = await lead('a roof');
    await hangUp();
    await until('it is told', async () => (await d.attention()).split('\n').filter((l) => /sheets {2}failed/.test(l)).length === 2);
    g.sheets.book1 = kept;
    for (const l of (await d.attention()).split('\n').filter((x) => /sheets {2}failed/.test(x))) await d.good('outbox', 'retry', l.split('  ')[0]);
    await until('the rows are there', () => rows('Leads', a.lead).length === 1 && rows('Calls', a.call).length === 1);
  });
});
