// Running it: first start, supervision, stopping, the fallback, the operator's commands, install.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { alive, ask, cleanEnv, freePort, listens, program, remove, root, run, scratch, sleep, startStack, until } from './stack.mjs';

const PROGRAMS = ['admin', 'api', 'bridge', 'hook', 'nginx', 'speech', 'worker'];
const mode = (file) => (fs.statSync(file).mode & 0o777).toString(8);

// A document Twilio can follow: well-formed, one Response, known verbs.
function assertTwiml(text, verbs) {
  assert.match(text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<Response>[\s\S]*<\/Response>\s*$/);
  const open = [];
  for (const [, close, name, rest] of text.replace(/<\?.*?\?>/, '').matchAll(/<(\/?)([A-Za-z]+)([^>]*)>/g)) {
    if (close) assert.equal(open.pop(), name);
    else if (!rest.endsWith('/')) open.push(name);
  }
  assert.deepEqual(open, []);
  for (const verb of verbs) assert.ok(text.includes(`<${verb}`), `no <${verb}> in ${text}`);
}

const post = (url, body = 'CallSid=CA1', headers = {}) => ask(url, {
  method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
});

describe('the stack, running', () => {
  let stack;
  before(async () => { stack = await startStack(); });
  after(() => stack.end());

  test('says address, login, password and the command of a call, once', () => {
    assert.match(stack.out, new RegExp(`Dashboard +${stack.url}/`));
    assert.match(stack.out, /Login +owner/);
    assert.match(stack.out, /Password +[a-z]{4}(-[a-z]{4}){4}\n/);
    assert.match(stack.out, /frontdesk call \\\n.*--to \+18605550100/);
    assert.equal(stack.out.match(/Password/g).length, 1);
    // and where what must not be lost is, and who is answered for
    assert.ok(stack.out.includes(`Database   ${stack.data}/frontdesk.db\n`), stack.out);
    assert.ok(stack.out.includes(`Data key   ${stack.data}/data.key `), stack.out);
    assert.match(stack.out, /Business +Harwick Plumbing, which answers \+18605550100\n/);
    assert.equal(stack.out.includes(stack.file('data.key')), false);
    assert.equal(stack.file('run/base-url'), stack.url);
  });

  test('keeps its files to itself', () => {
    assert.equal(mode(stack.data), '700');
    assert.equal(mode(path.join(stack.data, 'run')), '700');
    for (const name of ['data.key', 'frontdesk.db', 'frontdesk.db-wal', 'run/twilio-token', 'run/nginx.conf'])
      assert.equal(mode(path.join(stack.data, name)), '600', name);
    assert.equal(mode(path.join(stack.data, 'run/hook.sock')), '660');
  });

  test('answers through nginx: each address by its program', async () => {
    assert.equal((await ask(`${stack.url}/healthz`)).status, 200);
    assert.match(await (await ask(`${stack.url}/login`)).text(), /<html/);
    assert.equal((await ask(`${stack.url}/v1/calls`)).status, 401);
    for (const url of ['/voice/incoming', '/twilio/voice', '/api/webhooks/incoming-call', '/telephony/inbound'])
      assert.equal((await post(stack.url + url)).status, 403, url);
    const css = await ask(`${stack.url}/static/frontdesk.css?v=1`);
    assert.equal(css.status, 200);
    assert.match(css.headers.get('content-type'), /text\/css/);
    assert.match(css.headers.get('cache-control'), /immutable/);
    assert.equal((await ask(`${stack.url}/static/frontdesk.css`)).headers.get('cache-control'), 'no-cache');
  });

  test('keeps a good request id and replaces a bad one', async () => {
    const id = async (value) => (await ask(`${stack.url}/healthz`, { headers: { 'x-request-id': value } })).headers.get('x-request-id');
    assert.equal(await id('abc-12345'), 'abc-12345');
    assert.match(await id('x"><script>alert(1)'), /^[0-9a-f]{32}$/);
  });

  test('shows nothing of the server and takes no endless body', async () => {
    assert.equal((await ask(`${stack.url}/nowhere`)).headers.get('server'), 'nginx');
    const endless = 'a'.repeat(5 * 1024 * 1024);
    assert.equal((await post(`${stack.url}/login`, endless)).status, 413);
    // a caller would hear an error: there is the fallback instead
    const sorry = await post(`${stack.url}/voice/incoming`, endless);
    assert.equal(sorry.status, 200);
    assert.match(await sorry.text(), /<Say[^>]*>[^<]*sorry/i);
  });

  test('slows down guessing of passwords', async () => {
    const codes = [];
    for (let i = 0; i < 30; i++) codes.push((await post(`${stack.url}/login`, 'login=owner')).status);
    assert.ok(codes.includes(429), codes.join(' '));
    assert.equal((await ask(`${stack.url}/login`)).status, 200);
  });

  test('a second instance on the same folder is refused', async () => {
    const second = await run(['run'], { env: { FRONTDESK_DATA: stack.data, FRONTDESK_PORT: '0' } });
    assert.equal(second.code, 1);
    assert.match(second.err, new RegExp(`runs already.*process ${stack.pid}`));
    assert.equal((await ask(`${stack.url}/healthz`)).status, 200);
  });

  test('a taken port is said in a sentence', async () => {
    const other = scratch();
    const got = await run(['run'], { env: { FRONTDESK_DATA: other, FRONTDESK_PORT: String(stack.port) } });
    remove(other);
    assert.equal(got.code, 1);
    assert.match(got.err, new RegExp(`port ${stack.port}.*FRONTDESK_PORT`));
  });

  for (const name of PROGRAMS)
    test(`${name} is started again when it is killed, and that is said`, async () => {
      const was = stack.children()[name];
      assert.ok(was, `no ${name} among ${JSON.stringify(stack.children())}`);
      process.kill(was, 'SIGKILL');
      await until(`${name} runs again`, () => {
        const now = stack.children()[name];
        return now && now !== was;
      });
      assert.match(stack.err, new RegExp(`frontdesk: ${name} ended \\(signal 9, Killed\\); starting it again in \\d+\\.\\d s`));
      await until('it answers', async () => (await ask(`${stack.url}/healthz`).catch(() => ({}))).status === 200);
    });

  test('a request that comes while its program is down waits and is answered', async () => {
    await sleep(100);
    process.kill(stack.children().hook, 'SIGKILL');
    const got = await post(`${stack.url}/voice/incoming`);
    assert.equal(got.status, 403);
    assert.match(await got.text(), /signature/);
  });

  test('HUP makes nginx read its files again, without a gap', async () => {
    const master = stack.children().nginx;
    const workers = () => fs.readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ');
    const was = workers();
    stack.child.kill('SIGHUP');
    await until('new workers', () => workers().some((w) => !was.includes(w)));
    assert.equal((await ask(`${stack.url}/healthz`)).status, 200);
    assert.equal(stack.children().nginx, master);
  });

  test('/voice/fallback is answered by nginx alone, GET and POST, whoever hangs', async () => {
    const kids = stack.children();
    const others = PROGRAMS.filter((p) => p !== 'nginx').map((p) => kids[p]);
    for (const pid of others) process.kill(pid, 'SIGSTOP');
    try {
      let action;
      for (const url of ['/voice/fallback', '/voice/fallback?ErrorCode=11200'])
        for (const method of ['GET', 'POST']) {
          const got = await ask(stack.url + url, { method, body: method === 'POST' ? 'ErrorCode=11200&CallSid=CA1' : undefined });
          assert.equal(got.status, 200, `${method} ${url}`);
          assert.match(got.headers.get('content-type'), /^text\/xml/);
          assertTwiml(await got.text(), ['Say', 'Record']);
          action = /<Record action="([^"]+)"/.exec(got.text())[1];
        }
      // A caller who is on the line hears it too, before Twilio gives up at 15 s; who has left a
      // message is thanked and not asked again; a report is told the truth.
      const start = Date.now();
      const [next, done, report] = await Promise.all(['/voice/next', action, '/voice/status'].map((u) => post(stack.url + u)));
      assert.equal(next.status, 200);
      assertTwiml(await next.text(), ['Say', 'Record']);
      assert.equal(done.status, 200);
      assertTwiml(await done.text(), ['Say', 'Hangup']);
      assert.equal(report.status, 504);
      assert.ok(Date.now() - start < 14000, `${Date.now() - start} ms`);
    } finally {
      for (const pid of others) process.kill(pid, 'SIGCONT');
    }
  });

  test('files of nginx cannot be asked for by their inner names', async () => {
    for (const url of ['/-/sorry', '/-/thanks']) assert.equal((await ask(stack.url + url)).status, 404, url);
  });

  test('Ctrl-C stops all of it: exit 0, no process, no port, no socket', async () => {
    const kids = Object.values(stack.children());
    const workers = fs.readFileSync(`/proc/${stack.children().nginx}/task/${stack.children().nginx}/children`, 'utf8').trim().split(' ').map(Number);
    assert.equal(kids.length, PROGRAMS.length);
    assert.equal(await stack.stop('SIGINT'), 0, stack.err);
    for (const pid of [...kids, ...workers]) assert.equal(alive(pid), false, `${pid} lives`);
    assert.equal(await listens(stack.port), false);
    assert.deepEqual(fs.readdirSync(path.join(stack.data, 'run')).filter((f) => /sock$|^port$|^base-url$/.test(f)), []);
    assert.doesNotMatch(stack.err, /did not stop/);
  });

  test('the second start says no password and keeps what there was', async () => {
    const secrets = [stack.file('data.key'), stack.file('run/twilio-token'), /Password +(\S+)/.exec(stack.out)[1]];
    const again = await startStack({ folder: stack.data });
    try {
      assert.equal(again.out, `Ready: ${again.url}/   (Ctrl-C stops everything)\n`);
      for (const secret of secrets) assert.equal((again.out + again.err).includes(secret), false);
      assert.match((await run(['user', 'list'], { env: { FRONTDESK_DATA: stack.data } })).out, /^owner /);
    } finally {
      await again.stop('SIGTERM');
    }
    assert.equal(again.code, 0);
  });
});

