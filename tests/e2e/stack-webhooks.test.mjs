// Webhooks through the whole stack: who is answered, what a repeat does, and what a caller hears when
// something is missing. The model cannot be reached here, so nothing waits for a voice.
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import twilio from 'twilio';
import { WebSocket } from 'ws';
import { ask, children } from './stack.mjs';
import { TwilioPeer } from './lib/twilio-peer.mjs';
import { OLD_TOKEN, OWNER, TO, TOKEN, caller, closedPort, sid, signIn, startDesk, until } from './lib/desk.mjs';

const streamToken = (text) => /<Parameter name="token" value="([^"]+)"/.exec(text)?.[1];
const verbs = (text) => [...text.matchAll(/<([A-Z][A-Za-z]+)/g)].map((m) => m[1]);

let desk;
before(async () => {
  desk = await startDesk({ env: { REALTIME_URL: `ws://127.0.0.1:${await closedPort()}/` } });
});
after(() => desk.end());

// A media stream with that token, to its end. True: the bridge took it as this call's.
async function claims(callSid, token) {
  const peer = new TwilioPeer(`${desk.url.replace('http', 'ws')}/media-stream`, { callSid, token });
  await peer.open();
  peer.begin();
  await peer.closed;
  return Boolean((await desk.row(callSid)).stream_started_at);
}

describe('one call, however often its webhook comes', () => {
  test('one row; the newest token opens the stream once, an older one never', async () => {
    const more = { CallSid: sid(), From: caller() };
    const first = await desk.hook('/voice/incoming', more);
    const second = await desk.hook('/voice/incoming', more);
    for (const r of [first, second]) {
      assert.equal(r.status, 200);
      assert.equal(r.type, 'text/xml; charset=utf-8');
      assert.deepEqual(verbs(r.text), ['Response', 'Connect', 'Stream', 'Parameter']);
    }
    assert.notEqual(streamToken(first.text), streamToken(second.text));
    assert.equal((await desk.list()).filter((c) => c.call_sid === more.CallSid).length, 1);
    assert.equal(await claims(more.CallSid, streamToken(first.text)), false);
    assert.equal(await claims(more.CallSid, streamToken(second.text)), true);
    const events = (await desk.row(more.CallSid)).events.filter((e) => e.name === 'connected');
    assert.equal(events.length, 1);
    await claims(more.CallSid, streamToken(second.text)); // once more: refused
    assert.equal((await desk.row(more.CallSid)).events.filter((e) => e.name === 'connected').length, 1);
    // a repeat that comes after the stream goes on from there instead of beginning anew
    assert.ok(verbs((await desk.hook('/voice/incoming', more)).text).includes('Gather'));
  });

  test('twelve at once: one row, one good token', async () => {
    const more = { CallSid: sid(), From: caller() };
    const all = await Promise.all(Array.from({ length: 12 }, () => desk.hook('/voice/incoming', more)));
    for (const r of all) assert.equal(r.status, 200);
    const tokens = all.map((r) => streamToken(r.text));
    assert.equal(new Set(tokens).size, 12);
    assert.equal((await desk.list()).filter((c) => c.call_sid === more.CallSid).length, 1);
    let good = 0;
    for (const token of tokens) {
      const had = Boolean((await desk.row(more.CallSid)).stream_started_at);
      if (await claims(more.CallSid, token) && !had) good++;
    }
    assert.equal(good, 1);
    assert.equal((await desk.row(more.CallSid)).events.filter((e) => e.name === 'connected').length, 1);
  });

  test('a token of another call opens nothing', async () => {
    const [a, b] = [sid(), sid()];
    const token = streamToken((await desk.hook('/voice/incoming', { CallSid: a })).text);
    await desk.hook('/voice/incoming', { CallSid: b });
    assert.equal(await claims(b, token), false);
    assert.equal((await desk.row(a)).stream_started_at ?? null, null);
    assert.equal(await claims(a, token), true);
  });
});

