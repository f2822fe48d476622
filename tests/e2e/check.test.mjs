// frontdesk check: against a running front desk that is well, and against everything that may not be.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { once } from 'node:events';
import { ACCOUNT, twilioRest } from '../fakes/twilio-rest.mjs';
import { startRealtime } from '../fakes/realtime-server.mjs';
import { TO, TOKEN, startDesk } from './lib/desk.mjs';
import { TestDb } from './lib/db.mjs';
import { freePort, remove, run, scratch } from './stack.mjs';

const NAMES = ['settings', 'database', 'disk', 'clock', 'public', 'signature', 'stream', 'model', 'twilio', 'webhooks', 'spend'];

// Run it; `by` are the checks by name, with all they said in one text.
async function check(env, args = [], { cwd } = {}) {
  const got = await run(['check', '--json', ...args], { env: { LOG_LEVEL: 'error', ...env }, cwd });
  assert.equal((got.out + got.err).includes(TOKEN), false, 'the token is shown');
  const report = JSON.parse(got.out);
  assert.equal(got.code, report.ok ? 0 : 1, got.out);
  const by = Object.fromEntries(report.checks.map((c) => [c.name, { ...c, said: c.findings.map((f) => `${f.state}: ${f.text} -> ${f.remedy}`).join('\n') }]));
  return { ...got, report, by };
}
const is = (c, state, words) => {
  assert.equal(c.state, state, c.said);
  if (words) assert.match(c.said, words);
  if (state !== 'ok') assert.ok(c.findings.some((f) => f.remedy), `no remedy: ${c.said}`);
};

