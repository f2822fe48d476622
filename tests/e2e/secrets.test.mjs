// Secrets of HashiCorp Vault and Azure Key Vault: what is asked, to the byte; what every refusal comes to; that
// no secret is in any output; and a front desk that starts with them, or does not start.
import { test, before, after, beforeEach, describe } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fakeVault } from '../fakes/vault.mjs';
import { closedPort, remove, run, scratch, startDesk, until, TOKEN } from './lib/desk.mjs';

let vault, folder;
const SECRETS = { TWILIO_AUTH_TOKEN: 'twilio-of-the-vault-1', TELEGRAM_BOT_TOKEN: '123:telegram-of-the-vault', NOT_OURS: 'somebody-elses' };
const hashi = (more = {}) => ({ FRONTDESK_DATA: folder, SECRETS_FROM: 'vault', VAULT_ADDR: vault.url, VAULT_TOKEN: vault.token, ...more });
const azure = (more = {}) => ({ FRONTDESK_DATA: folder, SECRETS_FROM: 'azure', AZURE_VAULT_URL: vault.url, AZURE_IDENTITY_URL: vault.url, ...more });
const hidden = () => [...Object.values(vault.secrets).filter((v) => typeof v === 'string' && v), vault.token, vault.roleToken, vault.identityToken, vault.role.secret_id];

async function secrets(env, ...args) {
  const got = await run(['secrets', ...(args.length ? args : ['check'])], { env: { LOG_LEVEL: 'debug', ...env }, cwd: folder });
  for (const secret of hidden()) assert.ok(!(got.out + got.err).includes(secret), `a secret is shown: ${got.out}${got.err}`);
  return got;
}
async function found(env) {
  const got = await secrets(env);
  assert.equal(got.code, 0, got.err);
  return got.out.split('\n').filter((l) => / (vault|azure)$/.test(l)).map((l) => l.split(' ')[0]).sort();
}

before(async () => { vault = await fakeVault(); folder = scratch(); });
after(async () => { await vault?.close(); remove(folder); });
beforeEach(() => { Object.assign(vault, { asked: [], plans: [], secrets: { ...SECRETS }, space: undefined }); });

