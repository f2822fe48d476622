// A stand-in for api.twilio.com (API 2010-04-01): texts, numbers, applications. It is as strict as Twilio
// where a mistake of ours would show (path, Basic auth, form fields), keeps what it was sent, and can
// be told how to fail.
//
//   const rest = await twilioRest({ token });
//   rest.url                       // for TWILIO_API_URL
//   rest.messages                  // accepted: {sid, To, From, Body, StatusCallback, at}
//   rest.calls                     // the same of calls: {sid, To, From, Url, StatusCallback, Timeout, MachineDetection, …, at}
//   rest.steered                   // calls told to ask for another page: {sid, Url, Method, at}; rest.over: a Set of those that are over
//   rest.requests                  // everything that came: {path, fields, problem}
//   rest.next({ status: 429, retryAfter: 2 }, { drop: true }, …)   // how the next requests are met
//   rest.lists = false;            // from now on it does not tell what it has
//   await rest.report(message, 'delivered', { code: 30006 })       // signed POST to its StatusCallback
//   await rest.close()
//
// What a plan may say: {status, code, message, retryAfter} an error; {drop: true} the reply is lost:
// accepted, then the socket is cut; {cut: true} the socket is cut and nothing accepted; {slow: ms} before and
// {slowAfter: ms} after it is accepted;
// {malformed: true} accepted, and answered with what is no JSON.
import http from 'node:http';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import twilio from 'twilio';

// Recordings (made with rest.recording(sid, ms)) are fetched as WAV and deleted under plans of their own
// (rest.nextMedia(…)): an error as above; {cut: true} the line is cut in its middle; {missing: n} so many
// bytes too few, told as all; {type: 'text/html'} another kind of thing; {redirect: true} by way of
// another address, where no password may come along; {slow: ms}. rest.media has what was asked.
//
// Pictures of texts (made with rest.picture(messageSid, mediaSid, bytes)) are fetched under the same plans, always by
// way of another address.
//
// Numbers and applications (made with rest.number('+1…', {voice_url: …}), rest.application({…})) are
// listed page by page (rest.pageSize at most), created and updated under the same plans;
// rest.ignores = ['VoiceUrl'] takes such a field and forgets it.
//
export const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';

// Twilio's magic numbers of test credentials, and what they stand for (facts/twilio.md 6.7)
const magic = {
  '+15005550001': [21211, "Invalid 'To' Phone Number: +15005550001"],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, "'To' number is not a valid mobile number"],
};
const FIELDS = new Set(['To', 'From', 'Body', 'StatusCallback', 'MessagingServiceSid', 'MediaUrl']);
// What may be set of a number and of an application, and what a new one has.
const common = ['VoiceUrl', 'VoiceMethod', 'VoiceFallbackUrl', 'VoiceFallbackMethod', 'StatusCallback', 'StatusCallbackMethod',
  'SmsUrl', 'SmsMethod', 'SmsFallbackUrl', 'SmsFallbackMethod', 'FriendlyName', 'VoiceCallerIdLookup'];
const snake = (name) => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();
const kinds = {
  IncomingPhoneNumbers: {
    rows: 'numbers', list: 'incoming_phone_numbers', creatable: false, filter: 'PhoneNumber',
    fields: [...common, 'VoiceApplicationSid', 'SmsApplicationSid', 'TrunkSid', 'VoiceReceiveMode'],
  },
  Applications: { rows: 'applications', list: 'applications', creatable: true, filter: 'FriendlyName', fields: [...common, 'SmsStatusCallback'] },
};
const blank = (fields) => Object.fromEntries(fields.map((f) => [snake(f), /Method$/.test(f) ? 'POST' : f === 'TrunkSid' || /Sid$/.test(f) ? null : '']));
// ms of a tone, 8 kHz, 16 bits, one channel, as Twilio has it
function wav(ms) {
  const n = ms * 8;
  const buf = Buffer.alloc(44 + 2 * n);
  buf.write('RIFF', 0); buf.writeUInt32LE(36 + 2 * n, 4); buf.write('WAVEfmt ', 8); buf.writeUInt32LE(16, 16);
  buf.writeUInt16LE(1, 20); buf.writeUInt16LE(1, 22); buf.writeUInt32LE(8000, 24); buf.writeUInt32LE(16000, 28);
  buf.writeUInt16LE(2, 32); buf.writeUInt16LE(16, 34); buf.write('data', 36); buf.writeUInt32LE(2 * n, 40);
  for (let i = 0; i < n; i++) buf.writeInt16LE(Math.round(6000 * Math.sin(i / 4)), 44 + 2 * i);
  return buf;
}
const hex = () => randomBytes(16).toString('hex');