describe('the stack, otherwise', () => {
  test('a second Ctrl-C stops at once', async () => {
    const stack = await startStack();
    const kids = stack.children();
    process.kill(kids.bridge, 'SIGSTOP'); // it will not obey
    stack.child.kill('SIGINT');
    await sleep(300);
    assert.equal(stack.code, undefined);
    const start = Date.now();
    stack.child.kill('SIGINT');
    assert.equal(await stack.ended, 130);
    assert.ok(Date.now() - start < 2000);
    for (const pid of Object.values(kids)) assert.equal(alive(pid), false);
    stack.remove();
  });

  test('when the supervisor is killed its programs go too', async () => {
    const stack = await startStack();
    const kids = Object.values(stack.children());
    stack.child.kill('SIGKILL');
    await stack.ended;
    await until('all gone', () => kids.every((pid) => !alive(pid)));
    await until('port closed', async () => !(await listens(stack.port)));
    // and the next start on that folder works
    const again = await startStack({ folder: stack.data });
    assert.equal(await again.stop(), 0);
    stack.remove();
  });

  test('folders that are not there are made, for the data and for a database of its own place', async () => {
    const dir = scratch();
    const db = path.join(dir, 'memory/of/callers.db');
    const stack = await startStack({ folder: path.join(dir, 'a/b/data'), env: { CALLER_MEMORY_DB: db } });
    await stack.stop();
    assert.equal(mode(db), '600');
    assert.ok(stack.out.includes(`Database   ${db}\n`), stack.out);
    assert.equal(fs.existsSync(path.join(dir, 'a/b/data/frontdesk.db')), false);
    remove(dir);
  });

  test('a data folder with a long path gets its sockets elsewhere', async () => {
    const base = scratch();
    const folder = path.join(base, 'a'.repeat(90), 'data');
    fs.mkdirSync(path.dirname(folder));
    const stack = await startStack({ folder });
    const sockets = /unix:(\/tmp\/frontdesk-\w+)\/hook\.sock/.exec(stack.file('run/server.conf'))?.[1];
    assert.ok(sockets);
    assert.equal(mode(sockets), '700');
    assert.equal((await ask(`${stack.url}/healthz`)).status, 200);
    assert.equal(await stack.stop(), 0);
    assert.equal(fs.existsSync(sockets), false);
    remove(base);
  });

  test('--quiet keeps the output of the programs in files', async () => {
    const stack = await startStack({ args: ['--quiet'] });
    await stack.stop();
    assert.deepEqual(fs.readdirSync(path.join(stack.data, 'run/log')).sort(), PROGRAMS.map((p) => `${p}.log`));
    assert.doesNotMatch(stack.err, /server\.started/);
    assert.match(stack.file('run/log/hook.log'), /server\.started/);
    stack.remove();
  });

  test('settings reach the example business', async () => {
    const stack = await startStack({ env: { TWILIO_PHONE_NUMBER: '+14155550199', OWNER_CELL_NUMBER: '+14155550198', RECORDING_ENABLED: 'false' } });
    assert.match(stack.out, /--to \+14155550199/);
    assert.match((await run(['business', 'list'], { env: { FRONTDESK_DATA: stack.data } })).out, /plumbing .*\+14155550199/);
    // without recordings the fallback asks for none
    const text = await (await post(`${stack.url}/voice/fallback`)).text();
    assertTwiml(text, ['Say', 'Hangup']);
    assert.doesNotMatch(text, /Record/);
    await stack.end();
  });

  test('a wrong setting is said by name', async () => {
    const got = await run(['run'], { env: { TWILIO_PHONE_NUMBER: '415' } });
    assert.equal(got.code, 2);
    assert.match(got.err, /TWILIO_PHONE_NUMBER/);
  });
});

