// The REST API as its clients meet it, through nginx: every operation of /openapi.json is driven from
// the document, well and badly; the concierge's addresses; and `frontdesk exceptions` over them.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { TestDb } from './lib/db.mjs';
import { run, startDesk, until } from './lib/desk.mjs';
import { ask } from './stack.mjs';

let desk, doc, token, reader, known;
const JSON_TYPE = { 'content-type': 'application/json' };

const SITE = 'https://www.example.com'; // the chat's: asked from its pages, by the chat's own secret
const isChat = (where) => where.startsWith('/v1/chat/');
async function send(method, where, { bearer = isChat(where) ? known.secret : token, body, headers = {} } = {}) {
  if (isChat(where)) headers = { origin: SITE, ...headers };
  const raw = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const res = await ask(desk.url + where, { method, body: raw,
    headers: { ...(bearer ? { authorization: `Bearer ${bearer}` } : {}), ...(raw !== undefined ? JSON_TYPE : {}), ...headers } });
  const text = res.text();
  let json;
  try { json = JSON.parse(text); } catch { /* not JSON */ }
  return { status: res.status, headers: res.headers, text, json };
}
const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(desk.data, 'frontdesk.db'), text], { encoding: 'utf8' }).trim();
const newToken = async (...scope) => /^token (\S{43}) /m.exec((await desk.cli('token', 'new', 'client', '--scope', scope.join(' '))).out)[1];

before(async () => {
  desk = await startDesk({ env: { ANSWER_MODE: 'gather', LOG_LEVEL: 'info' } });
  token = await newToken('read', 'write', 'personal');
  reader = await newToken('read');
  doc = (await send('GET', '/openapi.json', { bearer: null })).json;
  const [tenant, location] = sql('SELECT tenant_id, id FROM location LIMIT 1').split('|');
  const db = new TestDb({ FRONTDESK_DATA: desk.data });
  known = await db.seed('records', tenant, location);
  db.remove();
  known.contacts = (await send('POST', '/v1/contacts', { body: { number: '+14155550161', name: 'Vera' } })).json.id;
  known.exceptions = (await send('POST', '/v1/exceptions', { body: { number: '+14155550162', name: 'Mom' } })).json.id;
  known.appointments = (await send('POST', '/v1/appointments', { body: { slot_id: await slot(0), name: 'Dana' } })).json.id;
  [known.businesses, known.locations] = [tenant, location];
  known.exports = (await send('POST', '/v1/exports', { body: { kind: 'people' } })).json.id;
  known.webhooks = (await send('POST', '/v1/webhooks', { body: { url: 'https://hooks.example.com/known' } })).json.id;
  known.delivery = (await send('POST', `/v1/webhooks/${known.webhooks}/test`)).json.delivery;
  sql(`INSERT INTO web_chat (id, tenant_id, active, origins, greeting, created_at, updated_at) VALUES ('chat_contract', '${tenant}', 1, '${SITE}', '', 1, 1)`);
  ({ id: known.chat, secret: known.secret } = (await send('POST', '/v1/chat/chat_contract/start', { body: { message: 'first' } })).json);
  known.session = (await send('POST', '/v1/voice/session/start', { body: {} })).json.session.id;
  known.sessions = known.session;
});
after(async () => {
  await desk?.end();
  const log = desk.stack.out + desk.stack.err;
  assert.ok(!log.includes(token) && !log.includes(reader), 'a token is in the log');
  assert.doesNotMatch(log, /4155550161|Vera\b/, 'a person is in the log');
});

let service; // of the example business
async function slot(nth) {
  service ??= JSON.parse(sql('SELECT profile FROM tenant LIMIT 1')).services.map((s) => s.name ?? s)[0];
  const got = await send('GET', `/v1/slots?service=${encodeURIComponent(service)}`);
  assert.equal(got.status, 200, got.text);
  return got.json.slots[nth].slot_id;
}

// ---- the document -----------------------------------------------------------------------------------

