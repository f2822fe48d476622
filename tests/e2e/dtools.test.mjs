// Leads as clients and opportunities in D-Tools Cloud, by the worker and a stand-in: one of each,
// whatever happens to the answers.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { dtools } from '../fakes/dtools.mjs';
import { shopDesk } from './lib/shop.mjs';
import { until } from './stack.mjs';

let d, dt, serial = 0;
before(async () => {
  dt = await dtools();
  for (let i = 0; i < 130; i++) dt.clients.push({ id: `old-${i}`, name: `Old client ${i}`, phone: `(213) 555-${String(1000 + i)}` });
  d = await shopDesk({ ...dt.env, OUTBOX_ASK_MS: '200' });
});
after(async () => { await d?.end(); await dt?.close(); });

const lead = (job) => d.seed('lead', 'shop', `CAdt${++serial}`, job);
const hangUp = () => d.seed('status', `CAdt${serial}`, 'completed');
const mine = (a) => dt.opportunities.filter((o) => o.name.includes(`[${a.lead}]`));
const settled = () => until('it is settled', async () => !/dtools {2}(waiting|claimed)/.test(await d.good('outbox', 'list', '--all')), 60000);
const theirs = () => dt.clients.filter((c) => c.phone === '+12135550177');

test('a lead waits for the end of its call; then a client is made, and an opportunity of theirs', async () => {
  const a = await lead('a dripping tap');
  const shown = await d.good('dtools', 'try', a.lead);
  assert.match(shown, /POST http:\/\/127\.0\.0\.1:\d+\/api\/v1\/\/?Clients\/CreateClient/);
  assert.match(shown, /nothing was written/);
  assert.match(await d.good('dtools', 'try', a.lead, '--look'), /Opportunities\/CreateOpportunity/);
  assert.equal(theirs().length, 0);
  await hangUp();
  await until('it is there', () => mine(a).length, 60000);
  await settled();
  assert.equal(theirs().length, 1);
  const [made] = dt.of('CreateOpportunity');
  assert.deepEqual(made.body, { name: `Phone lead: a dripping tap [${a.lead}]`, clientId: theirs()[0].id, clientName: 'Dana Reed', clientPhone: '+12135550177', leadSource: 'Frontdesk', ...(made.body.clientEmail ? { clientEmail: made.body.clientEmail } : {}) });
  assert.equal(made.headers['content-type'], 'application/json');
  assert.ok(dt.of('GetClients').some((r) => r.query.get('page') === '2')); // looked through to the end
  assert.match(await d.good('dtools', 'try', a.lead, '--look'), /it is there already: opportunity op-/);
});

for (const [what, plan] of [
  ['the answer to the opportunity is lost', { on: 'CreateOpportunity', drop: true }],
  ['the line is cut before it', { on: 'CreateOpportunity', cut: true }],
  ['the answer is no JSON', { on: 'CreateOpportunity', malformed: true }],
  ['it is limited (429)', { on: 'CreateOpportunity', status: 429, retryAfter: 1 }],
  ['it fails (503)', { on: 'CreateOpportunity', status: 503 }],
  ['it cannot be looked through (500)', { on: 'GetClients', status: 500 }],
])
  test(`${what}: one opportunity`, async () => {
    dt.next(plan);
    const a = await lead('a boiler');
    await hangUp();
    await until('it is there', () => mine(a).length, 60000);
    await settled();
    assert.equal(mine(a).length, 1);
    assert.equal(theirs().length, 1);
    assert.equal(dt.plans.length, 0);
  });

test('refused: given up with words, and nothing is made', async () => {
  dt.next({ on: 'CreateOpportunity', status: 400, title: 'Stage is required' });
  const a = await lead('a pump');
  await hangUp();
  await until('it is given up', async () => /dtools {2}failed/.test(await d.good('outbox', 'list')), 60000);
  assert.match(await d.good('outbox', 'list'), /Stage is required/);
  assert.equal(mine(a).length, 0);
  assert.equal((await d.cli('dtools', 'try', 'lead_none')).code, 1);
  assert.equal((await d.cli('dtools', 'try')).code, 2);
});

test('afterwards: key and header are in no log', async () => {
  for (const word of [dt.env.DTOOLS_API_KEY, dt.env.DTOOLS_AUTHORIZATION.slice(6)]) assert.ok(!d.log.includes(word));
});