describe('HashiCorp Vault', () => {
  test('by a token: one question, to the byte; what is not ours is left', async () => {
    assert.deepEqual(await found(hashi()), ['TELEGRAM_BOT_TOKEN', 'TWILIO_AUTH_TOKEN']);
    assert.deepEqual(vault.asked, [{ line: 'GET /v1/secret/data/frontdesk?version=0', 'x-vault-token': vault.token }]);
  });

  test('by an AppRole, in a namespace, at another path', async () => {
    vault.space = 'team/a';
    vault.path = '/v1/kv/data/desk/one';
    const env = hashi({ VAULT_TOKEN: '', VAULT_ROLE_ID: vault.role.role_id, VAULT_SECRET_ID: vault.role.secret_id, VAULT_NAMESPACE: 'team/a', VAULT_PATH: 'kv/desk/one', VAULT_ADDR: `${vault.url}/` });
    assert.deepEqual(await found(env), ['TELEGRAM_BOT_TOKEN', 'TWILIO_AUTH_TOKEN']);
    vault.path = '/v1/secret/data/frontdesk';
    assert.deepEqual(vault.asked, [
      { line: 'POST /v1/auth/approle/login', 'x-vault-namespace': 'team/a', body: `{"role_id":"${vault.role.role_id}","secret_id":"${vault.role.secret_id}"}` },
      { line: 'GET /v1/kv/data/desk/one?version=0', 'x-vault-token': vault.roleToken, 'x-vault-namespace': 'team/a' }]);
  });

  test('busy or sealed for a moment: asked once more, when it says', async () => {
    vault.next({ status: 429, retryAfter: 2 }, { status: 503, body: { errors: ['Vault is sealed'] } });
    const began = Date.now();
    assert.deepEqual(await found(hashi()), ['TELEGRAM_BOT_TOKEN', 'TWILIO_AUTH_TOKEN']);
    assert.ok(Date.now() - began >= 4000, 'it was asked again too soon');
    assert.equal(vault.asked.length, 3);
    vault.next({ drop: true });
    assert.equal((await found(hashi())).length, 2);
  });

  const failures = [
    ['a token that may not', { VAULT_TOKEN: 'hvs.wrong' }, [], 1, /refuses: the token, role or identity may not read there \(HTTP 403\)/],
    ['an AppRole that is none', { VAULT_TOKEN: '', VAULT_ROLE_ID: 'x', VAULT_SECRET_ID: 'y' }, [], 1, /HTTP 400/],
    ['a login without a token', { VAULT_TOKEN: '', VAULT_ROLE_ID: 'x', VAULT_SECRET_ID: 'y' }, [{ body: { auth: null } }], 1, /no secret/],
    ['nothing at that path', { VAULT_PATH: 'secret/other' }, [], 1, /has nothing there \(HTTP 404\)/],
    ['always too often', {}, [{ status: 429 }, { status: 429 }, { status: 429 }], 3, /less often \(HTTP 429\)/],
    ['sealed', {}, [{ status: 503 }, { status: 503 }, { status: 503 }], 3, /is sealed, or not ready \(HTTP 503\)/],
    ['broken', {}, [{ status: 500 }, { status: 500 }, { status: 500 }], 3, /gives no secrets \(HTTP 500\)/],
    ['too slow', { VAULT_TIMEOUT_S: '1' }, [{ hold: true }, { hold: true }, { hold: true }], 3, /cannot be asked for the secrets \(timeout\)/],
    ['a redirect', {}, [{ status: 307 }], 1, /HTTP 307/],
    ['a page in its place', {}, [{ body: '<html>login</html>' }], 1, /no secret/],
    ['no object', {}, [{ body: '[1]' }], 1, /no secret/],
    ['KV of version 1', {}, [{ body: { data: { TWILIO_AUTH_TOKEN: 'x' } } }], 1, /no secret/],
    ['cut in the middle', {}, [{ body: '{"data":{"data":{"TWILIO_AUTH' }], 1, /no secret/],
    ['none of ours', {}, [{ body: { data: { data: { OTHER: 'x' } } } }], 1, /holds none of the secrets/],
    ['no text', {}, [{ body: { data: { data: { TWILIO_AUTH_TOKEN: 42 } } } }], 1, /has TWILIO_AUTH_TOKEN, but as no text of one line/],
    ['of two lines', {}, [{ body: { data: { data: { TWILIO_AUTH_TOKEN: 'a\nb' } } } }], 1, /as no text of one line/],
    ['of ten thousand letters', {}, [{ body: { data: { data: { TWILIO_AUTH_TOKEN: 'a'.repeat(10000) } } } }], 1, /as no text of one line/],
    ['no address', { VAULT_ADDR: '' }, [], 0, /SECRETS_FROM is set, so VAULT_ADDR must be set/],
    ['no token', { VAULT_TOKEN: '' }, [], 0, /VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, must be set/],
    ['half an AppRole', { VAULT_TOKEN: '', VAULT_ROLE_ID: 'x' }, [], 0, /must be set/],
    ['a path that is none', { VAULT_PATH: 'secret' }, [], 0, /VAULT_PATH must be like/],
    ['a path that leads out', { VAULT_PATH: 'secret/../sys' }, [], 0, /VAULT_PATH must be like/],
    ['without TLS over a network', { VAULT_ADDR: 'http://vault.example.com:8200' }, [], 0, /must be asked by https/],
    ['no such kind of place', { SECRETS_FROM: 'aws' }, [], 0, /SECRETS_FROM must be one of/],
  ];
  for (const [what, env, plans, questions, says] of failures)
    test(`${what}: said, and nothing goes on`, async () => {
      vault.next(...plans);
      const got = await secrets(hashi(env));
      assert.notEqual(got.code, 0);
      assert.match(got.err, says);
      assert.equal(vault.asked.length, questions);
    });

  test('nobody there', async () => {
    const got = await secrets(hashi({ VAULT_ADDR: `http://127.0.0.1:${await closedPort()}` }));
    assert.equal(got.code, 1);
    assert.match(got.err, /cannot be asked for the secrets \(connect\)/);
  });
});