const operations = () => Object.entries(doc.paths).flatMap(([where, item]) => Object.entries(item).map(([verb, op]) => ({ where, verb, op, name: `${verb} ${where}` })));
const example = (schema) => schema.examples?.[0];

// What the example of the document cannot know: ids of rows that are there, a time that is free …
const special = {
  'post /v1/exceptions': () => ({ number: '+14155550163', name: 'Dad' }),
  'post /v1/contacts': () => ({ number: '+14155550164' }),
  'post /v1/appointments': async () => ({ slot_id: await slot(1), name: 'Dana' }),
  'patch /v1/appointments/{id}': async () => ({ slot_id: await slot(2) }),
  'patch /v1/messages/{id}': () => ({ state: 'heard' }),
  'post /v1/exports': () => ({ kind: 'calls' }),
  'post /v1/webhooks': () => ({ events: ['lead.created', 'call.completed'] }),
  'patch /v1/webhooks/{id}': () => ({ events: '*', state: 'on' }),
  'post /exceptions': () => ({ phone_number: '+14155550165', contact_name: 'Mom' }),
  'post /v1/voice/session/start': () => ({}),
  'post /v1/voice/session/{id}/input': () => ({ text: 'hello' }),
  'post /v1/voice/session/{id}/end': () => ({}),
  'post /telephony/audio': () => ({ call_id: 'contract/1', from: '+14155550199' }),
  'post /telephony/end': () => ({ call_id: 'contract/1' }),
  'post /v1/voice/owner/query': () => ({ text: 'any callbacks?', business: 'plumbing', location: undefined }),
};
// Of these not everything may be said at a time.
const alone = /^post \/(v1\/voice\/session|telephony)\//;
// Not driven well by the document: what they answer is no JSON. They have tests of their own, below and in calendar.test.mjs.
const files = /^\/v1\/calendar\/|^\/metrics\/|^\/docs\/|\/file$/;

function filled(where) {
  const of = where.split('/')[2];
  return where.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(name === 'phone_number' ? '+14155550165' : name === 'file' ? 'x.ics' : name === 'key' ? 'chat_contract' : name === 'delivery' ? known.delivery : name === 'part' ? 'leads' : of === 'voice' ? known.session : known[of]));
}
function query(op) {
  const pairs = op.parameters.filter((p) => p.in === 'query' && (p.required || p.schema.format === 'date')).map((p) => [p.name, p.name === 'service' ? service : example(p.schema)]);
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}
// All that may be sent, by the document's examples, and over it what only this test knows.
async function bodyOf({ name, op }) {
  const schema = op.requestBody?.content['application/json'].schema;
  if (!schema || alone.test(name)) return special[name]?.();
  const shown = Object.fromEntries(Object.entries(schema.properties).map(([key, one]) => [key, example(one)]));
  return { ...shown, ...await special[name]?.() };
}

describe('the document', () => {
  test('is OpenAPI 3.1: names are unique, references lead somewhere', () => {
    assert.equal(doc.openapi, '3.1.0');
    const ids = operations().map(({ op }) => op.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, ref] of JSON.stringify(doc).matchAll(/"\$ref":"#\/([^"]+)"/g))
      assert.ok(ref.split('/').reduce((at, key) => at?.[key], doc), ref);
  });

  test('every example fits its own schema', () => {
    const ajv = new Ajv({ strict: false, formats: { 'date-time': true } });
    ajv.addSchema({ $id: 'doc', components: doc.components });
    for (const { name, op } of operations())
      for (const [status, answer] of Object.entries(op.responses))
        for (const { schema, example: shown } of Object.values(answer.content ?? {}))
          if (shown !== undefined) {
            const fits = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')));
            assert.ok(fits(shown), `${name} ${status}: ${ajv.errorsText(fits.errors)}`);
          }
  });
});

