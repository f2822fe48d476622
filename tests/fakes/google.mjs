// A stand-in for Google: the token endpoint, Calendar v3 and Sheets v4, as strict as Google where a
// mistake of ours would show, and with their failures.
//
//   const g = await google();
//   g.url                        // for GOOGLE_API_URL, GOOGLE_SHEETS_URL; g.url + '/token', '/revoke', '/auth'
//   g.serviceKey()               // JSON of a service account's key file, whose signatures it checks
//   g.client                     // {id, secret}; g.code(challenge, redirect) → a code; g.refreshToken() → a granted one
//   g.revokeAll()                // every grant is dead: invalid_grant; g.expireTokens(): every access token, 401
//   g.calendars.primary          // Map id → event; g.owner.add/move/remove: what the owner does by hand
//   g.sheets                     // {id: {tab: [[cells]]}}
//   g.next({on: 'insert', status: 500}, …)   // how the next requests (of that kind) are met
//   g.always = (request) => plan             // all others
//   g.requests                   // everything that came: {at, method, path, query, body, headers, kind}
//
// What a plan may say: {status, reason, retryAfter} an error; {drop: true} done, then the socket is cut; {cut:
// true} cut, nothing done; {slow: ms} before it is done; {slowAfter: ms} after; {malformed: true} done,
// answered with what is no JSON; {before: fn} called before it is done.
import crypto from 'node:crypto';
import http from 'node:http';
import { once } from 'node:events';

const b64 = (text) => Buffer.from(text, 'base64url').toString();
const token = (kind) => `${kind}.${crypto.randomBytes(24).toString('base64url')}`;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const ID = /^[a-v0-9]{5,1024}$/;

class Refused extends Error {
  constructor(status, reason, message = reason) { super(message); Object.assign(this, { status, reason }); }
}
const millis = (when) => when?.dateTime ? Date.parse(when.dateTime) : when?.date ? Date.parse(`${when.date}T00:00:00Z`) : NaN;