describe('Azure Key Vault', () => {
  test('by the identity of the machine: each secret by its name there', async () => {
    vault.next({ status: 404 }); // the identity is not there yet
    assert.deepEqual(await found(azure({ AZURE_CLIENT_ID: '11-aa' })), ['TELEGRAM_BOT_TOKEN', 'TWILIO_AUTH_TOKEN']);
    const identity = { line: 'GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net&client_id=11-aa', metadata: 'true' };
    assert.deepEqual(vault.asked.slice(0, 3), [identity, identity,
      { line: 'GET /secrets/twilio-auth-token/?api-version=7.5', authorization: `Bearer ${vault.identityToken}` }]);
    const names = vault.asked.slice(2).map((a) => a.line.split('/')[2]);
    assert.ok(names.includes('frontdesk-data-key') && names.includes('openai-api-key'));
    assert.ok(!names.includes('vault-token') && !names.includes('frontdesk-port'), 'only secrets, and not what opens the place');
  });

  const failures = [
    ['no identity', [{ status: 404 }, { status: 404 }, { status: 404 }], /identity of this machine.*has nothing there \(HTTP 404\)/],
    ['an identity that is unknown', [{ status: 400 }], /does not understand what it is asked \(HTTP 400\)/],
    ['no token in the answer', [{ body: { token_type: 'Bearer' } }], /identity.*no secret/],
    ['it may not read', [undefined, { status: 403, body: { error: { code: 'Forbidden' } } }], /Azure Key Vault.*refuses.*HTTP 403/],
    ['a secret without a value', [undefined, { body: { id: 'x' } }], /no secret/],
    ['too often', [undefined, { status: 429 }, { status: 429 }, { status: 429 }], /less often \(HTTP 429\)/],
  ];
  for (const [what, plans, says] of failures)
    test(`${what}: said`, async () => {
      vault.plans = [...plans];
      const got = await secrets(azure());
      assert.equal(got.code, 1);
      assert.match(got.err, says);
    });

  test('a vault without any of ours, or without TLS over a network', async () => {
    vault.secrets = {};
    assert.match((await secrets(azure())).err, /holds none of the secrets/);
    assert.match((await secrets(azure({ AZURE_VAULT_URL: 'http://x.vault.azure.net' }))).err, /must be asked by https/);
    assert.match((await secrets(azure({ AZURE_CLIENT_ID: 'a&b' }))).err, /AZURE_CLIENT_ID/);
  });
});