// A server that answers as told: {path: [status, headers, body]}, '*' for the rest.
async function answers(pages, { tls, upgrade } = {}) {
  const server = (tls ? https.createServer(tls) : http.createServer()).on('request', (req, res) => {
    const page = pages[req.url] ?? pages['*'];
    if (!page) return; // never
    const [status, headers = {}, body = ''] = page;
    res.sendDate = !('date' in headers);
    if (headers.date === null) delete headers.date;
    res.writeHead(status, headers);
    res.end(body);
  });
  if (upgrade) server.on('upgrade', (req, socket) => socket.end(`HTTP/1.1 ${upgrade} x\r\n\r\n`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `${tls ? 'https' : 'http'}://${tls ? 'localhost' : '127.0.0.1'}:${server.address().port}`,
    close: () => { server.closeAllConnections(); server.close(); } };
}

describe('a front desk that is well', () => {
  let rest, model, desk, env;
  before(async () => {
    rest = await twilioRest({ token: TOKEN });
    rest.number(TO);
    model = await startRealtime();
    const more = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_URL: rest.url, REALTIME_URL: model.url };
    desk = await startDesk({ env: more });
    env = { ...more, FRONTDESK_DATA: desk.data, TWILIO_AUTH_TOKEN: TOKEN, PUBLIC_BASE_URL: desk.url };
    const synced = await run(['numbers', 'sync', '--yes'], { env });
    assert.equal(synced.code, 0, synced.out + synced.err);
  });
  after(async () => { await desk?.end(); await model?.close(); await rest?.close(); });

  test('says so: exit 0, every check in its place', async () => {
    const got = await check(env);
    assert.deepEqual(got.report.checks.map((c) => c.name), NAMES);
    for (const name of NAMES) if (!['public', 'disk'].includes(name)) is(got.by[name], 'ok');
    is(got.by.public, 'warn', /only this network reaches/); // a loopback address
    assert.match(got.by.public.said, /ok: \/healthz answers with HTTP 200/);
    assert.match(got.by.webhooks.said, /1 number and the TwiML application point here/);
    assert.equal(got.report.ok, true);
  });

  test('for people: one line a finding, and what to do below it', async () => {
    const got = await run(['check', 'settings', 'public', 'twilio'], { env });
    assert.equal(got.code, 0, got.out + got.err);
    assert.match(got.out, /^ok {4}settings {3}\d+ set, and all fit\nwarn {2}public .*\n {17}-> good for practice/);
    assert.match(got.out, /^ok {4}twilio {5}account and token fit$/m);
  });

  test('without PUBLIC_BASE_URL the address for practice is looked at', async () => {
    const got = await check({ ...env, PUBLIC_BASE_URL: '' }, ['public', 'signature', 'stream', 'webhooks']);
    is(got.by.public, 'warn', /only practice calls/);
    is(got.by.signature, 'ok');
    is(got.by.stream, 'ok', /the bridge takes a stream/);
    is(got.by.webhooks, 'warn', /PUBLIC_BASE_URL is not set/);
  });

  test('another token, another address: the signature does not hold', async () => {
    const wrong = { ...env, TWILIO_AUTH_TOKEN: 'f'.repeat(32) };
    const got = await check(wrong, ['signature', 'stream', 'twilio']);
    is(got.by.signature, 'fail', /refused \(HTTP 403\)[\s\S]*doctor signature/);
    is(got.by.stream, 'fail', /403 instead of 101/);
    is(got.by.twilio, 'fail', /does not know this account and token/);
    const other = await check({ ...env, PUBLIC_BASE_URL: desk.url.replace('127.0.0.1', 'localhost') }, ['signature']);
    is(other.by.signature, 'fail', /HTTP 403/);
  });

  test('numbers that point elsewhere, or are not there', async () => {
    rest.numbers[0].voice_url = 'https://other.example/';
    is((await check(env, ['webhooks'])).by.webhooks, 'fail', /\+18605550100 \(plumbing\) does not point here: VoiceUrl -> frontdesk numbers sync --business plumbing/);
    const [app] = rest.applications.splice(0);
    is((await check(env, ['webhooks'])).by.webhooks, 'fail', /the TwiML application "Frontdesk 127\.0\.0\.1:\d+" is not there/);
    rest.applications.push({ ...app, status_callback: '' });
    is((await check(env, ['webhooks'])).by.webhooks, 'fail', /does not point here: StatusCallback/);
    const [number] = rest.numbers.splice(0);
    is((await check(env, ['webhooks'])).by.webhooks, 'fail', /is not a number of this Twilio account/);
    rest.numbers.push(number);
    assert.equal((await run(['numbers', 'sync', '--yes'], { env })).code, 0);
    is((await check(env, ['webhooks'])).by.webhooks, 'ok');
    rest.always = { status: 503 };
    is((await check(env, ['twilio', 'webhooks'])).by.webhooks, 'fail', /failure of its own/);
    rest.always = null;
  });

  test('the data key is gone, or another one', async () => {
    is((await check({ ...env, FRONTDESK_DATA_KEY: 'a'.repeat(64) }, ['database'])).by.database, 'fail', /not the one it was made with/);
  });
});

