// Tokens of an identity provider whose keys are fetched from its address: by the worker, kept in the database, used
// by the REST API; a new key of the provider's, and everything that can go wrong at that address.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { identityProvider } from '../fakes/jwks.mjs';
import { startDesk, until } from './lib/desk.mjs';
import { ask } from './stack.mjs';

let desk, idp;
const CLAIMS = { sub: 'u1', scope: 'frontdesk:read' };
const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(desk.data, 'frontdesk.db'), text], { encoding: 'utf8' }).trim();
const calls = async (token) => {
  const res = await ask(`${desk.url}/v1/calls`, { headers: { authorization: `Bearer ${token}` } });
  return { status: res.status, text: res.text(), headers: res.headers };
};
const failures = () => Number(sql('SELECT failures FROM idp_keys'));
// As if the last fetch were an hour ago, and no failure held the next one up.
const later = () => sql('UPDATE idp_keys SET fetched_at = fetched_at - 3600000, fresh_until = fresh_until - 3600000, not_before = 0');

before(async () => {
  idp = await identityProvider();
  desk = await startDesk({ env: { ANSWER_MODE: 'gather', IDP_JWKS_URL: idp.url, IDP_ISSUER: 'https://id.example.com', IDP_AUDIENCE: 'frontdesk',
    IDP_TENANT_CLAIM: 'business', ALLOW_PRIVATE_ADDRESSES: '1' } });
  CLAIMS.business = sql('SELECT slug FROM tenant LIMIT 1');
});
after(async () => {
  await desk?.end();
  await idp?.close();
});

test('its keys are fetched once, and open the API', async () => {
  const token = idp.token(CLAIMS);
  await until('the keys', async () => (await calls(token)).status === 200);
  assert.equal(idp.asked, 1);
  assert.equal(idp.accept[0], 'GET /jwks.json application/jwk-set+json, application/json');
  const [fetched, fresh] = sql('SELECT fetched_at, fresh_until FROM idp_keys').split('|').map(Number);
  assert.equal(fresh - fetched, 3600e3);
  assert.equal((await calls(idp.token({ ...CLAIMS, business: 'nobody' }))).status, 403);
  assert.equal((await calls(idp.token({ ...CLAIMS, aud: 'others' }))).status, 401);
});

test('a key that is none of its, right after a fetch: refused, and it is not asked', async () => {
  const got = await calls(idp.token(CLAIMS, { as: 'key-made-up' }));
  assert.equal(got.status, 401);
  assert.match(got.text, /not known here/);
  assert.equal(idp.asked, 1);
  assert.equal(sql('SELECT wanted_at FROM idp_keys'), '0');
});

test('a new key: the first token with it waits for a fetch, then it opens', async () => {
  const old = idp.token(CLAIMS);
  idp.rotate();
  const token = idp.token(CLAIMS);
  sql('UPDATE idp_keys SET fetched_at = fetched_at - 3600000'); // long ago, but fresh for long
  const first = await calls(token);
  assert.equal(first.status, 503);
  assert.match(first.text, /new here/);
  assert.equal(first.headers.get('retry-after'), '1');
  await until('the new key', async () => (await calls(token)).status === 200);
  assert.equal(idp.asked, 2);
  assert.equal((await calls(old)).status, 200);
  idp.rotate({ drop: true }); // the others are taken back
  later();
  await until('the old one to be shut out', async () => (await calls(old)).status !== 200);
  await until('the newest', async () => (await calls(idp.token(CLAIMS))).status === 200);
});

for (const [what, plan] of [
  ['too often, with Retry-After', { status: 429, retryAfter: 120 }],
  ['broken', { status: 500 }],
  ['a page in its place', { body: '<html>sign in</html>', headers: { 'content-type': 'text/html' } }],
  ['a set without a key', { body: '{"keys":[]}' }],
  ['a key for other things', { body: '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"key-1"}]}' }],
  ['cut in the middle', { body: '{"keys":[{"kty":"RSA"' }],
  ['more than a set can be', { body: JSON.stringify({ keys: [{ x: 'y'.repeat(300 * 1024) }] }) }],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/jwks.json' } }],
  ['a cut line', { drop: true }],
])
  test(`${what}: what was fetched before goes on`, async () => {
    const token = idp.token(CLAIMS), was = sql('SELECT keys FROM idp_keys');
    const before = idp.asked;
    idp.plan = plan;
    later();
    await until('a try that failed', () => idp.asked > before && failures() > 0);
    assert.equal((await calls(token)).status, 200);
    assert.equal(sql('SELECT keys FROM idp_keys'), was);
    if (plan.retryAfter) assert.ok(Number(sql('SELECT not_before FROM idp_keys')) - Date.now() > 60e3, 'it is asked sooner than it said');
    idp.plan = null;
    sql('UPDATE idp_keys SET not_before = 0');
    await until('a try that did not', () => failures() === 0);
  });

test('slow: nobody waits for it', async () => {
  const before = idp.asked;
  idp.plan = { hold: true };
  later();
  await until('it to be asked', () => idp.asked > before);
  assert.equal((await calls(idp.token(CLAIMS))).status, 200);
  idp.plan = null;
  await until('the time-out', () => failures() > 0, 40000);
  sql('UPDATE idp_keys SET not_before = 0');
  await until('a try that went well', () => failures() === 0);
});