describe('frontdesk demo', () => {
  const tmp = scratch();
  after(() => remove(tmp));
  const script = (text) => {
    const file = path.join(tmp, 'demo.script');
    fs.writeFileSync(file, text);
    return file;
  };
  // every process whose environment or arguments name our folder
  const left = () => fs.readdirSync('/proc').filter((e) => {
    try { return /^\d+$/.test(e) && Number(e) !== process.pid && fs.readFileSync(`/proc/${e}/environ`, 'latin1').includes(`FRONTDESK_DATA=${tmp}/frontdesk-demo-`); } catch { return false; }
  });
  const nothingLeft = () => {
    assert.deepEqual(left(), []);
    assert.deepEqual(fs.readdirSync(tmp).filter((f) => f.startsWith('frontdesk-demo-')), []);
  };

  test('takes a call with recorded speech, shows it, stores it, leaves nothing', async () => {
    const got = await run(['demo'], { env: { TMPDIR: tmp } });
    assert.equal(got.code, 0, got.out + got.err);
    assert.ok((got.out.match(/^ +\d+\.\d  caller /gm) ?? []).length >= 3, got.out);
    assert.ok((got.out.match(/^ +\d+\.\d  desk /gm) ?? []).length >= 3, got.out);
    assert.match(got.out, /^ +\d+\.\d  does +schedule_callback\([^)]*\) →/m);
    assert.match(got.out, /^  callback  \w+, \(\d{3}\)\s\d{3}-\d{4}: /m);
    nothingLeft();
  });

  test('a call that does not go as it should is a failure, and leaves nothing', async () => {
    const got = await run(['demo', '--script', script('silence 1\nhangup\n')], { env: { TMPDIR: tmp } });
    assert.equal(got.code, 1, got.out);
    assert.match(got.err, /no callback was promised/);
    nothingLeft();
  });

  test('keys and addresses of this machine are kept from it', async () => {
    const got = await run(['demo', '--keep', '--script', script('hangup\n')],
      { env: { TMPDIR: tmp, OPENAI_API_KEY: 'sk-never', REALTIME_URL: 'ws://192.0.2.1/', PUBLIC_BASE_URL: 'https://desk.example.com', TWILIO_AUTH_TOKEN: 't' } });
    const kept = /Kept: (\S+)/.exec(got.out)[1];
    assert.match(fs.readFileSync(path.join(kept, 'run/log/bridge.log'), 'utf8'), /engine="127\.0\.0\.1 offline"/);
    remove(kept);
    nothingLeft();
  });

  test('Ctrl-C in the middle: stopped and removed', async () => {
    const child = spawn(program, ['demo', '--script', script('silence 60\n')],
      { cwd: tmp, env: cleanEnv({ TMPDIR: tmp }), stdio: ['ignore', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.on('data', (d) => (out += d));
    const ended = new Promise((done) => child.on('close', done));
    await until('she speaks', () => /^ +\d+\.\d  desk /m.test(out), 60000);
    assert.equal(left().length, 7); // run and six programs; nginx writes over its environment
    child.kill('SIGINT');
    assert.equal(await ended, 1);
    nothingLeft();
  });

  test('a script that is none is said', async () => {
    const got = await run(['demo', '--script', script('sing\n')], { env: { TMPDIR: tmp } });
    assert.equal(got.code, 1);
    assert.match(got.err, /line 1|sing/);
  });
});

describe('frontdesk doctor signature', () => {
  const vectors = JSON.parse(fs.readFileSync(path.join(root, 'tests/unit/data/signature-vectors.json'), 'utf8')).vectors;
  const dir = scratch();
  after(() => remove(dir));
  const doctor = (v, more = []) => {
    const args = ['doctor', 'signature', '--url', v.url, '--signature', v.signature, '--token', v.auth_token];
    const body = v.kind === 'form' ? v.form_body : v.body;
    if (body) {
      fs.writeFileSync(path.join(dir, 'body'), body);
      args.push('--body-file', path.join(dir, 'body'));
    }
    return run([...args, ...more]);
  };

  for (const v of vectors)
    test(`vector ${v.id}`, async () => {
      const got = await doctor(v);
      assert.equal(got.code, v.strict_expect_valid ? 0 : 1, got.out + got.err);
      assert.match(got.out, v.strict_expect_valid ? /^holds /m : /does not hold|is empty/);
      assert.equal(got.out.includes(v.auth_token), false, 'the token is shown');
      if (v.kind === 'json')
        assert.equal((await doctor(v, ['--content-type', 'application/json'])).code, got.code);
    });

  const classic = vectors.find((v) => v.id.startsWith('v01'));
  const cases = [
    ['http instead of https', { url: classic.url.replace('https', 'http') }, /would hold for https:/],
    ['a slash too many', { url: classic.url.replace('.php?', '.php/?') }, /slash/],
    ['a token with a line end', { auth_token: '12345\n' }, /line end behind it/],
    ['a body with a line end', { form_body: `${classic.form_body}\n` }, /body file has a line end/],
    ['a wrong token', { auth_token: '54321' }, /primary auth token/],
    ['a short signature', { signature: 'abc' }, /3 characters/],
  ];
  for (const [name, change, hint] of cases)
    test(`hint: ${name}`, async () => {
      const got = await doctor({ ...classic, ...change });
      assert.equal(got.code, 1);
      assert.match(got.out, hint);
    });

  test('usage errors are 2, with a sentence', async () => {
    for (const args of [['doctor'], ['doctor', 'nose'], ['doctor', 'signature'], ['doctor', 'signature', '--url', 'x'],
      ['doctor', 'signature', '--url', 'https://a.example/', '--signature', 'x'],
      ['doctor', 'signature', '--url', 'https://a.example/', '--signature', 'x', '--token', 't', '--method', 'PUT'],
      ['doctor', 'signature', '--url', 'https://a.example/', '--signature', 'x', '--token', 't', '--body-file', '/nowhere'],
      ['doctor', 'signature', '--url', 'https://a.example/', '--signature', 'x', '--token', 't', 'more']]) {
      const got = await run(args);
      assert.equal(got.code, 2, args.join(' '));
      assert.match(got.err, /\w+/);
    }
  });

  test('takes the tokens of the settings, the secondary one too', async () => {
    fs.writeFileSync(path.join(dir, 'body'), classic.form_body);
    const got = await run(['doctor', 'signature', '--url', classic.url, '--signature', classic.signature, '--body-file', path.join(dir, 'body')],
      { env: { TWILIO_AUTH_TOKEN: 'new', TWILIO_AUTH_TOKEN_SECONDARY: '12345' } });
    assert.equal(got.code, 0);
    assert.match(got.out, /holds .*TWILIO_AUTH_TOKEN_SECONDARY/);
  });
});

describe('frontdesk db, business, user, token, settings', () => {
  const data = scratch();
  const env = { FRONTDESK_DATA: data };
  const db = path.join(data, 'frontdesk.db');
  after(() => remove(data));

  test('without a database: said how to make one', async () => {
    const got = await run(['user', 'list'], { env });
    assert.equal(got.code, 1);
    assert.match(got.err, /db migrate|data key/);
    assert.equal((await run(['db', 'check'], { env })).code, 1);
  });

  test('migrate makes it; check finds it well', async () => {
    assert.equal((await run(['db', 'migrate'], { env })).code, 0);
    const got = await run(['db', 'check'], { env });
    assert.equal(got.code, 0, got.out);
    assert.doesNotMatch(got.out, /BAD/);
  });

  test('a wrong key is found, and no new one is made for an old database', async () => {
    const wrong = await run(['db', 'check'], { env: { ...env, FRONTDESK_DATA_KEY: 'ab'.repeat(32) } });
    assert.equal(wrong.code, 1);
    assert.match(wrong.out, /BAD +key/);
    fs.renameSync(path.join(data, 'data.key'), path.join(data, 'away'));
    const gone = await run(['run'], { env: { ...env, FRONTDESK_PORT: '0' } });
    assert.equal(gone.code, 1);
    assert.match(gone.err, /data key/);
    assert.equal(fs.existsSync(path.join(data, 'data.key')), false);
    assert.match((await run(['db', 'check'], { env })).out, /BAD +key/);
    fs.renameSync(path.join(data, 'away'), path.join(data, 'data.key'));
  });

  test('a sealed value that was moved or overwritten is found', async () => {
    const copy = path.join(data, 'sealed.db');
    execFileSync('sqlite3', [db, 'PRAGMA wal_checkpoint(TRUNCATE);']);
    fs.copyFileSync(db, copy);
    const there = { env: { ...env, CALLER_MEMORY_DB: copy } };
    assert.equal((await run(['business', 'add', path.join(root, 'businesses', 'plumbing.json')], there)).code, 0);
    assert.equal((await run(['db', 'check'], there)).code, 0);
    execFileSync('sqlite3', [copy, 'UPDATE location SET owner_phone = zeroblob(60);']);
    const got = await run(['db', 'check'], there);
    assert.equal(got.code, 1);
    assert.match(got.out, /BAD +sealed/);
    assert.match(got.err, /location\|owner_phone/);
  });

  test('a damaged database is found', async () => {
    execFileSync('sqlite3', [db, 'PRAGMA wal_checkpoint(TRUNCATE);']);
    const copy = path.join(data, 'damaged.db');
    const bytes = fs.readFileSync(db);
    bytes.fill(0x5a, 4096 + 100, 4096 * 4);
    fs.writeFileSync(copy, bytes);
    const got = await run(['db', 'check'], { env: { ...env, CALLER_MEMORY_DB: copy } });
    assert.equal(got.code, 1);
    assert.match(got.out, /BAD/);
    fs.writeFileSync(copy, 'this is no database, whatever its name says'.repeat(200));
    const none = await run(['db', 'check'], { env: { ...env, CALLER_MEMORY_DB: copy } });
    assert.equal(none.code, 1);
    assert.match(none.out, /cannot be read as a database/);
  });

  test('a newer schema is not touched', async () => {
    const copy = path.join(data, 'newer.db');
    fs.copyFileSync(db, copy);
    execFileSync('sqlite3', [copy, 'PRAGMA user_version=9999;']);
    const got = await run(['db', 'check'], { env: { ...env, CALLER_MEMORY_DB: copy } });
    assert.equal(got.code, 1);
    assert.match(got.out, /BAD +schema.*newer/);
    assert.equal((await run(['db', 'migrate'], { env: { ...env, CALLER_MEMORY_DB: copy } })).code, 1);
  });

  test('business add names the field to mend', async () => {
    const file = path.join(data, 'b.json');
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(path.join(root, 'businesses/plumbing.json'))), zone: 'Here' }, null, 1));
    const bad = await run(['business', 'add', file], { env });
    assert.equal(bad.code, 1);
    assert.match(bad.err, /line \d+: zone must be a time zone/);
    assert.equal((await run(['business', 'add', path.join(root, 'businesses/plumbing.json')], { env })).code, 0);
    assert.match((await run(['business', 'list'], { env })).out, /plumbing +Harwick Plumbing +\+18605550100/);
  });

  test('user add and password: shown once, or taken from standard input', async () => {
    const added = await run(['user', 'add', 'maria'], { env });
    assert.equal(added.code, 0, added.err);
    assert.match(added.out, /password [a-z-]{24} /);
    assert.equal((await run(['user', 'add', 'maria'], { env })).code, 1);
    assert.equal((await run(['user', 'password', 'maria', '--password-stdin'], { env, input: 'a better one than that\n' })).code, 0);
    assert.equal((await run(['user', 'password', 'maria', '--password-stdin'], { env, input: 'short\n' })).code, 2);
    assert.equal((await run(['user', 'password', 'nobody'], { env })).code, 1);
    assert.match((await run(['user', 'list'], { env })).out, /^maria +plumbing +owner +password only +last signed in: never/);
    assert.match((await run(['user', 'role', 'maria', 'staff'], { env })).err, /maria is the last owner of all places/);
    assert.equal((await run(['user', 'role', 'maria', 'boss'], { env })).code, 2);
    assert.match((await run(['user', 'role', 'nobody', 'read'], { env })).err, /There is no login "nobody"/);
    assert.match((await run(['user', 'reset-totp', 'maria'], { env })).out, /signs in with the password alone now/);
    const rows = execFileSync('sqlite3', [db, 'SELECT password_hash FROM user'], { encoding: 'utf8' });
    assert.match(rows, /^\$argon2id\$/);
  });

  test('token new: shown once, kept as a hash', async () => {
    const got = await run(['token', 'new', 'website', '--scope', 'read write'], { env });
    const secret = /^token (\S{43}) /.exec(got.out)?.[1];
    assert.ok(secret, got.out + got.err);
    const rows = execFileSync('sqlite3', [db, "SELECT id || ' ' || name || ' ' || scope FROM token"], { encoding: 'utf8' });
    assert.match(rows, /^[0-9a-f]{64} website read write/);
    assert.equal(rows.includes(secret), false);
    assert.equal((await run(['token', 'new', 'x', '--scope', 'all'], { env })).code, 2);
  });

  test('settings show hides secrets; settings example is .env.example', async () => {
    const got = await run(['settings', 'show'], { env: { ...env, OPENAI_API_KEY: 'sk-very-secret', REALTIME_VOICE: 'cedar' } });
    assert.equal(got.code, 0);
    assert.match(got.out, /OPENAI_API_KEY +\(set\)/);
    assert.match(got.out, /REALTIME_VOICE +cedar/);
    assert.equal(got.out.includes('very-secret'), false);
    const example = (await run(['settings', 'example'])).out;
    assert.equal(example, fs.readFileSync(path.join(root, '.env.example'), 'utf8'));
    const table = /settings table \((\S+)\)/.exec(example)?.[1]; // the file it names is the one to look in
    assert.match(fs.readFileSync(path.join(root, table), 'utf8'), /"TWILIO_AUTH_TOKEN"/);
  });

  test('usage errors are 2', async () => {
    for (const args of [['db'], ['db', 'mend'], ['db', 'check', 'x'], ['business'], ['business', 'add'], ['user', 'add'],
      ['user', 'add', 'Bad Name'], ['token', 'new'], ['settings'], ['run', 'x'], ['run', '--nope'], ['demo', '--nope'], ['nope'], []])
      assert.equal((await run(args, { env })).code, 2, args.join(' '));
  });
});