describe('what may be wrong: settings, database, disk', () => {
  let db;
  before(async () => { db = new TestDb({}); await db.init(); });
  after(() => db.remove());

  test('every setting that does not fit, in a sentence, and the other checks run', async () => {
    const dir = scratch();
    fs.writeFileSync(path.join(dir, '.env'), 'TWILIO_TOKEN=x\nOTHER_PROGRAM=y\nFRONTDESK_DATAA_FILE=z\nLOG_LEVEL=loud\nVAD_MARGIN_DB=99\n');
    const got = await run(['check', '--json', 'settings', 'database'], { cwd: dir, env: { FRONTDESK_DATA: db.folder, TWILIO_PHONE_NUMBER: '415',
      OPENAI_API_KEY_FILE: '/nowhere', TWILIO_ACCOUNT_SID: 'AC1', AZURE_OPENAI_KEY: 'k', PUBLIC_BASE_URL: 'http://desk.example.com', REALTIME_AUTH_HEADER: 'x' } });
    assert.equal(got.code, 1);
    const [settings, database] = JSON.parse(got.out).checks;
    const said = settings.findings.map((f) => `${f.state}: ${f.text}`).join('\n');
    for (const words of [/fail: TWILIO_PHONE_NUMBER must be a number/, /fail: OPENAI_API_KEY_FILE names a file/, /fail: LOG_LEVEL must be one of/,
      /fail: VAD_MARGIN_DB must be a whole number from 3 to 30/, /warn: TWILIO_TOKEN in the \.env file is no setting/, /warn: FRONTDESK_DATAA_FILE/,
      /fail: TWILIO_ACCOUNT_SID is not AC/, /fail: TWILIO_ACCOUNT_SID is set and TWILIO_AUTH_TOKEN is not/, /fail: Azure has only 1 of its three/,
      /fail: PUBLIC_BASE_URL is not https/, /fail: REALTIME_AUTH_HEADER must be/]) assert.match(said, words);
    assert.doesNotMatch(said, /OTHER_PROGRAM/);
    assert.equal(database.state, 'ok', JSON.stringify(database));
    assert.ok(settings.findings.every((f) => f.remedy));
    // every other command still refuses to run like that
    assert.equal((await run(['business', 'list'], { cwd: dir, env: { FRONTDESK_DATA: db.folder } })).code, 2);
    remove(dir);
  });

  test('a database that is not there, is none, or is empty of businesses', async () => {
    const dir = scratch();
    const env = { FRONTDESK_DATA: dir };
    is((await check(env, ['database'])).by.database, 'fail', /is not there/);
    assert.equal((await run(['db', 'migrate'], { env })).code, 0);
    is((await check(env, ['database'])).by.database, 'warn', /there is no business yet/);
    fs.writeFileSync(path.join(dir, 'frontdesk.db'), 'this is no database, whatever its name says '.repeat(200));
    is((await check(env, ['database'])).by.database, 'fail', /cannot be read as a database|damaged/);
    remove(dir);
  });

  test('no data folder, little room', async () => {
    is((await check({ FRONTDESK_DATA: '/nowhere/at/all' }, ['disk'])).by.disk, 'fail', /No such file/);
    const got = await check({ FRONTDESK_DATA: db.folder, RECORD_FREE_MB: '1000000' }, ['disk']);
    assert.notEqual(got.by.disk.state, 'ok');
    assert.match(got.by.disk.said, /less than RECORD_FREE_MB/);
  });

  test('asked for what there is not', async () => {
    assert.equal((await run(['check', 'weather'])).code, 2);
    assert.equal((await run(['check', '--limit', '0'])).code, 2);
    assert.equal((await run(['check', '--what'])).code, 2);
  });
});