export async function google({ email = 'desk@project.iam.gserviceaccount.com' } = {}) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const g = {
    client: { id: 'client-1.apps.example.com', secret: 'the secret' }, requests: [], plans: [], always: null, tokens: new Map(), grants: new Map(),
    codes: new Map(), calendars: { primary: new Map() }, sheets: {}, errors: {}, seq: 0, oldest: 0, seconds: 3599, assertions: 0, refreshes: 0, revoked: [],
    pageSize: 2500, noSyncToken: false,
  };
  g.serviceKey = () => JSON.stringify({ type: 'service_account', client_email: email, private_key_id: 'k1', private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) });

  // ---- tokens
  const grant = (scope) => { const t = token('1//refresh'); g.grants.set(t, scope); return t; };
  g.refreshToken = (scope = 'https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.freebusy') => grant(scope);
  g.code = (challenge, redirect, scope) => { const c = token('4/code'); g.codes.set(c, { challenge, redirect, scope }); return c; };
  g.revokeAll = () => { g.grants.clear(); g.tokens.clear(); };
  g.expireTokens = () => g.tokens.clear();
  const access = (more = {}) => {
    const t = token('ya29');
    g.tokens.set(t, Date.now() + g.seconds * 1000);
    return { access_token: t, expires_in: g.seconds, token_type: 'Bearer', ...more };
  };
  const checkAssertion = (jwt) => {
    const [head, claims, signature] = String(jwt).split('.');
    const good = crypto.verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature ?? '', 'base64url'));
    if (!good || /[=+/]/.test(jwt)) throw new Refused(400, 'invalid_grant', 'Invalid JWT Signature.');
    const h = JSON.parse(b64(head)), c = JSON.parse(b64(claims)), now = Date.now() / 1000;
    if (h.alg !== 'RS256' || h.typ !== 'JWT' || c.iss !== email || c.aud !== `${g.url}/token` || !c.scope) throw new Refused(400, 'invalid_grant', 'Invalid JWT');
    if (c.exp - c.iat > 3600 || c.exp < now || c.iat > now) throw new Refused(400, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token');
    g.assertions++;
  };
  const tokenEndpoint = (f) => {
    if (f.grant_type === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      checkAssertion(f.assertion);
      return access();
    }
    if (f.client_id !== g.client.id || f.client_secret !== g.client.secret) throw new Refused(401, 'invalid_client', 'The OAuth client was not found.');
    if (f.grant_type === 'refresh_token') {
      if (!g.grants.has(f.refresh_token)) throw new Refused(400, 'invalid_grant', 'Token has been expired or revoked.');
      g.refreshes++;
      return access({ scope: g.grants.get(f.refresh_token) });
    }
    if (f.grant_type !== 'authorization_code') throw new Refused(400, 'unsupported_grant_type');
    const c = g.codes.get(f.code);
    g.codes.delete(f.code);
    if (!c || c.challenge !== crypto.createHash('sha256').update(f.code_verifier ?? '').digest('base64url')) throw new Refused(400, 'invalid_grant', 'Malformed auth code.');
    if (c.redirect !== f.redirect_uri) throw new Refused(400, 'redirect_uri_mismatch');
    const scope = c.scope ?? 'https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.freebusy https://www.googleapis.com/auth/spreadsheets';
    return access({ refresh_token: grant(scope), scope });
  };

  // ---- calendar
  const touch = (e) => { e.seq = ++g.seq; e.etag = `"${e.seq}"`; e.updated = new Date().toISOString(); return e; };
  const show = ({ seq, ...e }) => e;
  const times = (e) => {
    if (e.start?.dateTime && !/(Z|[+-]\d\d:\d\d)$/.test(e.start.dateTime) && !e.start.timeZone) throw new Refused(400, 'required', 'Missing time zone definition for start time.');
    if (!(millis(e.end) > millis(e.start))) throw new Refused(400, 'timeRangeEmpty', 'The specified time range is empty.');
  };
  const stands = (e) => e.status !== 'cancelled';
  const overlaps = (e, from, to) => millis(e.start) < to && millis(e.end) > from;
  const all = (cal) => [...cal.values()];
  const calendar = {
    freeBusy: (q, body) => {
      const from = Date.parse(body.timeMin), to = Date.parse(body.timeMax);
      if (!(to > from)) throw new Refused(400, 'timeRangeEmpty');
      return { kind: 'calendar#freeBusy', calendars: Object.fromEntries(body.items.map(({ id }) => {
        const cal = g.calendars[id];
        const bad = g.errors[id] ?? (cal ? null : 'notFound');
        if (bad) return [id, { errors: [{ domain: 'global', reason: bad }], busy: [] }];
        return [id, { busy: all(cal).filter((e) => stands(e) && e.transparency !== 'transparent' && overlaps(e, from, to)).map((e) => ({ start: new Date(millis(e.start)).toISOString(), end: new Date(millis(e.end)).toISOString() })) }];
      })) };
    },
    list: (q, body, cal) => {
      const sync = q.get('syncToken');
      if (sync && ['timeMin', 'timeMax', 'orderBy', 'q', 'privateExtendedProperty', 'updatedMin', 'iCalUID'].some((n) => q.has(n))) throw new Refused(400, 'badRequest', 'Sync token cannot be used with other filters');
      if (sync && Number(sync.slice(5)) < g.oldest) throw new Refused(410, 'fullSyncRequired');
      for (const n of ['timeMin', 'timeMax']) if (q.has(n) && !/(Z|[+-]\d\d:\d\d)$/.test(q.get(n))) throw new Refused(400, 'badRequest', n);
      const from = Date.parse(q.get('timeMin') ?? '1970-01-01T00:00:00Z'), to = Date.parse(q.get('timeMax') ?? '2100-01-01T00:00:00Z');
      const found = all(cal).filter((e) => (sync ? e.seq > Number(sync.slice(5)) : stands(e) && overlaps(e, from, to))).sort((a, b) => a.seq - b.seq);
      const at = Number(q.get('pageToken')?.slice(5) ?? 0), size = Math.min(g.pageSize, Number(q.get('maxResults') ?? 250));
      const items = found.slice(at, at + size).map((e) => (stands(e) ? show(e) : { id: e.id, status: 'cancelled', etag: e.etag }));
      const last = at + size >= found.length;
      return { kind: 'calendar#events', timeZone: 'America/New_York', items, ...(last ? (g.noSyncToken ? {} : { nextSyncToken: `sync_${g.seq}` }) : { nextPageToken: `page_${at + size}` }) };
    },
    insert: (q, body, cal) => {
      times(body);
      if (body.id !== undefined && !ID.test(body.id)) throw new Refused(400, 'invalid', 'Invalid resource id value.');
      if (body.attendees) throw new Refused(403, 'forbiddenForServiceAccounts');
      const id = body.id ?? crypto.randomBytes(13).toString('hex');
      if (cal.has(id)) throw new Refused(409, 'duplicate', 'The requested identifier already exists.');
      const e = touch({ kind: 'calendar#event', status: 'confirmed', created: new Date().toISOString(), ...body, id });
      cal.set(id, e);
      return show(e);
    },
    get: (q, body, cal, id) => {
      if (!cal.has(id)) throw new Refused(404, 'notFound');
      return show(cal.get(id));
    },
    patch: (q, body, cal, id, headers) => {
      const e = cal.get(id);
      if (!e) throw new Refused(404, 'notFound');
      if (headers['if-match'] && headers['if-match'] !== e.etag) throw new Refused(412, 'conditionNotMet');
      times({ ...e, ...body });
      return show(touch(Object.assign(e, body)));
    },
    delete: (q, body, cal, id) => {
      const e = cal.get(id);
      if (!e) throw new Refused(404, 'notFound');
      if (!stands(e)) throw new Refused(410, 'deleted', 'Resource has been deleted');
      touch(Object.assign(e, { status: 'cancelled' }));
      return null;
    },
  };
  g.owner = {
    add: (start, end, more = {}, cal = 'primary') => calendar.insert(null, { summary: 'private', start: { dateTime: new Date(start).toISOString() }, end: { dateTime: new Date(end).toISOString() }, ...more }, g.calendars[cal]),
    move: (id, start, end, cal = 'primary') => calendar.patch(null, { start: { dateTime: new Date(start).toISOString() }, end: { dateTime: new Date(end).toISOString() } }, g.calendars[cal], id, {}),
    remove: (id, cal = 'primary') => calendar.delete(null, null, g.calendars[cal], id),
  };
  g.standing = (cal = 'primary') => all(g.calendars[cal]).filter(stands);
  g.forget = () => { g.oldest = g.seq + 1; }; // every syncToken given so far is too old

  // ---- sheets
  const cells = (range) => {
    const m = /^'((?:[^']|'')+)'!A(1?):([A-Z])(1?)$/.exec(range);
    if (!m) throw new Refused(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
    return { tab: m[1].replaceAll("''", "'"), width: m[3].charCodeAt(0) - 64, column: !m[2] };
  };
  const sheet = {
    'sheet.get': (q, body, book, range) => {
      const { tab, width, column } = cells(range);
      if (!book[tab]) throw new Refused(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
      const values = (column ? book[tab] : book[tab].slice(0, 1)).map((r) => r.slice(0, width));
      return { range, majorDimension: 'ROWS', ...(values.length ? { values } : {}) };
    },
    'sheet.put': (q, body, book, range) => {
      const { tab } = cells(range);
      if (q.get('valueInputOption') !== 'RAW' || !book[tab]) throw new Refused(400, 'INVALID_ARGUMENT');
      [book[tab][0]] = body.values;
      return { updatedRange: range };
    },
    'sheet.append': (q, body, book, range) => {
      const { tab } = cells(range);
      if (q.get('valueInputOption') !== 'RAW' || q.get('insertDataOption') !== 'INSERT_ROWS' || body.majorDimension !== 'ROWS') throw new Refused(400, 'INVALID_ARGUMENT');
      if (!book[tab]) throw new Refused(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
      book[tab].push(...body.values);
      return { updates: { updatedRange: `${tab}!A${book[tab].length}`, updatedRows: 1 } };
    },
    'sheet.tab': (q, body, book) => {
      const { title } = body.requests[0].addSheet.properties;
      if (book[title]) throw new Refused(400, 'INVALID_ARGUMENT', `A sheet with the name "${title}" already exists.`);
      book[title] = [];
      return { replies: [{}] };
    },
  };

  // ---- routes
  const route = (method, path) => {
    let m;
    if (method === 'POST' && path === '/token') return { kind: 'token' };
    if (method === 'POST' && path === '/revoke') return { kind: 'revoke' };
    if (method === 'POST' && path === '/calendar/v3/freeBusy') return { kind: 'freeBusy' };
    if ((m = /^\/calendar\/v3\/calendars\/([^/]+)\/events(?:\/([^/]+))?$/.exec(path))) {
      const kind = m[2] === undefined ? { GET: 'list', POST: 'insert' }[method] : { GET: 'get', PATCH: 'patch', DELETE: 'delete' }[method];
      if (kind) return { kind, cal: decodeURIComponent(m[1]), id: m[2] && decodeURIComponent(m[2]) };
    }
    if ((m = /^\/v4\/spreadsheets\/([^/:]+)(?:\/values\/([^/]+?)(:append)?|(:batchUpdate))$/.exec(path))) {
      const kind = m[4] ? 'sheet.tab' : m[3] ? 'sheet.append' : { GET: 'sheet.get', PUT: 'sheet.put' }[method];
      if (kind) return { kind, book: decodeURIComponent(m[1]), range: m[2] && decodeURIComponent(m[2]) };
    }
    return null;
  };
  const act = (r, q, body, headers) => {
    if (r.kind === 'token') return tokenEndpoint(body);
    if (r.kind === 'revoke') { g.grants.delete(body.token); g.revoked.push(body.token); return {}; }
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (!((g.tokens.get(bearer) ?? 0) > Date.now())) throw new Refused(401, 'authError', 'Invalid Credentials');
    if (r.kind.startsWith('sheet')) {
      if (!g.sheets[r.book]) throw new Refused(404, 'NOT_FOUND', 'Requested entity was not found.');
      return sheet[r.kind](q, body, g.sheets[r.book], r.range);
    }
    if (r.kind !== 'freeBusy' && !g.calendars[r.cal]) throw new Refused(404, 'notFound');
    return calendar[r.kind](q, body, g.calendars[r.cal], r.id, headers);
  };
  const take = (kind) => {
    const i = g.plans.findIndex((p) => !p.on || p.on === kind);
    return i < 0 ? null : g.plans.splice(i, 1)[0];
  };
  const answer = async (req, res, text) => {
    const url = new URL(req.url, 'http://x');
    const r = route(req.method, url.pathname);
    const form = /urlencoded/.test(req.headers['content-type'] ?? '');
    let body = null;
    try { body = form ? Object.fromEntries(new URLSearchParams(text)) : text ? JSON.parse(text) : null; } catch { /* refused below */ }
    const seen = { at: Date.now(), method: req.method, path: url.pathname, query: url.searchParams, body, text, headers: req.headers, kind: r?.kind };
    g.requests.push(seen);
    const send = (status, v, headers = {}) => {
      if (res.destroyed) return;
      res.writeHead(status, { ...(v === null ? {} : { 'content-type': 'application/json' }), ...headers });
      res.end(v === null ? '' : typeof v === 'string' ? v : JSON.stringify(v));
    };
    const refuse = (e) => send(e.status, r?.kind === 'token' ? { error: e.reason, error_description: e.message }
      : r?.kind?.startsWith('sheet') ? { error: { code: e.status, message: e.message, status: e.reason } }
        : { error: { code: e.status, message: e.message, errors: [{ domain: 'global', reason: e.reason, message: e.message }] } },
    e.retryAfter ? { 'retry-after': String(e.retryAfter) } : {});
    if (!r) return refuse(new Refused(404, 'notFound', `${req.method} ${url.pathname}`));
    const plan = take(r.kind) ?? g.always?.(seen) ?? {};
    if (plan.slow) await sleep(plan.slow);
    if (plan.cut) return req.socket.destroy();
    if (plan.status) return refuse(Object.assign(new Refused(plan.status, plan.reason ?? 'backendError'), { retryAfter: plan.retryAfter }));
    let out;
    try {
      plan.before?.(seen);
      out = act(r, url.searchParams, body, req.headers);
    } catch (e) {
      if (!(e instanceof Refused)) console.error(e);
      return refuse(e instanceof Refused ? e : new Refused(500, 'backendError', String(e)));
    }
    if (plan.slowAfter) await sleep(plan.slowAfter);
    if (plan.drop) return req.socket.destroy();
    if (plan.malformed) return send(200, '{"id":');
    return send(out === null ? 204 : 200, out);
  };
  const server = http.createServer((req, res) => {
    let text = '';
    req.on('data', (d) => (text += d));
    req.on('end', () => answer(req, res, text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  g.url = `http://127.0.0.1:${server.address().port}`;
  g.next = (...plans) => g.plans.push(...plans);
  g.of = (kind) => g.requests.filter((r) => r.kind === kind);
  g.env = { GOOGLE_API_URL: g.url, GOOGLE_SHEETS_URL: g.url, GOOGLE_TOKEN_URL: `${g.url}/token`, GOOGLE_REVOKE_URL: `${g.url}/revoke`, GOOGLE_AUTH_URL: `${g.url}/auth`, GOOGLE_CLIENT_ID: g.client.id, GOOGLE_CLIENT_SECRET: g.client.secret };
  g.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return g;
}