function wrong(req, fields, account, token) {
  const want = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
  if (req.headers.authorization !== want) return [401, 20003, 'Authenticate'];
  if (req.method !== 'POST') return [405, 20004, 'Method not allowed'];
  if (req.url !== `/2010-04-01/Accounts/${account}/Messages.json`) return [404, 20404, `The requested resource ${req.url} was not found`];
  if (!/^application\/x-www-form-urlencoded(;|$)/.test(req.headers['content-type'] ?? '')) return [400, 21601, 'not a form'];
  for (const name of fields.keys()) if (!FIELDS.has(name)) return [400, 20001, `unknown parameter ${name}`];
  if (!fields.get('From')) return [400, 21603, "A 'From' phone number is required."];
  if (!/^\+[1-9]\d{6,14}$/.test(fields.get('To') ?? '')) return [400, 21211, `Invalid 'To' Phone Number: ${fields.get('To')}`];
  if (!fields.get('Body')) return [400, 21602, 'Message body is required.'];
  if (fields.get('Body').length > 1600) return [400, 21617, 'The concatenated message body exceeds the 1600 character limit'];
  const known = magic[fields.get('To')];
  return known ? [400, ...known] : null;
}

// The same for a call to be made: POST …/Calls.json.
const CALL_FIELDS = ['To', 'From', 'Url', 'StatusCallback', 'Timeout', 'TimeLimit', 'MachineDetection', 'AsyncAmd', 'AsyncAmdStatusCallback'];
function wrongCall(req, fields, account, token) {
  if (req.headers.authorization !== `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`) return [401, 20003, 'Authenticate'];
  if (req.method !== 'POST') return [405, 20004, 'Method not allowed'];
  for (const name of fields.keys()) if (!CALL_FIELDS.includes(name)) return [400, 20001, `unknown parameter ${name}`];
  for (const name of ['To', 'From']) if (!/^\+[1-9]\d{6,14}$/.test(fields.get(name) ?? '')) return [400, 21211, `Invalid '${name}' Phone Number`];
  if (!/^https?:\/\/\S+$/.test(fields.get('Url') ?? '')) return [400, 21205, 'Url is not a valid URL'];
  if (!['Enable', 'DetectMessageEnd', null].includes(fields.get('MachineDetection'))) return [400, 20001, 'MachineDetection is not valid'];
  if (fields.has('AsyncAmdStatusCallback') && fields.get('AsyncAmd') !== 'true') return [400, 20001, 'AsyncAmd is not set'];
  return null;
}

// A call that runs is told to ask for another page: POST …/Calls/CA….json.
function wrongSteer(req, fields, account, token, over) {
  if (req.headers.authorization !== `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`) return [401, 20003, 'Authenticate'];
  for (const name of fields.keys()) if (!['Url', 'Method'].includes(name)) return [400, 20001, `unknown parameter ${name}`];
  if (!/^https?:\/\/\S+$/.test(fields.get('Url') ?? '')) return [400, 21205, 'Url is not a valid URL'];
  return over ? [400, 21220, 'Call is not in-progress. Cannot redirect.'] : null;
}