describe('signatures', () => {
  const refusedToday = async (page) => Number(/(\d+) webhooks? (?:was|were) refused today/.exec(await page('/calls'))?.[1] ?? 0);

  test('a wrong one is refused, counted, and shown to the owner', async () => {
    const page = await signIn(desk);
    const failures = async () => Number(/frontdesk_\w*failure\w*\{[^}]*route="\/voice\/incoming"\} (\d+)/.exec((await ask(`${desk.url}/metrics/hook`)).text())?.[1]);
    const [before, failed] = [await refusedToday(page), await failures()];
    assert.ok(failed >= 0);
    const good = { CallSid: sid(), From: caller(), To: TO, CallStatus: 'ringing' };
    const other = twilio.getExpectedTwilioSignature(TOKEN, `${desk.url}/voice/next`, good);
    const wrong = [
      await desk.hook('/voice/incoming', good, { signature: '' }),
      await desk.hook('/voice/incoming', good, { signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }),
      await desk.hook('/voice/incoming', good, { signature: other }),
      await desk.hook('/voice/incoming', good, { token: 'another-account' }),
      await desk.hook('/voice/status', good, { token: 'another-account' }),
      await desk.hook('/voice/next', good, { method: 'GET', token: 'another-account' }),
    ];
    assert.deepEqual(wrong.map((r) => r.status), wrong.map(() => 403));
    for (const r of wrong) assert.doesNotMatch(r.text, /<Response/);
    assert.equal(await desk.find(good.CallSid), undefined);
    assert.equal(await refusedToday(page), before + wrong.length);
    assert.equal(await failures(), failed + 4); // of /voice/incoming, for whoever watches by machine
  });

  test("Twilio's own library signs: POST and GET, both tokens", async () => {
    for (const token of [TOKEN, OLD_TOKEN])
      for (const method of ['POST', 'GET']) {
        const got = await desk.hook('/voice/incoming', { CallerName: 'José "Pepe" Núñez & Söhne' }, { token, method });
        assert.equal(got.status, 200, `${method} ${token === TOKEN ? 'first' : 'second'} token: ${got.text}`);
        assert.deepEqual(verbs(got.text), ['Response', 'Connect', 'Stream', 'Parameter']);
        assert.ok(await desk.find(got.sid));
      }
  });

  test('the addresses of other systems are answered by the same handler', async () => {
    const answers = [];
    for (const uri of ['/voice/incoming', '/twilio/voice', '/api/webhooks/incoming-call', '/telephony/inbound']) {
      const got = await desk.hook(uri);
      assert.equal(got.status, 200, uri);
      assert.equal((await desk.row(got.sid)).mode, 'realtime', uri);
      answers.push(got.text.replace(streamToken(got.text), 'TOKEN'));
      assert.equal((await desk.hook(uri, {}, { signature: 'AAAA' })).status, 403, uri);
    }
    assert.equal(new Set(answers).size, 1, answers.join('\n'));
    const ended = (await desk.hook('/voice/incoming')).sid;
    assert.equal((await desk.hook('/api/webhooks/call-status', { CallSid: ended, CallStatus: 'completed' })).status, 204);
    assert.equal((await desk.row(ended)).status, 'completed');
  });

  test('a stream with a wrong signature gets no WebSocket, with a good one it does', async () => {
    const url = `${desk.url.replace('http', 'ws')}/media-stream`;
    const open = (signature) => new Promise((done) => {
      const ws = new WebSocket(url, { headers: { 'x-twilio-signature': signature } });
      ws.on('open', () => { ws.close(); done(101); }).on('unexpected-response', (_, res) => { ws.terminate(); done(res.statusCode); }).on('error', () => {});
    });
    assert.equal(await open('AAAA'), 403);
    assert.equal(await open(twilio.getExpectedTwilioSignature('another-account', url, {})), 403);
    for (const token of [TOKEN, OLD_TOKEN]) assert.equal(await open(twilio.getExpectedTwilioSignature(token, url, {})), 101);
  });
});

