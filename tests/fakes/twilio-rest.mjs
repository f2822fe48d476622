// A stand-in for api.twilio.com (API 2010-04-01): texts now, calls later. It is as strict as Twilio
// where a mistake of ours would show (path, Basic auth, form fields), keeps what it was sent, and can
// be told how to fail.
//
//   const rest = await twilioRest({ token });
//   rest.url                       // for TWILIO_API_URL
//   rest.messages                  // accepted: {sid, To, From, Body, StatusCallback, at}
//   rest.requests                  // everything that came: {path, fields, problem}
//   rest.next({ status: 429, retryAfter: 2 }, { drop: true }, …)   // how the next requests are met
//   await rest.report(message, 'delivered', { code: 30006 })       // signed POST to its StatusCallback
//   await rest.close()
//
// What a plan may say: {status, code, message, retryAfter} an error; {drop: true} the reply is lost:
// accepted, then the socket is cut; {cut: true} the socket is cut and nothing accepted; {slow: ms};
// {malformed: true} accepted, and answered with what is no JSON.
import http from 'node:http';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import twilio from 'twilio';

export const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';

// Twilio's magic numbers of test credentials, and what they stand for (facts/twilio.md 6.7)
const magic = {
  '+15005550001': [21211, "Invalid 'To' Phone Number: +15005550001"],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, "'To' number is not a valid mobile number"],
};
const FIELDS = new Set(['To', 'From', 'Body', 'StatusCallback', 'MessagingServiceSid', 'MediaUrl']);
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

export async function twilioRest({ token = 'rest-token', account = ACCOUNT } = {}) {
  const rest = { account, token, messages: [], requests: [], plans: [], always: null, open: 0, most: 0 };
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
  const answer = async (req, res, fields) => {
    const plan = rest.plans.shift() ?? rest.always ?? {};
    const problem = wrong(req, fields, account, token);
    rest.requests.push({ at: Date.now(), path: req.url, fields: Object.fromEntries(fields), problem: problem?.[2], plan });
    if (plan.slow) await new Promise((done) => { setTimeout(done, plan.slow); });
    if (problem) return error(res, ...problem);
    if (plan.cut) return req.socket.destroy();
    if (plan.status) return error(res, plan.status, plan.code ?? (plan.status === 429 ? 20429 : 20500), plan.message ?? 'as planned', plan.retryAfter ? { 'retry-after': String(plan.retryAfter) } : {});
    const m = accept(fields);
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
