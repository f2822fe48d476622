// frontdesk call, the phone simulator, against a server that plays Frontdesk's side.
import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { twimlServer, TOKEN } from '../fakes/twiml-server.mjs';
import { cleanEnv, program, remove, scratch } from './stack.mjs';

const folder = scratch('simulator-');
process.on('exit', () => remove(folder));

// Run the command; json lines are parsed, the summary set apart.
function frontdesk(args, { env = {}, signal } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, {
      cwd: folder, env: cleanEnv({ FRONTDESK_DATA: folder, ...env }), stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.on('error', failed);
    let out = '', err = '';
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (err += d));
    if (signal) setTimeout(() => child.kill(signal.name), signal.after);
    child.on('close', (code) => {
      const lines = out.split('\n').filter((l) => l.startsWith('{')).map((l) => JSON.parse(l));
      done({
        code, out, err, events: lines.filter((l) => l.event !== 'summary' && l.event !== 'total'),
        summaries: lines.filter((l) => l.event === 'summary'), summary: lines.find((l) => l.event === 'summary'),
        total: lines.find((l) => l.event === 'total'),
        kinds: (kind) => lines.filter((l) => l.event === kind),
      });
    });
  });
}

// One call to a fake, which is closed after it.
async function call(fake, ...args) {
  const options = typeof args.at(-1) === 'object' ? args.pop() : {};
  try {
    return await frontdesk(['call', '--json', '--url', fake.url, '--token', TOKEN, ...args], options);
  } finally {
    await fake.close();
  }
}

const first = (twiml, more = {}) => ({ '/voice/incoming': twiml, '/voice/status': { status: 204, body: '' }, ...more });
const connect = (fake, inner = '') =>
  `<Connect action="/voice/next"><Stream url="${fake.ws}/media-stream">${inner}</Stream></Connect>`;

// A server whose first page opens a stream; next decides what follows it.
async function streamServer(onStream, more = {}, options = {}) {
  const fake = await twimlServer({ onStream, ...options });
  fake.pages = first(() => connect(fake, more.inner), { '/voice/next': '<Hangup/>', ...more.pages });
  return fake;
}