// Field by field this is tests/page/test_hook_bad.c; here by way of nginx and FastCGI.
test('fields of a megabyte are answered like any; more than we read, by the fallback', async () => {
  const huge = 'x'.repeat(1024 * 1024);
  for (const [uri, fields] of [
    ['/voice/incoming', { From: huge }], ['/voice/incoming', { CallSid: huge }], ['/voice/turn?n=1', { SpeechResult: huge }],
    ['/voice/next', { HandoffData: huge, Junk: huge }], ['/voice/voicemail-done', { RecordingUrl: huge }], ['/voice/dial-done', { DialCallStatus: huge }],
  ]) {
    const got = await desk.hook(uri, fields);
    assert.deepEqual([got.status, got.type], [200, 'text/xml; charset=utf-8'], `${uri} ${Object.keys(fields)}`);
    assert.ok(verbs(got.text).length > 1, got.text);
  }
  assert.equal((await desk.hook('/voice/transcription', { TranscriptionText: huge })).status, 204);
  const more = await desk.hook('/voice/incoming', { Junk: huge.repeat(5) });
  assert.equal(more.status, 200);
  assert.match(more.text, /sorry/i);
  await desk.assertWhole();
});

test('a number that is nobody\'s: a polite sentence, no row, one line in the log', async () => {
  const got = await desk.hook('/voice/incoming', { To: '+18605559999' });
  assert.equal(got.status, 200);
  assert.deepEqual(verbs(got.text), ['Response', 'Say', 'Hangup']);
  assert.match(got.text, /sorry.*not in service/);
  assert.equal(await desk.find(got.sid), undefined);
  const lines = desk.log('voice.unknown_number').filter((l) => l.includes(got.sid));
  assert.equal(lines.length, 1);
  assert.doesNotMatch(lines[0], /8605559999/);
  const call = desk.dial('--to', '+18605559998', '--text');
  assert.equal(await call.ended, 0, call.story());
  assert.equal(call.summary.ended, 'receptionist');
  assert.match(call.heard(), /not in service/);
});

describe('status callbacks', () => {
  const report = (callSid, CallStatus, more = {}) => desk.hook('/voice/status', { CallSid: callSid, CallStatus, ...more });

  test('in any order, late and repeated: a call only moves up', async () => {
    const callSid = (await desk.hook('/voice/incoming')).sid;
    assert.equal((await desk.row(callSid)).status, 'ringing');
    const steps = [['initiated', 'ringing'], ['in-progress', 'in-progress'], ['ringing', 'in-progress'],
      ['in-progress', 'in-progress'], ['queued', 'in-progress'], ['nonsense', 'in-progress'], ['completed', 'completed']];
    for (const [word, want] of steps) {
      assert.equal((await report(callSid, word)).status, 204, word);
      assert.equal((await desk.row(callSid)).status, want, `after ${word}`);
    }
    const ended = await desk.row(callSid);
    assert.ok(ended.ended_at >= ended.started_at);
    assert.equal(ended.outcome, 'hung_up'); // nobody said a word
    for (const word of ['ringing', 'completed', 'in-progress', 'initiated', 'completed'])
      assert.equal((await report(callSid, word)).status, 204);
    const later = await desk.row(callSid);
    assert.equal(later.status, 'completed');
    assert.equal(later.ended_at, ended.ended_at);
    assert.equal(later.duration_ms, ended.duration_ms);
    assert.equal(later.events.filter((e) => e.kind === 'status').length, 1);
  });

  test('many at once end in the last one', async () => {
    const callSid = (await desk.hook('/voice/incoming')).sid;
    const words = ['initiated', 'ringing', 'in-progress', 'completed'].flatMap((w) => [w, w, w]).sort(() => Math.random() - 0.5);
    const all = await Promise.all(words.map((w) => report(callSid, w)));
    assert.deepEqual(all.map((r) => r.status), words.map(() => 204));
    const row = await desk.row(callSid);
    assert.equal(row.status, 'completed', words.join(' '));
    assert.equal(row.events.filter((e) => e.kind === 'status').length, 1);
  });

  test('after the end nothing more is asked of the caller', async () => {
    const callSid = (await desk.hook('/voice/incoming')).sid;
    await report(callSid, 'completed');
    for (const uri of ['/voice/incoming', '/voice/next', '/voice/turn?n=1', '/voice/voicemail'])
      assert.deepEqual(verbs((await desk.hook(uri, { CallSid: callSid, CallStatus: 'completed' })).text), ['Response'], uri);
  });

  test('of a call we never had: thanked for, no row', async () => {
    const stranger = sid();
    assert.equal((await report(stranger, 'completed')).status, 204);
    assert.equal(await desk.find(stranger), undefined);
  });
});