describe('into a folder, for programs that systemd starts', () => {
  let to;
  beforeEach(() => { to = scratch(); });
  const files = () => fs.readdirSync(to).sort();

  test('each in a file for its owner alone, and the list of them', async () => {
    assert.equal((await secrets(hashi(), 'fetch', to)).code, 0);
    assert.deepEqual(files(), ['TELEGRAM_BOT_TOKEN', 'TWILIO_AUTH_TOKEN', 'env']);
    assert.equal(fs.readFileSync(path.join(to, 'TWILIO_AUTH_TOKEN'), 'utf8'), SECRETS.TWILIO_AUTH_TOKEN);
    for (const name of files()) assert.equal(fs.statSync(path.join(to, name)).mode & 0o077, 0, name);
    assert.deepEqual(fs.readFileSync(path.join(to, 'env'), 'utf8').trim().split('\n').sort(),
      [`TELEGRAM_BOT_TOKEN_FILE=${to}/TELEGRAM_BOT_TOKEN`, `TWILIO_AUTH_TOKEN_FILE=${to}/TWILIO_AUTH_TOKEN`]);
    vault.secrets.TWILIO_AUTH_TOKEN = 'rotated-in-the-vault';
    assert.equal((await secrets(hashi(), 'fetch', to)).code, 0);
    assert.equal(fs.readFileSync(path.join(to, 'TWILIO_AUTH_TOKEN'), 'utf8'), 'rotated-in-the-vault');
    // refused: what was there stays whole
    const list = fs.readFileSync(path.join(to, 'env'), 'utf8');
    assert.equal((await secrets(hashi({ VAULT_TOKEN: 'hvs.wrong' }), 'fetch', to)).code, 1);
    assert.equal(fs.readFileSync(path.join(to, 'env'), 'utf8'), list);
    // not wanted any more: the list is gone
    assert.equal((await secrets({ FRONTDESK_DATA: folder }, 'fetch', to)).code, 0);
    assert.ok(!files().includes('env'));
    remove(to);
  });

  test('not where others may look, nor nowhere', async () => {
    fs.chmodSync(to, 0o755);
    const got = await secrets(hashi(), 'fetch', to);
    assert.equal(got.code, 1);
    assert.match(got.err, /yours alone/);
    assert.deepEqual(files(), []);
    assert.equal((await secrets(hashi(), 'fetch', `${to}/none`)).code, 1);
    assert.equal((await secrets(hashi(), 'fetch', 'here')).code, 2);
    assert.equal((await secrets(hashi(), 'fetch')).code, 2);
    assert.equal(vault.asked.length, 0);
    remove(to);
  });
});

describe('a front desk with a vault', () => {
  test('it starts with its secrets; they are in no file and no environment, and a program that is killed has them again', async () => {
    const desk = await startDesk({ env: { ...hashi({ FRONTDESK_DATA: undefined }), ANSWER_MODE: 'gather' } });
    try {
      const own = SECRETS.TWILIO_AUTH_TOKEN;
      assert.equal((await desk.hook('/voice/incoming', {}, { token: own })).status, 200);
      assert.equal((await desk.hook('/voice/incoming', {}, { token: TOKEN })).status, 403, 'the vault counts, not the environment');
      await desk.kill('hook');
      await until('hook answers again', async () => (await desk.hook('/voice/incoming', {}, { token: own })).status === 200);
      for (const name of ['hook', 'worker', 'bridge'].filter((n) => desk.pid(n))) {
        const env = fs.readFileSync(`/proc/${desk.pid(name)}/environ`, 'utf8');
        for (const secret of hidden()) assert.ok(!env.includes(secret), `${name} has a secret in its environment`);
      }
      for (const name of fs.readdirSync(desk.data, { recursive: true })) {
        const file = path.join(desk.data, name);
        if (fs.lstatSync(file).isFile()) assert.ok(!fs.readFileSync(file, 'latin1').includes(own), `${name} has a secret`);
      }
    } finally {
      await desk.end();
    }
  });

  test('it does not start when the vault refuses, and says why', async () => {
    const data = path.join(folder, 'never');
    const got = await run(['run'], { env: { ...hashi({ VAULT_TOKEN: 'hvs.wrong' }), FRONTDESK_DATA: data, FRONTDESK_PORT: '0' } });
    assert.equal(got.code, 1);
    assert.match(got.err, /frontdesk: HashiCorp Vault at http:\/\/127\.0\.0\.1:\d+ refuses.*HTTP 403/);
    assert.ok(!fs.existsSync(data), 'nothing was made');
    for (const args of [['business', 'list'], ['webhooks']])
      assert.match((await run(args, { env: hashi({ VAULT_TOKEN: 'hvs.wrong' }) })).err, /HTTP 403/);
    assert.equal((await run(['settings', 'show'], { env: hashi({ VAULT_TOKEN: 'hvs.wrong' }) })).code, 0);
  });
});