function script(name, text) {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

function wav(file) {
  const b = fs.readFileSync(file);
  assert.equal(b.toString('latin1', 0, 4), 'RIFF');
  const at = b.indexOf('data') + 8;
  return {
    channels: b.readUInt16LE(22), rate: b.readUInt32LE(24), bits: b.readUInt16LE(34),
    seconds: (b.length - at) / 4 / 8000,
    // loudest sample of one side between two times
    peak(side, from, to) {
      let peak = 0;
      for (let i = Math.floor(from * 8000); i < Math.floor(to * 8000) && at + i * 4 + 4 <= b.length; i++)
        peak = Math.max(peak, Math.abs(b.readInt16LE(at + i * 4 + side * 2)));
      return peak;
    },
  };
}

// A mono 16 kHz 16-bit WAV of a tone.
function toneFile(name, seconds, rate = 16000) {
  const n = seconds * rate, b = Buffer.alloc(44 + n * 2);
  b.write('RIFF', 0); b.writeUInt32LE(36 + n * 2, 4); b.write('WAVEfmt ', 8); b.writeUInt32LE(16, 16);
  b.writeUInt16LE(1, 20); b.writeUInt16LE(1, 22); b.writeUInt32LE(rate, 24); b.writeUInt32LE(rate * 2, 28);
  b.writeUInt16LE(2, 32); b.writeUInt16LE(16, 34); b.write('data', 36); b.writeUInt32LE(n * 2, 40);
  for (let i = 0; i < n; i++) b.writeInt16LE(Math.round(12000 * Math.sin((2 * Math.PI * 500 * i) / rate)), 44 + i * 2);
  const file = path.join(folder, name);
  fs.writeFileSync(file, b);
  return file;
}

describe('the command', { concurrency: 4 }, () => {
  test('is asked wrongly: usage and exit 2', async () => {
    for (const args of [[], ['nonsense'], ['call', '--nonsense'], ['call', '--to'], ['call', '--calls', '0'],
      ['call', '--url', 'http://example.com'], ['call', '--url', 'https://example.com'], ['call', '--url', 'ws://127.0.0.1'],
      ['call', '--ca', 'nothere.pem'],
      ['call', '--dial-result', 'maybe'], ['call', '--digits', '12x'], ['call', '--audio', 'none.wav'],
      ['call', '--say', '']]) {
      const r = await frontdesk(args);
      assert.equal(r.code, 2, args.join(' '));
      assert.notEqual(r.err, '', args.join(' '));
    }
    assert.match((await frontdesk(['call', '--url', 'http://example.com'])).err, /not on this machine/);
  });

  test('help tells of every option and of scripts', async () => {
    const r = await frontdesk(['help', 'call']);
    assert.equal(r.code, 0);
    for (const word of ['--say', '--script', '--record', 'expect-audio', 'interrupt', 'Exit status'])
      assert.ok(r.out.includes(word), word);
    assert.equal((await frontdesk(['call', '--help'])).out, r.out);
    assert.equal((await frontdesk(['--help'])).code, 0);
  });

  test('bad scripts are refused with the line', async () => {
    const cases = { 'dance': /line 1: unknown command "dance"/, '# x\n\nsilence long': /line 3: silence wants seconds/,
      'press 1y': /line 1: press wants keys/, 'hangup now': /line 1: hangup wants nothing/, 'say': /line 1: say wants words/,
      'audio nothere.wav': /line 1: cannot read .*nothere.wav/, 'expect-audio': /line 1: expect-audio wants seconds/ };
    for (const [text, why] of Object.entries(cases)) {
      const r = await frontdesk(['call', '--script', script('bad.txt', text)]);
      assert.equal(r.code, 2, text);
      assert.match(r.err, why);
    }
    assert.equal((await frontdesk(['call', '--script', 'missing'])).code, 2);
  });

  test('nobody there: error 11205, exit 1', async () => {
    const fake = await twimlServer();
    await fake.close();
    const r = await frontdesk(['call', '--json', '--url', fake.url, '--say', 'hello']);
    assert.equal(r.code, 1);
    assert.equal(r.summary.error, 11205);
    assert.equal(r.summary.ended, 'error');
    assert.equal(r.summary.answered, false);
  });
});

describe('webhooks', { concurrency: 4 }, () => {
  test('bear the fields and the signature of Twilio', async () => {
    const fake = await twimlServer({ pages: first('<Say>Hi</Say>') });
    const r = await call(fake, '--to', '(415) 555-0100', '--from', '+14155550199', '--stir', 'TN-Validation-Passed-A', '--text');
    assert.equal(r.code, 0);
    assert.deepEqual(fake.paths(), ['/voice/incoming', '/voice/status']);
    assert.ok(fake.requests.every((q) => q.sigOk), 'signatures');
    const f = fake.requests[0].fields;
    assert.match(f.CallSid, /^CA[0-9a-f]{32}$/);
    assert.match(f.AccountSid, /^AC0{32}$/);
    assert.equal(f.To, '+14155550100');
    assert.equal(f.From, '+14155550199');
    assert.equal(f.CallStatus, 'ringing');
    assert.equal(f.Direction, 'inbound');
    assert.equal(f.ToCity, '');
    assert.equal(f.FromCountry, 'US');
    assert.equal(f.StirVerstat, 'TN-Validation-Passed-A');
    assert.equal(f.ApiVersion, '2010-04-01');
    const s = fake.requests[1].fields;
    assert.equal(s.CallStatus, 'completed');
    assert.equal(s.CallSid, f.CallSid);
    assert.match(s.CallDuration, /^\d+$/);
    assert.match(s.Timestamp, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
    assert.equal(s.SequenceNumber, '0');
  });

  test('status events in order; withheld caller; no token, no signature', async () => {
    const fake = await twimlServer({ pages: first('<Say>Hi</Say>') });
    await call(fake, '--text', '--status-events', '--withheld', '--token', '');
    const status = fake.of('/voice/status');
    assert.deepEqual(status.map((q) => q.fields.CallStatus), ['ringing', 'ringing', 'in-progress', 'completed']);
    assert.deepEqual(status.map((q) => q.fields.SequenceNumber), ['0', '1', '2', '3']);
    assert.equal(fake.requests[0].fields.From, 'anonymous');
    assert.equal(fake.requests[0].headers['x-twilio-signature'], undefined);
  });

  test('the token and the address of the data folder serve practice calls', async () => {
    const data = fs.mkdtempSync(path.join(folder, 'data-'));
    fs.mkdirSync(path.join(data, 'run'));
    fs.writeFileSync(path.join(data, 'run', 'twilio-token'), 'from-the-folder\n');
    const fake = await twimlServer({ pages: first('<Say>Hi</Say>'), token: 'from-the-folder' });
    const env = { FRONTDESK_DATA: data, FRONTDESK_PORT: '0' };
    const lost = await frontdesk(['call', '--text'], { env });
    assert.equal(lost.code, 2);
    assert.match(lost.err, /no stack is running/);
    fs.writeFileSync(path.join(data, 'run', 'base-url'), `${fake.url}\n`);
    const r = await frontdesk(['call', '--json', '--text'], { env });
    await fake.close();
    assert.equal(r.code, 0);
    assert.ok(fake.requests[0].sigOk);
  });

  test('the public address of the stack that runs in the data folder is signed', async () => {
    const data = fs.mkdtempSync(path.join(folder, 'data-'));
    const publicUrl = 'https://desk.example.com';
    const fake = await twimlServer({ publicUrl, pages: first('<Say>Hi</Say>') });
    const port = new URL(fake.url).port;
    fs.mkdirSync(path.join(data, 'run'));
    fs.writeFileSync(path.join(data, 'run', 'port'), `${port}\n`);
    fs.writeFileSync(path.join(data, 'run', 'base-url'), publicUrl);
    const env = { FRONTDESK_DATA: data, TWILIO_AUTH_TOKEN: TOKEN };
    for (const more of [{ FRONTDESK_PORT: '0' }, { FRONTDESK_PORT: port }])
      assert.equal((await frontdesk(['call', '--text'], { env: { ...env, ...more } })).code, 0);
    assert.equal((await frontdesk(['call', '--text', '--url', fake.url], { env })).code, 0);
    assert.equal(fake.of('/voice/incoming').length, 3);
    fake.requests.forEach((q) => assert.ok(q.sigOk, q.path));
    fs.writeFileSync(path.join(data, 'run', 'port'), '1\n'); // another stack's
    await frontdesk(['call', '--text', '--url', fake.url], { env });
    await fake.close();
    assert.equal(fake.of('/voice/incoming').at(-1).sigOk, false);
  });

  test('a port in an https address is not signed', async () => {
    const fake = await twimlServer({ publicUrl: 'https://desk.example.com', pages: first('<Redirect>https://desk.example.com:8443/two</Redirect>', { '/two': '<Say>Two</Say>' }) });
    const r = await call(fake, '--fast', '--public-url', 'https://desk.example.com:8443/');
    assert.equal(r.code, 0);
    fake.requests.forEach((q) => assert.ok(q.sigOk, q.path));
    assert.equal(fake.requests[0].headers.host, 'desk.example.com:8443');
    const other = await twimlServer({ pages: first('<Redirect>https://elsewhere.example.com/two</Redirect>') });
    assert.equal((await call(other, '--fast')).kinds('error')[0].value, 11205, 'other hosts are not asked');
  });

  test('public address: signed in public form, connected on loopback', async () => {
    const fake = await twimlServer({ publicUrl: 'https://desk.example.com' });
    fake.pages = first(`<Redirect>https://desk.example.com/b/two?x=1&amp;y=a%20b</Redirect>`,
      { '/b/two': '<Redirect>three</Redirect>', '/b/three': '<Connect><Stream url="wss://desk.example.com/media"/></Connect><Say>After</Say>' });
    fake.onStream = (s) => s.close();
    const r = await call(fake, '--fast', '--public-url', 'https://desk.example.com/');
    assert.equal(r.code, 0);
    fake.requests.forEach((q) => assert.ok(q.sigOk, q.path));
    assert.deepEqual(fake.paths(), ['/voice/incoming', '/b/two', '/b/three', '/voice/status']);
    assert.equal(fake.requests[0].headers.host, 'desk.example.com');
    assert.equal(fake.streams[0].sigOk, true);
    assert.equal(fake.streams[0].headers.host, 'desk.example.com');
    assert.equal(r.kinds('say')[0].text, 'After');
  });

  test('an HTTP redirect is followed, GET where Twilio makes it GET', async () => {
    const fake = await twimlServer({ pages: first({ status: 302, headers: { location: '/moved' }, body: '' }, { '/moved': '<Say>Here</Say>' }) });
    const r = await call(fake, '--text');
    assert.equal(r.code, 0);
    assert.equal(fake.of('/moved')[0].method, 'GET');
    assert.ok(fake.of('/moved')[0].sigOk);
    assert.equal(fake.of('/moved')[0].fields.CallSid, r.summary.call_sid);
  });
});

describe('verbs', { concurrency: 4 }, () => {
  test('Say, Play, Pause, unknown verb, end of document', async () => {
    const file = toneFile('hold.wav', 1);
    const fake = await twimlServer({ pages: first(
      '<Say voice="x">A &amp; B <break/><emphasis>now</emphasis></Say><Play>/hold.wav</Play><Pause length="1"/><Sing/><say>x</say><Say colour="red">End</Say>',
      { '/hold.wav': () => ({ type: 'audio/wav', body: fs.readFileSync(file) }) }) });
    const started = Date.now();
    const r = await call(fake, '--slow', '--text');
    assert.equal(r.code, 0);
    assert.deepEqual(r.kinds('say').map((e) => e.text), ['A & B now', 'End']);
    assert.equal(r.summary.warnings, 3);
    assert.equal(r.summary.ended, 'receptionist');
    assert.ok(Date.now() - started > 2500, 'one second of tone, one of pause, and the words');
  });

  test('Play that is missing is an error, not the end', async () => {
    const r = await call(await twimlServer({ pages: first('<Play>/none.wav</Play><Say>on</Say>') }), '--text');
    assert.equal(r.code, 0);
    assert.equal(r.summary.error, 11200);
    assert.equal(r.kinds('say').length, 1);
  });

  test('Gather: words, then keys, relative action, fields', async () => {
    const fake = await twimlServer({ pages: first(
      '<Gather input="speech dtmf" action="gather/one?step=1"><Say>Your name?</Say></Gather><Say>no</Say>', {
        '/voice/gather/one': '<Gather input="dtmf" numDigits="2" action="two"><Say>Two digits</Say></Gather>',
        '/voice/gather/two': '<Gather input="dtmf" action="three"><Say>Number, then hash</Say></Gather>',
        '/voice/gather/three': '<Say>Thanks</Say>' }) });
    const r = await call(fake, '--text', '--say', 'Ann Lee', '--digits', '12', '--digits', '345#');
    assert.equal(r.code, 0);
    const [one] = fake.of('/voice/gather/one'), [two] = fake.of('/voice/gather/two'), [three] = fake.of('/voice/gather/three');
    assert.equal(one.query, 'step=1');
    assert.equal(one.fields.SpeechResult, 'Ann Lee');
    assert.match(one.fields.Confidence, /^0\.\d+$/);
    assert.equal(one.fields.CallStatus, 'in-progress');
    assert.equal(two.fields.Digits, '12');
    assert.equal(three.fields.Digits, '345');
    assert.equal(three.fields.FinishedOnKey, '#');
    assert.ok(fake.requests.every((q) => q.sigOk));
  });

  test('Gather: nothing heard, actionOnEmptyResult, current URL, more keys than wanted', async () => {
    const fake = await twimlServer({ pages: first('') });
    let round = 0;
    fake.pages['/voice/incoming'] = (f) => (round++ === 0
      ? '<Gather timeout="1" input="speech"><Say>a</Say></Gather><Gather timeout="1" actionOnEmptyResult="true"/>'
      : round === 2 ? '<Gather numDigits="1" action="/k1"/>' : '<Say>?</Say>');
    fake.pages['/k1'] = '<Gather numDigits="1" action="/k2"/>';
    fake.pages['/k2'] = '<Say>done</Say>';
    const r = await call(fake, '--script', script('empty.txt', 'silence 5\nsilence 5\npress 78\n'), '--text');
    assert.equal(r.code, 0);
    assert.equal(fake.of('/voice/incoming')[1].fields.Digits, '');
    assert.equal(fake.of('/k1')[0].fields.Digits, '7');
    assert.equal(fake.of('/k2')[0].fields.Digits, '8');
  });

  test('Gather: a caller with nothing left hangs up after a few pages', async () => {
    const fake = await twimlServer({ pages: first('<Gather input="speech"><Say>Hm?</Say></Gather><Redirect>/voice/incoming</Redirect>') });
    const r = await call(fake, '--text');
    assert.equal(r.code, 0);
    assert.equal(r.summary.ended, 'caller');
    assert.equal(fake.of('/voice/incoming').length, 3);
  });

  test('Gather: a sound file is heard as the text beside it', async () => {
    const file = toneFile('line.wav', 1);
    fs.writeFileSync(path.join(folder, 'line.txt'), 'The sink\nleaks\n');
    const fake = await twimlServer({ pages: first('<Gather input="speech" action="/a"/>', { '/a': '<Hangup/>' }) });
    await call(fake, '--text', '--audio', file);
    assert.equal(fake.of('/a')[0].fields.SpeechResult, 'The sink leaks');
  });

  test('Dial: no-answer, busy, answered with whisper and keys', async () => {
    const pages = first('<Dial action="/dialled" timeout="9"><Number url="/whisper" statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">+14155550111</Number></Dial><Say>never</Say>', {
      '/dialled': '<Say>Back</Say>', '/leg': { status: 204, body: '' },
      '/whisper': '<Gather numDigits="1" action="/accept" timeout="1"><Say>Press one</Say></Gather><Hangup/>', '/accept': (f) => (f.Digits === '1' ? '' : '<Hangup/>') });
    for (const [result, keys, status, bridged] of [['no-answer', null, 'no-answer', 'false'], ['busy', null, 'busy', 'false'],
      ['answered', '1', 'completed', 'true'], ['answered', null, 'completed', 'true'], ['answered', '2', 'completed', 'false']]) {
      const fake = await twimlServer({ pages });
      const r = await call(fake, '--fast', '--dial-result', result, ...(keys ? ['--dial-keys', keys] : []));
      assert.equal(r.code, 0, result);
      const [d] = fake.of('/dialled');
      assert.equal(d.fields.DialCallStatus, status, `${result} ${keys}`);
      assert.equal(d.fields.DialBridged, bridged, `${result} ${keys}`);
      assert.match(d.fields.DialCallSid, /^CA[0-9a-f]{32}$/);
      const legs = fake.of('/leg').map((q) => q.fields.CallStatus);
      assert.equal(legs[0], 'initiated');
      assert.equal(legs.at(-1), status);
      if (result !== 'answered') continue;
      const w = fake.of('/whisper')[0].fields;
      assert.equal(w.ParentCallSid, r.summary.call_sid);
      assert.equal(w.CallSid, d.fields.DialCallSid);
      assert.equal(w.Direction, 'outbound-dial');
      assert.equal(w.To, '+14155550111');
    }
  });

  test('Dial without action goes on to the next verb', async () => {
    const r = await call(await twimlServer({ pages: first('<Dial>+14155550111</Dial><Say>Still here</Say>') }), '--fast');
    assert.equal(r.kinds('say')[0].text, 'Still here');
    assert.equal(r.code, 0);
  });

  test('Record: lines, key, callback later than the action; empty goes on', async () => {
    const fake = await twimlServer({ pages: first('<Record action="/got" recordingStatusCallback="/rec" finishOnKey="*"/><Say>empty</Say>', {
      '/got': '<Say>Thank you</Say>', '/rec': { status: 204, body: '' } }) });
    const r = await call(fake, '--fast', '--say', 'This is Ann Lee, please call me back', '--say', 'Thanks', '--digits', '*');
    assert.equal(r.code, 0);
    assert.deepEqual(fake.paths(), ['/voice/incoming', '/got', '/rec', '/voice/status']);
    const [got] = fake.of('/got'), [rec] = fake.of('/rec');
    assert.equal(got.fields.Digits, '*');
    assert.ok(Number(got.fields.RecordingDuration) >= 2);
    assert.match(got.fields.RecordingSid, /^RE[0-9a-f]{32}$/);
    assert.ok(got.fields.RecordingUrl.endsWith(got.fields.RecordingSid));
    assert.equal(rec.fields.RecordingStatus, 'completed');
    assert.equal(rec.fields.RecordingSid, got.fields.RecordingSid);

    const quiet = await twimlServer({ pages: first('<Record action="/got"/><Say>empty</Say>', { '/got': '<Hangup/>' }) });
    assert.equal((await call(quiet, '--fast')).kinds('say')[0].text, 'empty');
    const long = await twimlServer({ pages: first('<Record action="/got" maxLength="20"/>', { '/got': '<Hangup/>' }) });
    await call(long, '--fast', '--record-seconds', '90');
    assert.equal(long.of('/got')[0].fields.RecordingDuration, '20');
  });

  test('Redirect by GET; a loop of redirects is an error', async () => {
    const fake = await twimlServer({ pages: first('<Redirect method="GET">/g?a=1</Redirect>', { '/g': '<Say>ok</Say>' }) });
    const r = await call(fake, '--text');
    assert.equal(r.code, 0);
    assert.equal(fake.of('/g')[0].method, 'GET');
    assert.match(fake.of('/g')[0].query, /^a=1&CallSid=CA/);
    assert.ok(fake.of('/g')[0].sigOk);
    const loop = await twimlServer({ pages: first('<Redirect>/b</Redirect>', { '/b': '<Redirect>/voice/incoming</Redirect>' }) });
    const l = await call(loop, '--text');
    assert.equal(l.code, 1);
    assert.equal(l.summary.ended, 'error');
    assert.ok(loop.requests.length < 30);
  });

  test('Reject is no answer, and well', async () => {
    for (const [twiml, status] of [['<Reject reason="busy"/>', 'busy'], ['<Reject/>', 'no-answer']]) {
      const fake = await twimlServer({ pages: first(twiml) });
      const r = await call(fake, '--text');
      assert.equal(r.code, 0);
      assert.equal(r.summary.answered, false);
      assert.equal(r.summary.ended, 'rejected');
      assert.equal(fake.of('/voice/status')[0].fields.CallStatus, status);
    }
  });

  test('audio and plain text as answers', async () => {
    const file = toneFile('whole.wav', 1);
    const audio = await twimlServer({ pages: first(() => ({ type: 'audio/wav', body: fs.readFileSync(file) })) });
    assert.equal((await call(audio, '--text')).kinds('play').length, 1);
    const text = await twimlServer({ pages: first({ type: 'text/plain', body: 'We are closed', raw: true }) });
    assert.equal((await call(text, '--text')).kinds('say')[0].text, 'We are closed');
  });
});

describe('failures', { concurrency: 8 }, () => {
  const bad = {
    'not XML': ['<Response><Say>x</Response>', 12100], 'another root': ['<Html/>', 12100], 'a doctype': ['<!DOCTYPE x><Response/>', 12100],
    'wrong type': [{ type: 'application/json', body: '{}' }, 12300], '500': [{ status: 500, body: 'x' }, 11200],
    'too long': [{ raw: true, body: `<Response><Say>${'x'.repeat(65000)}</Say></Response>` }, 11750],
    'bad redirect': ['<Redirect>ftp://x/</Redirect>', 11100], 'redirect loop of HTTP': [{ status: 307, headers: { location: '/voice/incoming' }, body: '' }, 11215],
  };
  for (const [name, [page, code]] of Object.entries(bad)) {
    test(`${name}: the fallback is asked once`, async () => {
      const body = typeof page === 'string' && !page.startsWith('<Redirect') ? { raw: true, body: page } : page;
      const fake = await twimlServer({ pages: first(body, { '/voice/fallback': '<Say>Please call again later</Say>' }) });
      const r = await call(fake, '--text');
      assert.equal(r.code, 1);
      assert.equal(r.summary.fallback, true);
      assert.equal(r.summary.ended, 'receptionist');
      const f = fake.of('/voice/fallback');
      assert.equal(f.length, 1);
      assert.equal(f[0].fields.ErrorCode, String(code));
      assert.equal(f[0].fields.ErrorUrl, `${fake.url}/voice/incoming`);
      assert.ok(f[0].sigOk);
      assert.equal(r.kinds('say')[0].text, 'Please call again later');
    });
  }

  test('a fallback that fails too ends the call', async () => {
    const fake = await twimlServer({ pages: first({ status: 500, body: '' }) });
    const r = await call(fake, '--text');
    assert.equal(r.code, 1);
    assert.equal(r.summary.ended, 'error');
    assert.equal(fake.of('/voice/fallback').length, 1);
    assert.equal(fake.of('/voice/status')[0].fields.CallStatus, 'failed');
  });

  test('a webhook over 15 seconds', async () => {
    const fake = await twimlServer({ pages: first({ body: '<Say>late</Say>', delay: 17000 }, { '/voice/fallback': '<Say>fallback</Say>' }) });
    const r = await call(fake, '--text');
    assert.equal(r.summary.error, 11205);
    assert.equal(r.kinds('say')[0].text, 'fallback');
    assert.ok(r.summary.webhook_ms >= 14900 && r.summary.webhook_ms < 16500, String(r.summary.webhook_ms));
  });

  test('going round and round is cut', async () => {
    const fake = await twimlServer({ pages: first('<Say>x</Say><Redirect>/voice/incoming</Redirect>') });
    const r = await call(fake, '--text');
    assert.equal(r.code, 1);
    assert.equal(r.summary.ended, 'error');
    assert.equal(r.summary.documents, 300);
  });
});

describe('media streams', { concurrency: 4 }, () => {
  test('messages, numbering and pace as of Twilio', async () => {
    const fake = await streamServer((s) => setTimeout(() => s.close(), 2000), { inner: '<Parameter name="token" value="t &amp; 1"/><Parameter name="from" value="+1"/>' });
    const r = await call(fake);
    assert.equal(r.code, 0);
    const [s] = fake.streams;
    assert.ok(s.sigOk);
    assert.deepEqual(s.messages[0], { event: 'connected', protocol: 'Call', version: '1.0.0' });
    assert.equal(s.start.sequenceNumber, '1');
    assert.match(s.start.streamSid, /^MZ[0-9a-f]{32}$/);
    assert.equal(s.start.start.callSid, r.summary.call_sid);
    assert.deepEqual(s.start.start.customParameters, { token: 't & 1', from: '+1' });
    assert.deepEqual(s.start.start.mediaFormat, { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 });
    assert.deepEqual(s.start.start.tracks, ['inbound']);
    s.media.forEach((m, i) => {
      assert.equal(m.chunk, String(i + 1));
      assert.equal(m.timestamp, String(i * 20));
      assert.equal(m.sequence, String(i + 2));
      assert.equal(m.bytes, 160);
      assert.equal(m.loud, false);
    });
    const ms = (s.media.at(-1).at - s.media[0].at) / (s.media.length - 1);
    assert.ok(Math.abs(ms - 20) < 1, `a frame every ${ms} ms`);
    assert.equal(s.headers['user-agent'], 'Twilio.TmeWs/1.0');
    assert.deepEqual(fake.paths(), ['/voice/incoming', '/voice/next', '/voice/status']);
  });

  test('marks come back when their audio has been heard', async () => {
    const fake = await streamServer((s) => {
      s.t0 = Date.now();
      s.mark('zero');
      s.play(600, 300);
      s.mark('one');
      s.play(405, 5);
      s.mark('two');
      s.mark('end');
      s.on('mark', (m) => m.mark.name === 'end' && s.close());
    });
    await call(fake);
    const [s] = fake.streams;
    const at = Object.fromEntries(s.marks.map((m) => [m.name, m.at - s.t0]));
    assert.deepEqual(s.marks.map((m) => m.name), ['zero', 'one', 'two', 'end']);
    assert.ok(at.zero < 120, `zero ${at.zero}`);
    assert.ok(at.one >= 595 && at.one < 720, `one ${at.one}`);
    assert.ok(at.two >= 1000 && at.two < 1140, `two ${at.two}`);
  });

  test('clear drops the audio and returns pending marks at once', async () => {
    const fake = await streamServer((s) => {
      s.play(3000, 1000);
      s.mark('a');
      s.mark('b');
      setTimeout(() => { s.cleared = Date.now(); s.clear(); }, 500);
      s.on('mark', (m) => m.mark.name === 'b' && setTimeout(() => { s.play(200); s.mark('c'); }, 100));
      s.on('mark', (m) => m.mark.name === 'c' && s.close());
    });
    const r = await call(fake);
    const [s] = fake.streams;
    assert.deepEqual(s.marks.map((m) => m.name), ['a', 'b', 'c']);
    assert.ok(s.marks[1].at - s.cleared < 60, `b ${s.marks[1].at - s.cleared} ms after the clear`);
    assert.ok(s.marks[2].at - s.cleared < 500);
    assert.equal(r.summary.clears, 1);
    const dropped = r.kinds('clear')[0].value;
    assert.ok(dropped > 2300 && dropped < 2600, `dropped ${dropped}`);
  });

  test('a script: waits, speaks, presses, is silent, hangs up with stop', async () => {
    const heard = [];
    const fake = await streamServer((s) => {
      s.play(500);
      let loud = 0, quiet = 0;
      s.on('media', () => {
        const m = s.media.at(-1);
        loud += m.loud;
        quiet = m.loud ? 0 : quiet + 1;
        if (loud > 10 && quiet === 30) { heard.push(m.at - s.opened); loud = 0; s.play(300); }
      });
      s.on('dtmf', () => { if (s.keys === '12#') setTimeout(() => s.play(300), 100); });
    });
    toneFile('beep.wav', 1, 44100);
    const r = await call(fake, '--script', script('all.txt',
      '# a comment\nexpect-audio 2\nsay Hello there, I have a leak\naudio beep.wav\npress 1w2#\nsilence 1\nhangup\n'));
    assert.equal(r.code, 0);
    const [s] = fake.streams;
    assert.equal(heard.length, 2);
    assert.equal(s.keys, '12#');
    assert.equal(s.messages.find((m) => m.event === 'dtmf').dtmf.track, 'inbound_track');
    assert.equal(s.stop.stop.callSid, r.summary.call_sid);
    assert.equal(s.code, 1000);
    assert.equal(r.summary.ended, 'caller');
    const kinds = r.events.map((e) => e.event).filter((k) => ['say', 'audio', 'press', 'hangup'].includes(k));
    assert.deepEqual(kinds, ['say', 'audio', 'press', 'hangup']);
    const ends = r.kinds('speech-end').map((e) => e.t_ms), say = r.kinds('say')[0].t_ms;
    assert.ok(say >= ends[0] && say < ends[0] + 200, 'speaks when she has finished');
    assert.equal(fake.of('/voice/next')[0].fields.CallStatus, 'completed', 'the action is told');
  });

  test('an interruption: barge-in is measured', async () => {
    const fake = await streamServer((s) => {
      s.play(8000, 500);
      s.on('media', () => {
        if (s.media.at(-1).loud && !s.done) { s.done = true; setTimeout(() => s.clear(), 150); setTimeout(() => { s.play(400); s.mark('x'); }, 2500); }
      });
      s.on('mark', (m) => m.mark.name === 'x' && s.close());
    });
    const r = await call(fake, '--script', script('int.txt', 'interrupt 1.5\nsay Wait, stop please\n'));
    assert.equal(r.code, 0);
    const say = r.kinds('say')[0].t_ms - r.kinds('speech-start')[0].t_ms;
    assert.ok(say >= 1480 && say < 1700, `began after ${say} ms`);
    assert.ok(r.summary.barge_in_ms >= 50 && r.summary.barge_in_ms < 400, `barge-in ${r.summary.barge_in_ms}`);
    assert.equal(r.summary.barge_ins, 1);
  });

  test('expect-audio that is not met fails the call', async () => {
    const fake = await streamServer(() => {});
    const r = await call(fake, '--script', script('exp.txt', 'expect-audio 0.5\nsay hello\n'));
    assert.equal(r.code, 1);
    assert.equal(r.summary.ended, 'silent');
  });

  test('silence is borne for a while, then the caller goes on, then hangs up', async () => {
    const fake = await streamServer(() => {});
    const r = await call(fake, '--say', 'Anybody?', '--patience', '0.6', '--linger', '0.5');
    assert.equal(r.code, 0);
    assert.equal(r.kinds('patience').length, 1);
    assert.equal(r.summary.ended, 'caller');
    assert.ok(fake.streams[0].media.some((m) => m.loud));
    assert.equal(r.summary.first_audio_ms, undefined);
  });

  test('gaps and audio never heard are told', async () => {
    const fake = await streamServer((s) => {
      s.play(200);
      setTimeout(() => s.play(200), 350);
      setTimeout(() => { s.play(3000, 1000); setTimeout(() => s.close(), 100); }, 1500);
    });
    const r = await call(fake);
    assert.equal(r.summary.gaps, 1);
    assert.ok(r.summary.gap_ms > 80 && r.summary.gap_ms < 220, `gap ${r.summary.gap_ms}`);
    assert.ok(r.summary.unplayed_ms > 2600, `unplayed ${r.summary.unplayed_ms}`);
  });

  test('no connection: the stream fails, the action is asked', async () => {
    const fake = await streamServer(() => {});
    fake.refuse = () => 503;
    fake.pages['/voice/incoming'] = () => `<Connect action="/voice/next"><Stream url="${fake.ws}/m" statusCallback="/stream"/></Connect>`;
    fake.pages['/stream'] = { status: 204, body: '' };
    const r = await call(fake);
    assert.equal(r.code, 0);
    assert.equal(r.summary.stream_errors, 1);
    assert.ok([31902, 31920].includes(r.summary.error));
    assert.deepEqual(fake.of('/stream').map((q) => q.fields.StreamEvent), ['stream-error']);
    assert.equal(fake.of('/voice/next').length, 1);
    const dead = await twimlServer({ pages: first('<Connect><Stream url="ws://127.0.0.1:9/x"/></Connect><Say>Sorry</Say>') });
    const d = await call(dead);
    assert.equal(d.kinds('say')[0].text, 'Sorry');
    assert.equal(d.summary.error, 31902);
  });

  test('wrong stream addresses fail as with Twilio', async () => {
    for (const [url, code] of [['ws://desk.example.com/m', 31922], ['wss://elsewhere.example.com/m', 31902], ['ws://127.0.0.1:1/m?x=1', 31920], ['nonsense', 31922]]) {
      const r = await call(await twimlServer({ pages: first(`<Connect><Stream url="${url}"/></Connect><Say>after</Say>`) }), '--fast');
      assert.equal(r.summary.error, code, url);
      assert.equal(r.kinds('say')[0].text, 'after');
    }
  });

  test('stream status callbacks', async () => {
    const fake = await streamServer((s) => s.close());
    fake.pages['/voice/incoming'] = () => `<Connect action="/voice/next"><Stream name="n1" url="${fake.ws}/m" statusCallback="${fake.url}/stream"/></Connect>`;
    fake.pages['/stream'] = { status: 204, body: '' };
    await call(fake);
    const f = fake.of('/stream').map((q) => q.fields);
    assert.deepEqual(f.map((x) => x.StreamEvent), ['stream-started', 'stream-stopped']);
    assert.equal(f[0].StreamName, 'n1');
    assert.equal(f[0].StreamSid, fake.streams[0].sid);
    assert.match(f[0].Timestamp, /^\d{4}-\d\d-\d\dT/);
  });

  test('what Twilio does not take ends the stream with 31924', async () => {
    const wrongs = [(s) => s.ws.send('{"event":"dance"}'), (s) => s.ws.send('no json'), (s) => s.ws.send(Buffer.from([1, 2, 3])),
      (s) => s.ws.send(JSON.stringify({ event: 'media', streamSid: s.sid, media: { payload: '***' } })), (s) => s.ws.send('x'.repeat(3 << 20))];
    for (const wrong of wrongs) {
      const fake = await streamServer((s) => wrong(s));
      const r = await call(fake);
      assert.equal(r.summary.error, 31924, String(wrong));
      assert.equal(r.summary.stream_errors, 1);
      assert.equal(fake.of('/voice/next').length, 1);
    }
    const other = await streamServer((s) => { s.send({ event: 'clear', streamSid: 'MZother' }); setTimeout(() => s.close(), 200); });
    const r = await call(other);
    assert.equal(r.summary.stream_errors, 0);
    assert.equal(r.summary.clears, 0);
  });

  test('a server that is gone without goodbye: the call goes on', async () => {
    const fake = await streamServer((s) => setTimeout(() => s.ws.terminate(), 300));
    const r = await call(fake);
    assert.equal(r.code, 0);
    assert.equal(fake.of('/voice/next')[0].fields.CallStatus, 'in-progress');
  });

  test('both sides in one recording, at the right time', async () => {
    const fake = await streamServer((s) => {
      setTimeout(() => s.play(1000), 500);
      let loud = 0, quiet = 0;
      s.on('media', () => {
        const m = s.media.at(-1);
        loud += m.loud;
        quiet = m.loud ? 0 : quiet + 1;
        if (loud > 10 && quiet === 20) setTimeout(() => s.close(), 300);
      });
    });
    const file = path.join(folder, 'both.wav');
    const r = await call(fake, '--audio', toneFile('caller.wav', 1, 48000), '--record', file);
    const w = wav(file);
    assert.deepEqual([w.channels, w.rate, w.bits], [2, 8000, 16]);
    assert.ok(Math.abs(w.seconds - r.summary.duration_ms / 1000) < 0.1, `${w.seconds} s`);
    const t0 = r.kinds('stream-start')[0].t_ms / 1000, say = r.kinds('audio')[0].t_ms / 1000;
    assert.equal(w.peak(1, t0, t0 + 0.45), 0);
    assert.ok(w.peak(1, t0 + 0.6, t0 + 1.4) > 5000);
    assert.equal(w.peak(0, t0, say - 0.05), 0);
    assert.ok(w.peak(0, say + 0.1, say + 0.9) > 5000);
    assert.equal(w.peak(1, say, say + 0.9), 0);
  });

  test('twenty calls at once, with progress', async () => {
    const fake = await streamServer((s) => {
      s.play(800);
      let loud = 0, quiet = 0;
      s.on('media', () => {
        const m = s.media.at(-1);
        loud += m.loud;
        quiet = m.loud ? 0 : quiet + 1;
        if (loud > 10 && quiet === 20) { s.play(300); s.mark('bye'); loud = 0; }
      });
      s.on('mark', (m) => m.mark.name === 'bye' && s.close());
    });
    const r = await call(fake, '--calls', '20', '--say', 'Good morning', '--record', path.join(folder, 'n.wav'));
    assert.equal(r.code, 0);
    assert.equal(r.summaries.length, 20);
    assert.ok(r.summaries.every((s) => s.ok && s.answered));
    assert.equal(new Set(r.summaries.map((s) => s.call_sid)).size, 20);
    assert.deepEqual([r.total.calls, r.total.answered, r.total.ok], [20, 20, 20]);
    assert.match(r.err, /20 of 20 answered, 20 done, 0 failed/);
    for (const s of fake.streams) {
      const ms = (s.media.at(-1).at - s.media[0].at) / (s.media.length - 1);
      assert.ok(Math.abs(ms - 20) < 2, `a frame every ${ms} ms`);
    }
    assert.equal(wav(path.join(folder, 'n-20.wav')).channels, 2);
    assert.ok(fake.requests.every((q) => q.sigOk));
  });

  test('one of several fails: exit 1', async () => {
    let n = 0;
    const fake = await twimlServer({ pages: first(() => (n++ === 1 ? { status: 500, body: '' } : '<Say>Hi</Say>')) });
    const r = await call(fake, '--text', '--calls', '3');
    assert.equal(r.code, 1);
    assert.equal(r.total.ok, 2);
  });
});

describe('the caller hangs up', { concurrency: 8 }, () => {
  const stages = {
    'while the webhook is asked': [{ body: '<Say>x</Say>', delay: 3000 }, 'canceled'],
    'while she reads': [`<Say>${'long words '.repeat(50)}</Say>`, 'completed'],
    'in a pause': ['<Pause length="20"/><Say>x</Say>', 'canceled'],
    'on a page that listens': ['<Gather timeout="20"><Say>a</Say></Gather>', 'completed'],
    'while it rings': ['<Dial action="/voice/next">+14155550111</Dial>', 'completed'],
    'into a recording': ['<Record action="/voice/next" timeout="20"/>', 'completed'],
  };
  for (const [stage, [page, status]] of Object.entries(stages)) {
    test(stage, async () => {
      const fake = await twimlServer({ pages: first(page, { '/voice/next': '<Say>never run</Say>' }) });
      const started = Date.now();
      const r = await call(fake, '--hangup-after', '1');
      assert.equal(r.code, 0);
      assert.equal(r.summary.ended, 'caller');
      assert.ok(Date.now() - started < 3000);
      assert.equal(fake.of('/voice/status').at(-1).fields.CallStatus, status);
      assert.ok(!r.kinds('say').some((e) => e.text === 'never run'));
      if (stage === 'while it rings') assert.equal(fake.of('/voice/next')[0].fields.CallStatus, 'completed');
    });
  }

  test('during the handshake of the stream', async () => {
    const fake = await streamServer(() => {});
    const net = await import('node:net');
    const deaf = net.createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((ok) => deaf.once('listening', ok));
    fake.pages['/voice/incoming'] = `<Connect><Stream url="ws://127.0.0.1:${deaf.address().port}/m"/></Connect>`;
    const r = await call(fake, '--hangup-after', '1');
    deaf.close();
    assert.equal(r.code, 0);
    assert.equal(r.summary.ended, 'caller');
    assert.ok(r.summary.duration_ms < 2500);
  });

  test('in the stream, by time and by script in a Gather and a Record', async () => {
    const fake = await streamServer((s) => s.play(5000, 1000));
    const r = await call(fake, '--hangup-after', '1.5');
    assert.equal(r.code, 0);
    assert.ok(fake.streams[0].stop);
    assert.ok(Math.abs(r.summary.duration_ms - 1500) < 400);
    const gather = await twimlServer({ pages: first('<Gather input="speech"><Say>a</Say></Gather>') });
    assert.equal((await call(gather, '--text', '--script', script('h.txt', 'hangup\n'))).summary.ended, 'caller');
    const rec = await twimlServer({ pages: first('<Record action="/got"/>', { '/got': '<Hangup/>' }) });
    await call(rec, '--fast', '--script', script('r.txt', 'say call me\nhangup\n'));
    assert.equal(rec.of('/got')[0].fields.Digits, 'hangup');
    assert.equal(rec.of('/got')[0].fields.CallStatus, 'completed');
  });

  test('--max-seconds is a failure; Ctrl-C hangs up', async () => {
    const fake = await streamServer((s) => setInterval(() => !s.closed && s.play(100), 100).unref());
    const r = await call(fake, '--max-seconds', '1');
    assert.equal(r.code, 1);
    assert.equal(r.summary.ended, 'timeout');
    assert.ok(fake.streams[0].stop);
    const other = await streamServer((s) => s.play(9000, 1000));
    const c = await call(other, { signal: { name: 'SIGINT', after: 1200 } });
    assert.equal(c.code, 1);
    assert.equal(c.summary.ended, 'stopped');
    assert.equal(other.of('/voice/status').length, 1);
  });
});

test('the text of a log has time, who and what', async () => {
  const fake = await twimlServer({ pages: first('<Say>Good\n\tday</Say>') });
  const r = await frontdesk(['call', '--url', fake.url, '--token', TOKEN, '--text']);
  await fake.close();
  assert.match(r.out, /^ +0\.\d\ds {2}caller {8}\+14155550134 calls \+18605550100$/m);
  assert.match(r.out, /receptionist {2}says: Good {2}day$/m);
  assert.match(r.out, /^ok {6}answered/m);
  const quiet = await twimlServer({ pages: first('<Say>Hi</Say>') });
  const q = await frontdesk(['call', '--url', quiet.url, '--text', '--quiet']);
  await quiet.close();
  assert.equal(q.out.trim().split('\n').length, 1);
});