export async function twilioRest({ token = 'rest-token', account = ACCOUNT } = {}) {
  const rest = { account, token, messages: [], calls: [], steered: [], over: new Set(), requests: [], plans: [], always: null, lists: true, open: 0, most: 0,
    numbers: [], applications: [], pageSize: 50, ignores: [], recordings: new Map(), media: [], mediaPlans: [] };
  rest.recording = (sid, ms) => rest.recordings.set(sid, wav(ms));
  rest.pictures = new Map();
  rest.picture = (message, sid, bytes) => rest.pictures.set(`${message}/${sid}`, bytes);
  rest.nextMedia = (...plans) => rest.mediaPlans.push(...plans);
  rest.number = (phone, more = {}) => {
    const row = { sid: `PN${hex()}`, ...blank(kinds.IncomingPhoneNumbers.fields), phone_number: phone, friendly_name: phone, ...more };
    rest.numbers.push(row);
    return row;
  };
  rest.application = (more = {}) => {
    const row = { sid: `AP${hex()}`, ...blank(kinds.Applications.fields), ...more };
    rest.applications.push(row);
    return row;
  };
  const send = (res, status, body, headers = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const error = (res, status, code, message, headers) =>
    send(res, status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
  const accept = (fields) => {
    const m = { sid: `SM${hex()}`, at: Date.now(), ...Object.fromEntries(fields) };
    rest.messages.push(m);
    return m;
  };
  const planned = (res, plan) => error(res, plan.status, plan.code ?? (plan.status === 429 ? 20429 : 20500), plan.message ?? 'as planned',
    plan.retryAfter ? { 'retry-after': String(plan.retryAfter) } : {});

  // ---- numbers and applications: a page of a list, one made, one changed --------------------------
  const page = (kind, url) => {
    const wanted = url.searchParams.get(kind.filter);
    const size = Math.min(Number(url.searchParams.get('PageSize') ?? 50), rest.pageSize);
    const at = Number(url.searchParams.get('Page') ?? 0);
    const all = rest[kind.rows].filter((r) => !wanted || r[snake(kind.filter)] === wanted);
    const query = new URLSearchParams([...url.searchParams, ['Page', String(at + 1)]].filter(([k], i, l) => k !== 'Page' || i === l.length - 1));
    const more = all.length > (at + 1) * size;
    return { [kind.list]: all.slice(at * size, (at + 1) * size), page: at, page_size: size,
      next_page_uri: more ? `${url.pathname}?${query}` : null };
  };
  const resource = (req, fields, [, what, sid]) => {
    const kind = kinds[what];
    const url = new URL(req.url, 'http://x');
    if (req.method === 'GET' && !sid) return { done: () => page(kind, url), status: 200 };
    if (req.method !== 'POST') return { problem: [405, 20004, 'Method not allowed'] };
    for (const name of fields.keys()) if (!kind.fields.includes(name)) return { problem: [400, 20001, `unknown parameter ${name}`] };
    const set = (row) => { for (const [k, v] of fields) if (!rest.ignores.includes(k)) row[snake(k)] = /Sid$/.test(k) && !v ? null : v; return row; };
    if (!sid) return kind.creatable && fields.get('FriendlyName') ? { done: () => set(rest.application()), status: 201 } : { problem: [400, 20001, 'FriendlyName is required'] };
    const row = rest[kind.rows].find((r) => r.sid === sid);
    return row ? { done: () => set(row), status: 200 } : { problem: [404, 20404, `The requested resource ${req.url} was not found`] };
  };
  const answerResource = async (req, res, fields, path) => {
    const plan = rest.plans.shift() ?? rest.always ?? {};
    const right = req.headers.authorization === `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
    const got = right ? resource(req, fields, path) : { problem: [401, 20003, 'Authenticate'] };
    rest.requests.push({ at: Date.now(), method: req.method, path: req.url, fields: Object.fromEntries(fields), problem: got.problem?.[2], plan });
    if (plan.slow) await new Promise((done) => { setTimeout(done, plan.slow); });
    if (got.problem) return error(res, ...got.problem);
    if (plan.cut) return req.socket.destroy();
    if (plan.status) return planned(res, plan);
    const body = got.done();
    if (plan.drop) return req.socket.destroy();
    return send(res, got.status, plan.malformed ? '{"sid": "A' : body);
  };

  // ---- recordings ---------------------------------------------------------------------------------
  const recording = async (req, res, [, sid, ext]) => {
    const right = req.headers.authorization === `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
    const plan = rest.mediaPlans.shift() ?? {};
    const sound = rest.recordings.get(sid);
    rest.media.push({ at: Date.now(), method: req.method, sid, right, plan });
    if (plan.slow) await new Promise((done) => { setTimeout(done, plan.slow); });
    if (!right) return error(res, 401, 20003, 'Authenticate');
    if (plan.status) return planned(res, plan);
    if (!sound) return error(res, 404, 20404, 'The requested resource was not found');
    if (req.method === 'DELETE' && ext === 'json') {
      rest.recordings.delete(sid);
      return res.writeHead(204).end();
    }
    if (req.method !== 'GET' || ext !== 'wav') return error(res, 405, 20004, 'Method not allowed');
    if (plan.redirect) return res.writeHead(307, { location: `http://localhost:${server.address().port}/media/${sid}` }).end();
    const body = plan.missing ? sound.subarray(0, sound.length - plan.missing) : sound;
    res.writeHead(200, { 'content-type': plan.type ?? 'audio/x-wav', 'content-length': body.length });
    if (!plan.cut) return res.end(body);
    res.write(body.subarray(0, body.length >> 1));
    return setTimeout(() => req.socket.destroy(), 50);
  };
  // A picture of a text: a redirect to where it is kept, as Twilio does.
  const picture = async (req, res, [, message, sid]) => {
    const right = req.headers.authorization === `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
    const plan = rest.mediaPlans.shift() ?? {};
    rest.media.push({ at: Date.now(), method: req.method, sid, right, plan });
    if (!right) return error(res, 401, 20003, 'Authenticate');
    if (plan.status) return planned(res, plan);
    if (!rest.pictures.has(`${message}/${sid}`)) return error(res, 404, 20404, 'The requested resource was not found');
    if (plan.cut) return req.socket.destroy();
    return res.writeHead(307, { location: `http://localhost:${server.address().port}/media/${message}/${sid}` }).end();
  };
  const elsewhere = (req, res, sid) => {
    rest.media.push({ at: Date.now(), method: req.method, sid, elsewhere: true, secret: req.headers.authorization });
    if (rest.pictures.has(sid)) return res.writeHead(200, { 'content-type': 'image/jpeg' }).end(rest.pictures.get(sid));
    res.writeHead(200, { 'content-type': 'audio/x-wav' }).end(rest.recordings.get(sid));
  };

  // ---- what was sent to a number, the newest first -------------------------------------------------
  const answerList = (req, res) => {
    const url = new URL(req.url, 'http://x');
    const right = req.headers.authorization === `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
    rest.requests.push({ at: Date.now(), method: 'GET', path: req.url, fields: {}, problem: null });
    if (!right) return error(res, 401, 20003, 'Authenticate');
    if (!rest.lists) return error(res, 404, 20404, 'not told here');
    const mine = rest.messages.filter((m) => ['To', 'From'].every((k) => !url.searchParams.get(k) || url.searchParams.get(k) === m[k])).reverse();
    return send(res, 200, { messages: mine.slice(0, Number(url.searchParams.get('PageSize') ?? 50)).map((m) => ({ sid: m.sid, to: m.To,
      from: m.From, body: m.Body, status: 'queued', date_created: new Date(m.at).toUTCString().replace('GMT', '+0000'), date_sent: null })) });
  };

  const answer = async (req, res, fields) => {
    const sound = new RegExp(`^/2010-04-01/Accounts/${account}/Recordings/(RE\\w+)\\.(\\w+)$`).exec(req.url);
    if (sound) return recording(req, res, sound);
    const shot = new RegExp(`^/2010-04-01/Accounts/${account}/Messages/(\\w+)/Media/(ME\\w+)$`).exec(req.url);
    if (shot) return picture(req, res, shot);
    if (req.url.startsWith('/media/')) return elsewhere(req, res, req.url.slice(7));
    if (req.method === 'GET' && req.url.startsWith(`/2010-04-01/Accounts/${account}/Messages.json`)) return answerList(req, res);
    const path = new RegExp(`^/2010-04-01/Accounts/${account}/(${Object.keys(kinds).join('|')})(?:/(\\w+))?\\.json(?:\\?|$)`).exec(req.url);
    if (path) return answerResource(req, res, fields, path);
    const plan = rest.plans.shift() ?? rest.always ?? {};
    const steer = new RegExp(`^/2010-04-01/Accounts/${account}/Calls/(CA\\w+)\\.json$`).exec(req.url);
    if (steer) {
      const bad = wrongSteer(req, fields, account, token, rest.over.has(steer[1]));
      rest.requests.push({ at: Date.now(), path: req.url, fields: Object.fromEntries(fields), problem: bad?.[2], plan });
      if (bad) return error(res, ...bad);
      if (plan.status) return planned(res, plan);
      rest.steered.push({ sid: steer[1], at: Date.now(), ...Object.fromEntries(fields) });
      return send(res, 200, { sid: steer[1], status: 'in-progress' });
    }
    const calls = req.url === `/2010-04-01/Accounts/${account}/Calls.json`;
    const problem = (calls ? wrongCall : wrong)(req, fields, account, token);
    rest.requests.push({ at: Date.now(), path: req.url, fields: Object.fromEntries(fields), problem: problem?.[2], plan });
    if (plan.slow) await new Promise((done) => { setTimeout(done, plan.slow); });
    if (problem) return error(res, ...problem);
    if (plan.cut) return req.socket.destroy();
    if (plan.status) return planned(res, plan);
    const m = calls ? { sid: `CA${hex()}`, at: Date.now(), ...Object.fromEntries(fields) } : accept(fields);
    if (calls) rest.calls.push(m);
    if (plan.slowAfter) await new Promise((done) => { setTimeout(done, plan.slowAfter); });
    if (plan.drop) return req.socket.destroy();
    if (plan.malformed) return send(res, 201, '{"sid": "SM');
    return send(res, 201, { sid: m.sid, status: 'queued', to: m.To, from: m.From, body: m.Body, num_segments: '1',
      error_code: null, error_message: null, price: null, uri: `/2010-04-01/Accounts/${account}/Messages/${m.sid}.json` });
  };
  const server = http.createServer((req, res) => {
    let body = '';
    rest.most = Math.max(rest.most, ++rest.open);
    res.on('close', () => { rest.open -= 1; }); // answered, or the client is gone
    req.on('data', (d) => (body += d));
    req.on('end', () => answer(req, res, new URLSearchParams(body)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  rest.url = `http://127.0.0.1:${server.address().port}`;
  rest.next = (...plans) => rest.plans.push(...plans);
  // Twilio's report of a message, signed as its webhooks are.
  rest.report = async (m, status, { code, signWith } = {}) => {
    const fields = { AccountSid: account, ApiVersion: '2010-04-01', From: m.From, To: m.To, MessageSid: m.sid, SmsSid: m.sid,
      MessageStatus: status, SmsStatus: status, ...(code ? { ErrorCode: String(code) } : {}) };
    const res = await fetch(m.StatusCallback, { method: 'POST', body: new URLSearchParams(fields),
      headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(signWith ?? token, m.StatusCallback, fields) } });
    return res.status;
  };
  rest.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return rest;
}