test('the map of the house in the README shows every folder', () => {
  const map = fs.readFileSync(path.join(root, 'README.md'), 'utf8').split('## The map of the house')[1];
  const folders = fs.readdirSync(root, { withFileTypes: true }).filter((f) => f.isDirectory() && !/^(\.|build$|data$)/.test(f.name));
  assert.ok(folders.length > 10);
  for (const { name } of folders) assert.ok(map.includes(`\`${name}/\``), name);
});

describe('make, on a machine where nothing is installed', () => {
  // what make would do, in its order; the first of it must be the packages, for they may all be missing
  const steps = (...args) => execFileSync('make', ['-n', '--no-print-directory', ...args], { cwd: root, env: cleanEnv({ MAKEFLAGS: '', MAKELEVEL: '' }), encoding: 'utf8' }).split('\n');
  for (const target of ['demo', 'run', 'test', 'check', 'coverage', 'format', 'bench', 'soak', 'fuzz', 'install'])
    test(`make ${target} begins with the packages it needs`, () => assert.match(steps(target)[0], /scripts\/install-packages\.sh (build run|test)/));
  test('make install DESTDIR= asks for none: that machine only builds', () =>
    assert.doesNotMatch(steps('install', 'DESTDIR=/nowhere').join('\n'), /install-packages/));
});