describe('when something is missing', () => {
  // Another process holds the database, as a backup or somebody at the sqlite3 prompt would.
  async function lockDatabase() {
    const child = spawn('sqlite3', [path.join(desk.data, 'frontdesk.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const held = new Promise((done) => child.stdout.once('data', done));
    child.stdin.write('.timeout 5000\nBEGIN IMMEDIATE;\nSELECT 1;\n');
    await held;
    return () => new Promise((done) => { child.on('close', done); child.stdin.end('ROLLBACK;\n'); });
  }

  test('the database is locked: callers are put through, or record, within 3 s', async () => {
    await desk.hook('/voice/incoming'); // since then it knows whom to ring for this number
    const release = await lockDatabase();
    try {
      const uris = ['/voice/incoming', '/voice/next', '/voice/turn?n=1', '/voice/dial-done'];
      const all = await Promise.all(uris.map((uri) => desk.hook(uri))); // at once: nobody waits for the other's wait
      for (const got of all) {
        assert.equal(got.status, 200);
        assert.ok(got.ms < 3000, all.map((r) => `${r.ms} ms`).join(', '));
      }
      for (const got of all.slice(0, 3)) {
        assert.deepEqual(verbs(got.text), ['Response', 'Say', 'Say', 'Dial', 'Number']);
        assert.match(got.text, new RegExp(`>\\${OWNER}<`));
      }
      assert.ok(verbs(all[3].text).includes('Record')); // rang already: not again
      // a report nobody listens to may fail: Twilio asks again
      const known = await desk.hook('/voice/status', { CallSid: (await desk.list())[0].call_sid, CallStatus: 'completed' });
      assert.equal(known.status, 503);
    } finally {
      await release();
    }
    assert.deepEqual(verbs((await desk.hook('/voice/incoming')).text), ['Response', 'Connect', 'Stream', 'Parameter']);
  });

  test('a call that began over a locked database still ends in a message and a row', async () => {
    const release = await lockDatabase();
    const call = desk.dial('--text', '--say', 'Please call me back about the boiler');
    try {
      await call.saw((e) => e.event === 'ring', 'the owner\'s phone rings', 10000);
      assert.equal(await desk.find(call.sid), undefined);
    } finally {
      await release();
    }
    const { row } = await call.over();
    assert.match(call.heard(), /very busy/);
    assert.equal(row.status, 'completed');
    assert.equal(row.outcome, 'message');
    assert.equal(row.messages.length, 1);
    assert.equal(row.from_number, call.from);
    await desk.assertWhole();
  });

  test('every FastCGI program dead: nginx alone answers the fallback, and whoever is on the line', async () => {
    const supervisor = desk.stack.child;
    const kids = children(supervisor.pid);
    supervisor.kill('SIGSTOP'); // nobody starts them again
    try {
      for (const name of ['hook', 'api', 'admin']) process.kill(kids[name], 'SIGKILL');
      for (const method of ['GET', 'POST'])
        for (const uri of ['/voice/fallback', '/voice/fallback?ErrorCode=11200&ErrorUrl=x']) {
          const got = await desk.hook(uri, { ErrorCode: '11200' }, { method, signature: '' });
          assert.equal(got.status, 200, `${method} ${uri}`);
          assert.match(got.type, /^text\/xml/);
          assert.ok(['Record', 'Hangup'].includes(verbs(got.text).at(-1)), got.text);
          assert.match(got.text, /<Say[^>]*>[^<]*sorry/i);
          assert.ok(got.ms < 3000, `${got.ms} ms`);
        }
      const call = desk.dial('--text', '--status-path', '');
      assert.equal(await call.ended, 0, call.story()); // answered before Twilio gives up at 15 s
      assert.match(call.heard(), /sorry/i);
      assert.equal(call.summary.error, 0);
      assert.equal(call.summary.fallback, false);
    } finally {
      supervisor.kill('SIGCONT');
    }
    await until('they are started again', async () => (await ask(`${desk.url}/healthz`).catch(() => ({}))).status === 200);
    assert.equal((await desk.hook('/voice/incoming')).status, 200);
  });
});