describe('every operation, from the document', () => {
  // One answer: its status is in the document, and its body is what the document says.
  function check({ name, op }, got, wanted) {
    assert.equal(got.status, Number(wanted), `${name}: ${got.status} ${got.text}`);
    let answer = op.responses[wanted];
    assert.ok(answer, `${name}: ${wanted} is not in the document`);
    if (answer.$ref) answer = doc.components.responses[answer.$ref.split('/').at(-1)];
    const [type, content] = Object.entries(answer.content ?? {})[0] ?? [];
    if (!content) return;
    assert.equal(got.headers.get('content-type'), type, name);
    const ajv = new Ajv({ strict: false, formats: { 'date-time': true } });
    ajv.addSchema({ $id: 'doc', components: doc.components });
    const fits = ajv.compile(JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"doc#/')));
    assert.ok(fits(got.json), `${name}: ${ajv.errorsText(fits.errors)} in ${got.text}`);
  }

  test('badly', async () => {
    let tried = 0;
    for (const one of operations()) {
      const { where, verb, op, name } = one, method = verb.toUpperCase(), here = filled(where) + query(op);
      const bad = async (wanted, at, options) => { check(one, await send(method, at, options), wanted); tried++; };
      if (op.security) {
        await bad('401', here, { bearer: null });
        await bad('401', here, { bearer: 'x'.repeat(43) });
        if (op.security[0].token?.some((s) => s !== 'read')) await bad('403', here, { bearer: reader });
      }
      const schema = op.requestBody?.content['application/json'].schema;
      if (schema) {
        await bad('415', here, { body: '<x/>', headers: { 'content-type': 'text/xml' } });
        const much = /voice|telephony/.test(where) ? 4.5 * 1024 : 100; // KiB: past nginx's limit, or the program's
        await bad('413', here, { body: JSON.stringify({ x: 'y'.repeat(much * 1024) }) });
        await bad('422', here, { body: '{"' });
        if (schema.additionalProperties === false) {
          const got = await send(method, here, { body: { ...await bodyOf(one), nonsense: 1 } });
          check(one, got, '422');
          assert.ok(got.json.errors.some((e) => e.pointer === '#/nonsense'), `${name}: ${got.text}`);
        }
        for (const key of schema.required ?? []) {
          const got = await send(method, here, { body: {} });
          check(one, got, '422');
          assert.ok(got.json.errors.some((e) => e.pointer === `#/${key}`), `${name} without ${key}: ${got.text}`);
        }
      }
      if (where.includes('{id}')) await bad('404', filled(where.replace('{id}', 'nobody')) + query(op), { body: await bodyOf(one) });
      if (op.parameters.some((p) => p.name === 'limit')) await bad('422', `${here}${here.includes('?') ? '&' : '?'}limit=9999`);
      for (const p of op.parameters.filter((q) => q.schema.format === 'date')) {
        const got = await send(method, here.replace(new RegExp(`${p.name}=[^&]*`), `${p.name}=2026-02-30`));
        check(one, got, '422');
        assert.equal(got.json.errors[0].name, p.name, `${name}: ${got.text}`);
      }
      if (op.parameters.some((p) => p.name === 'If-Match')) await bad('412', here, { body: await bodyOf(one), headers: { 'if-match': '"0000"' } });
      const other = await send('PUT', here, { body: '{}' });
      assert.equal(other.status, 405, `PUT ${where}`);
      assert.ok(other.headers.get('allow').includes(method), name);
    }
    assert.ok(tried > 150, `${tried}`);
  });

  test('well', async () => {
    const all = operations(), last = (o) => (o.verb === 'delete' || o.where.endsWith('/end') ? 1 : 0);
    for (const one of all.sort((a, b) => last(a) - last(b))) {
      const { where, verb, op, name } = one, here = filled(where) + query(op);
      if (files.test(where)) continue;
      const wanted = Object.keys(op.responses).find((s) => /^2/.test(s));
      const body = await bodyOf(one), key = op.parameters.some((p) => p.name === 'Idempotency-Key') && { 'idempotency-key': `contract-${name}` };
      const go = () => send(verb.toUpperCase(), here, { body, headers: key || {} });
      // a delivery that is under way this very moment is not begun once more
      const got = name === 'post /v1/webhooks/{id}/deliveries/{delivery}' ? await until(name, async () => { const a = await go(); return a.status !== 409 && a; }, 60000) : await go();
      check(one, got, wanted);
      if (op.security?.[0].token) assert.match(got.headers.get('ratelimit') ?? '', /^"token";r=\d+;t=\d+$/, name);
      if (key) {
        const again = await send(verb.toUpperCase(), here, { body, headers: key });
        assert.equal(again.text, got.text, name);
        assert.equal(again.status, got.status, name);
        assert.equal(again.headers.get('idempotent-replayed'), 'true', name);
      }
      if (verb === 'get' && got.headers.get('etag')) {
        const tag = got.headers.get('etag');
        assert.equal((await send('GET', here, { headers: { 'if-none-match': tag } })).status, 304, name);
      }
    }
  });
});

// ---- files, figures and the page --------------------------------------------------------------------

test('a file: asked for, made by the worker, fetched', async () => {
  const asked = await send('POST', '/v1/exports', { body: { kind: 'people' } });
  assert.equal(asked.status, 202, asked.text);
  const at = asked.headers.get('location');
  assert.equal(at, `/v1/exports/${asked.json.id}`);
  const done = await until('the file', async () => { const got = await send('GET', at); return got.json.state === 'done' && got.json; }, 120000);
  const file = await send('GET', done.file);
  assert.equal(file.status, 200, file.text);
  assert.equal(file.headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.match(file.headers.get('content-disposition'), /people\.csv/);
  assert.match(file.text, /4155550161/);
  assert.equal(done.lines, file.text.trim().split('\n').length);
  assert.equal((await send('GET', done.file, { bearer: reader })).status, 403);
});

test('the figures of this week are those of its days', async () => {
  const got = await send('GET', '/v1/reports');
  assert.equal(got.status, 200, got.text);
  const days = got.json.days.map((d) => d.day);
  const again = await send('GET', `/v1/reports?from=${days[0]}&to=${days.at(-1)}`);
  assert.deepEqual(again.json, got.json);
  const here = await send('GET', `/v1/reports?from=${days[0]}&to=${days.at(-1)}&location=${known.locations}`);
  assert.deepEqual([here.json.calls, here.json.location_id], [got.json.calls, known.locations]);
  assert.equal(got.json.calls, got.json.days.reduce((n, d) => n + d.calls, 0));
});

test('the page of it: each part, and its curl is one that works', async () => {
  const page = await send('GET', '/docs/api', { bearer: null });
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const parts = [...page.text.matchAll(/href="(\/docs\/api\/[a-z]+)"/g)].map((m) => m[1]);
  for (const { where } of operations()) assert.ok(page.text.includes(where), where);
  for (const part of parts) assert.equal((await send('GET', part, { bearer: null })).status, 200, part);
  const html = (await send('GET', '/docs/api/leads', { bearer: null })).text;
  const [, shown] = /<pre>(curl [^<]*)<\/pre>/.exec(html);
  const line = shown.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&').replace('TOKEN', token);
  const out = execFileSync('bash', ['-c', `${line} -s --noproxy '*'`], { encoding: 'utf8', cwd: desk.data });
  assert.ok(Array.isArray(JSON.parse(out).leads), out);
});

// ---- through nginx ----------------------------------------------------------------------------------

test('/exceptions is the API for clients, and the owner\'s page for a browser', async () => {
  assert.equal((await send('GET', '/exceptions', { bearer: null })).status, 401);
  assert.equal((await send('GET', '/exceptions', { headers: { accept: 'text/html' } })).status, 200);
  const page = await send('GET', '/exceptions', { bearer: null, headers: { accept: 'text/html,application/xhtml+xml' } });
  assert.notEqual(page.headers.get('content-type'), 'application/problem+json');
});

test('health by all its names', async () => {
  for (const where of ['/healthz', '/healthz/live', '/healthz/ready', '/health', '/api/webhooks/health']) {
    const got = await send('GET', where, { bearer: null });
    assert.deepEqual([got.status, got.text], [200, '{"ok":true}\n'], where);
  }
});

test('a token without the scope "personal" sees no person anywhere', async () => {
  for (const where of ['/v1/contacts', '/v1/exceptions', '/v1/callbacks', '/v1/turns', '/conversations', `/v1/calls/${known.calls}`, `/v1/conversations/${known.calls}`]) {
    const got = await send('GET', where, { bearer: reader });
    assert.equal(got.status, 200, where);
    assert.doesNotMatch(got.text, /\+1415|Vera|Dana|heater/, where);
  }
});

// ---- frontdesk exceptions ---------------------------------------------------------------------------

describe('frontdesk exceptions', () => {
  let folder;
  const cli = (args, { input, env = {}, cwd = folder } = {}) => run(['exceptions', ...args], { cwd, input, env });
  before(() => {
    folder = path.join(desk.data, 'client');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, '.env'), `BASE_URL=${desk.url}/\nAPI_TOKEN=${token}\n`);
    fs.mkdirSync(path.join(folder, 'bare'));
  });

  test('adds, lists, checks and removes by command', async () => {
    const added = await cli(['add', '(415) 555-0171', 'Aunt May', 'friends']);
    assert.equal(added.code, 0, added.err);
    assert.match((await cli(['list'])).out, /^\+14155550171 +Aunt May +friends$/m);
    assert.match((await cli(['check', '415 555 0171'])).out, /Aunt May/);
    const twice = await cli(['add', '+14155550171', 'May']);
    assert.equal(twice.code, 1);
    assert.match(twice.err, /on the list already/);
    assert.equal((await cli(['remove', '+14155550171'])).code, 0);
    const gone = await cli(['check', '+14155550171']);
    assert.deepEqual([gone.code, gone.out], [1, '+14155550171 is not on the list\n']);
    assert.match((await cli(['remove', '+14155550171'])).err, /not on the list/);
  });

  test('asks what to do when no word is given', async () => {
    const got = await cli([], { input: 'add\n+14155550172\nUncle Ben\n\nlist\nnonsense\ncheck\n+14155550172\nremove\n+14155550172\nlist\nquit\n' });
    assert.equal(got.code, 0, got.err);
    assert.match(got.out, /added: \+14155550172 +Uncle Ben +family/);
    assert.match(got.out, /list, add, check, remove or quit/);
    assert.match(got.out, /removed: \+14155550172/);
    assert.equal(got.out.match(/Uncle Ben/g).length, 3);
    assert.equal((await cli([], { input: 'list' })).code, 0); // the input may just end
  });

  test('without settings says what to set', async () => {
    const cwd = path.join(folder, 'bare');
    assert.match((await cli(['list'], { cwd })).err, /Set API_TOKEN in \.env; `frontdesk token new/);
    assert.match((await cli(['list'], { cwd, env: { API_TOKEN: 'x' } })).err, /Set BASE_URL in \.env/);
  });

  for (const [what, args, env, said] of [
    ['a token that is none', ['list'], { API_TOKEN: 'x' }, /401.*not known/],
    ['nobody there', ['list'], { BASE_URL: 'http://127.0.0.1:1' }, /does not answer/],
    ['a number that is none', ['add', 'abc', 'X'], {}, /not a number we can call/],
  ])
    test(`says so: ${what}`, async () => {
      const got = await cli(args, { env });
      assert.equal(got.code, 1, got.out);
      assert.match(got.err, said);
    });
  test('wrongly asked is 2', async () => {
    for (const args of [['nope'], ['add', '+14155550171'], ['list', 'x'], ['check']]) assert.equal((await cli(args)).code, 2, args.join(' '));
  });
});