describe('make install', () => {
  const dest = scratch();
  after(() => remove(dest));

  test('puts a tree into DESTDIR that runs', async () => {
    execFileSync('make', ['-s', 'install', `DESTDIR=${dest}`, 'HOST=desk.example.org'],
      { cwd: root, env: cleanEnv({ MAKEFLAGS: '', MAKELEVEL: '' }), stdio: ['ignore', 'ignore', 'pipe'] });
    const exe = path.join(dest, 'usr/bin/frontdesk');
    const stack = await startStack({ exe });
    try {
      assert.match(stack.file('run/server.conf'), new RegExp(`${dest}/usr/share/frontdesk/static/`));
      assert.match(await (await ask(`${stack.url}/login`)).text(), /<html/);
      assert.equal((await ask(`${stack.url}/static/frontdesk.css`)).status, 200);
      assert.equal((await post(`${stack.url}/voice/fallback`)).status, 200);
    } finally {
      await stack.end();
    }
  });

  test('its units are whole', () => {
    const units = path.join(dest, 'usr/lib/systemd/system');
    const names = fs.readdirSync(units);
    for (const name of ['frontdesk.target', 'frontdesk@.socket', 'frontdesk@.service', 'frontdesk-bridge@.service',
      'frontdesk-speech.service', 'frontdesk-worker.service', 'frontdesk-setup.service'])
      assert.ok(names.includes(name), name);
    const copy = path.join(dest, 'units');
    fs.mkdirSync(copy);
    for (const name of names) {
      const text = fs.readFileSync(path.join(units, name), 'utf8');
      assert.doesNotMatch(text, /@[A-Z]+@/, name);
      if (name.endsWith('.service')) assert.match(text, /^Environment="BRIDGE_PORTS=8081"$/m, name);
      if (name.endsWith('.service')) assert.match(text, /NoNewPrivileges=yes/);
      for (const out of name.includes('@.') ? (name.includes('bridge') ? ['8081'] : ['hook', 'api', 'admin']).map((z) => name.replace('@', `@${z}`)) : [name])
        fs.writeFileSync(path.join(copy, out), text.replaceAll(/=(-?)\/usr\/lib\/frontdesk/g, `=$1${dest}/usr/lib/frontdesk`));
    }
    assert.match(fs.readFileSync(path.join(units, 'frontdesk@.socket'), 'utf8'), /SocketMode=0660\n/);
    // where systemd is, it says more
    const all = fs.readdirSync(copy).map((f) => path.join(copy, f));
    const verify = spawnSync('systemd-analyze', ['verify', ...all], { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${copy}:` } });
    if (!verify.error) assert.equal(verify.status, 0, verify.stderr);
  });

  test('its nginx site is one nginx takes, and answers by TLS', async () => {
    const site = path.join(dest, 'site');
    fs.mkdirSync(site);
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=desk.example.org',
      '-keyout', path.join(site, 'privkey.pem'), '-out', path.join(site, 'fullchain.pem')], { stdio: 'ignore' });
    const [http, https] = [await freePort(), await freePort()];
    const share = path.join(dest, 'usr/share/frontdesk');
    for (const f of ['maps.conf', 'server.conf']) {
      const text = fs.readFileSync(path.join(share, 'nginx', f), 'utf8');
      assert.doesNotMatch(text, /"[^"]*@[A-Z]+@/);
      fs.writeFileSync(path.join(share, 'nginx', f), text.replaceAll('/usr/share/frontdesk', share));
    }
    const text = fs.readFileSync(path.join(dest, 'etc/nginx/sites-available/frontdesk'), 'utf8')
      .replaceAll('/usr/share/frontdesk', share).replaceAll('/etc/letsencrypt/live/desk.example.org', site)
      .replace(/^ *listen \[::\].*\n/gm, '').replace('listen 80;', `listen 127.0.0.1:${http};`)
      .replace('listen 443 ', `listen 127.0.0.1:${https} `).replaceAll('/var/log/nginx', site);
    fs.writeFileSync(path.join(site, 'site.conf'), text);
    fs.writeFileSync(path.join(site, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;' : ''}
      daemon off; pid ${site}/pid; events {} http { access_log off; server_tokens build; gzip on;
      ${['client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi'].map((t) => `${t}_temp_path ${site}/${t};`).join(' ')} include ${site}/site.conf; }`);
    const args = ['-p', site, '-c', path.join(site, 'nginx.conf'), '-e', 'stderr'];
    const tested = spawnSync('/usr/sbin/nginx', ['-t', ...args], { encoding: 'utf8' });
    assert.equal(tested.status, 0, tested.stderr);
    const nginx = spawn('/usr/sbin/nginx', args, { stdio: 'ignore' });
    try {
      await until('nginx listens', () => listens(https));
      const moved = await ask(`http://127.0.0.1:${http}/voice/incoming?a=b%20c`);
      assert.equal(moved.status, 301);
      assert.match(moved.headers.get('location'), /^https:\/\/127\.0\.0\.1\/voice\/incoming\?a=b%20c$/);
      // no program runs behind it: the caller hears the fallback, the report is told the truth
      const curl = (...more) => spawnSync('node', ['-e', `
        const https = require('https'); const [method, url] = process.argv.slice(1);
        const req = https.request(url, { method, rejectUnauthorized: false }, (r) => { let b = ''; r.on('data', (d) => b += d);
          r.on('end', () => console.log(JSON.stringify({ status: r.statusCode, headers: r.headers, body: b }))); });
        if (method === 'POST') req.write('a=b'); req.end();`, ...more], { encoding: 'utf8' });
      const tls = (method, url) => JSON.parse(curl(method, `https://127.0.0.1:${https}${url}`).stdout);
      const caller = tls('POST', '/voice/incoming');
      assert.equal(caller.status, 200);
      assertTwiml(caller.body, ['Say', 'Record']);
      assert.match(caller.headers['strict-transport-security'], /max-age/);
      assert.equal(tls('POST', '/voice/status').status, 502);
      assert.equal(tls('GET', '/static/frontdesk.css?v=2').status, 200);
      assert.doesNotMatch(fs.readFileSync(path.join(site, 'frontdesk.log'), 'utf8'), /\?/);
    } finally {
      nginx.kill('SIGTERM');
      await new Promise((done) => nginx.on('close', done));
    }
  });
});