describe('what may be wrong: the network', () => {
  const dir = scratch();
  const tls = { key: '', cert: '' };
  before(() => {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '5', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost', '-keyout', path.join(dir, 'key'), '-out', path.join(dir, 'cert')], { stdio: 'ignore' });
    for (const k of ['key', 'cert']) tls[k] = fs.readFileSync(path.join(dir, k));
  });
  after(() => remove(dir));
  const env = (more) => ({ FRONTDESK_DATA: dir, TWILIO_API_URL: 'http://127.0.0.1:1', ...more });
  const twiml = [200, { 'content-type': 'text/xml' }, '<?xml version="1.0"?><Response/>'];

  test('the clock is behind or ahead, or nobody knows', async () => {
    for (const [seconds, state, words] of [[0, 'ok', /by http/], [40, 'warn', /4\d s behind/], [-400, 'fail', /\d+ s ahead/], [null, 'warn', /nobody was reached/]]) {
      const date = seconds === null ? null : new Date(Date.now() + seconds * 1000).toUTCString();
      const server = await answers({ '*': [401, { date }] });
      is((await check(env({ TWILIO_API_URL: server.url }), ['clock'])).by.clock, state, words);
      server.close();
    }
  });

  test('a name without address, a port where nobody is', async () => {
    is((await check(env({ PUBLIC_BASE_URL: 'https://desk.invalid' }), ['public'])).by.public, 'fail', /desk\.invalid has no address/);
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const got = await check(env({ PUBLIC_BASE_URL: nobody, TWILIO_AUTH_TOKEN: TOKEN }), ['public', 'signature', 'stream']);
    for (const name of ['public', 'signature', 'stream']) is(got.by[name], 'fail', /is not reached/);
  });

  test('pages that are not ours', async () => {
    for (const [pages, words] of [[{ '*': [301, { location: 'https://elsewhere.example/' }] }, /it leads elsewhere: https:\/\/elsewhere/],
      [{ '*': [502] }, /\/healthz answers with HTTP 502/], [{ '/healthz': [200], '*': [404] }, /the fallback for callers is not there \(HTTP 404\)/],
      [{ '/healthz': [200], '*': [200, {}, 'hello'] }, /the fallback for callers is not there/]]) {
      const server = await answers(pages);
      is((await check(env({ PUBLIC_BASE_URL: server.url }), ['public'])).by.public, 'fail', words);
      server.close();
    }
    const server = await answers({ '/healthz': [200], '/voice/fallback': twiml, '*': [500] }, { upgrade: 502 });
    const got = await check(env({ PUBLIC_BASE_URL: server.url, TWILIO_AUTH_TOKEN: TOKEN }), ['public', 'signature', 'stream']);
    is(got.by.public, 'warn');
    is(got.by.signature, 'fail', /answered with HTTP 500/);
    is(got.by.stream, 'fail', /502 instead of 101/);
    server.close();
  });

  test('a certificate that nobody trusts; and when one ends', async () => {
    const server = await answers({ '*': twiml }, { tls });
    is((await check(env({ PUBLIC_BASE_URL: server.url }), ['public'])).by.public, 'fail', /TLS: .*certificate/);
    const db = new TestDb({});
    const got = await db.seed('cert', `${server.url}/`, path.join(dir, 'cert'));
    assert.equal(got.status, 200);
    assert.ok(Math.abs(got.expires - Date.now() / 1000 - 5 * 86400) < 3600, JSON.stringify(got));
    db.remove();
    server.close();
  });

  test('no token to sign with', async () => {
    const server = await answers({ '*': twiml });
    is((await check(env({ PUBLIC_BASE_URL: server.url }), ['signature'])).by.signature, 'warn', /no token to sign with/);
    server.close();
  });

  test('the model: refused key, unknown model, no credit, nobody there, TLS', async () => {
    for (const [status, state, words] of [[401, 'fail', /refuses the key/], [403, 'fail', /does not let/], [404, 'fail', /no such address or model/],
      [429, 'warn', /no credit/], [500, 'fail', /HTTP 500 instead of 101/], [101, 'ok', /would talk/]]) {
      const server = await answers({}, { upgrade: status });
      is((await check(env({ REALTIME_URL: `${server.url.replace('http', 'ws')}/v1/realtime`, OPENAI_API_KEY: 'k' }), ['model'])).by.model, state, words);
      server.close();
    }
    is((await check(env({ SPEECH_PORT: String(await freePort()) }), ['model'])).by.model, 'fail', /offline is not reached/);
    const secure = await answers({}, { tls, upgrade: 101 });
    const url = `${secure.url.replace('https', 'wss')}/v1/realtime`;
    is((await check(env({ REALTIME_URL: url }), ['model'])).by.model, 'fail', /not reached: .*certificate/);
    is((await check(env({ REALTIME_URL: url, REALTIME_CA_FILE: path.join(dir, 'cert') }), ['model'])).by.model, 'ok');
    secure.close();
  });

  test('no account: practice only', async () => {
    const got = await check(env({}), ['twilio', 'webhooks']);
    for (const name of ['twilio', 'webhooks']) is(got.by[name], 'warn', /no account is set/);
    assert.equal(got.code, 0);
  });

  test('a server that takes the connection and says nothing: no check outlives its limit', async () => {
    const server = await answers({});
    const began = Date.now();
    const got = await check(env({ PUBLIC_BASE_URL: server.url, TWILIO_AUTH_TOKEN: TOKEN }), ['--limit', '1', 'public', 'signature', 'disk']);
    assert.ok(Date.now() - began < 8000);
    is(got.by.public, 'fail', /not done within 1 s/);
    is(got.by.signature, 'fail', /not done within 1 s/);
    assert.notEqual(got.by.disk.state, 'fail');
    server.close();
  });
});
