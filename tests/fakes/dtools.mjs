// A stand-in for D-Tools Cloud: clients and opportunities. As strict as it is known to be (both headers,
// paging, JSON), and can be told how to fail. Its searching looks at names only, so what is looked for by
// a number must be compared by who asks.
//
//   const dt = await dtools();
//   dt.env                            // settings that lead to it
//   dt.clients, dt.opportunities      // what it has
//   dt.requests                       // everything that came: {method, path, query, body, headers, plan}
//   dt.next({ on: 'CreateOpportunity', drop: true }, …)   // how the next request of that name is met
//   await dt.close()
//
// What a plan may say: {status, retryAfter, title} an error; {drop: true} done, but the answer is lost;
// {cut: true} cut, nothing done; {malformed: true} done, and answered with what is no JSON; {after: ms}.
import http from 'node:http';
import { once } from 'node:events';

const KEY = 'key-of-tests', AUTH = 'Basic dGVzdHM6dGVzdHM=';

export async function dtools() {
  const dt = { clients: [], opportunities: [], requests: [], plans: [] };
  const send = (res, status, body, headers = {}) => { res.writeHead(status, { 'content-type': 'application/json', ...headers }); res.end(typeof body === 'string' ? body : JSON.stringify(body)); };
  const problem = (res, status, title, headers) => send(res, status, { type: 'about:blank', title, status }, headers);
  const list = (res, name, query) => {
    const page = Number(query.get('page') ?? 1), size = Number(query.get('pageSize') ?? 20), search = (query.get('search') ?? '').toLowerCase();
    const rows = dt[name].filter((r) => /^\d+$/.test(search) || r.name.toLowerCase().includes(search)); // of a number it knows nothing: all
    send(res, 200, { [name]: rows.slice((page - 1) * size, page * size), totalCount: rows.length });
  };
  const make = (req, res, name, body, plan) => {
    if (!body?.name) return problem(res, 400, 'One or more validation errors occurred.');
    if (name === 'opportunities' && !dt.clients.some((c) => c.id === body.clientId)) return problem(res, 400, 'Client not found');
    const row = { id: `${name.slice(0, 2)}-${dt[name].length + 1}`, ...body };
    dt[name].push(row);
    if (plan.drop) return req.socket.destroy();
    if (plan.malformed) return send(res, 200, '{"id":');
    return send(res, 200, { id: row.id, name: row.name });
  };
  const answer = async (req, res, text) => {
    const url = new URL(req.url, 'http://x');
    const what = url.pathname.split('/').pop();
    let body = null;
    try { body = text ? JSON.parse(text) : null; } catch { /* told below */ }
    const k = dt.plans.findIndex((p) => p.on === what);
    const plan = k < 0 ? {} : dt.plans.splice(k, 1)[0];
    dt.requests.push({ method: req.method, path: url.pathname, what, query: url.searchParams, body, headers: req.headers, plan });
    if (req.headers['x-api-key'] !== KEY || req.headers.authorization !== AUTH) return problem(res, 401, 'Unauthorized');
    if (plan.after) await new Promise((done) => setTimeout(done, plan.after));
    if (plan.cut) return req.socket.destroy();
    if (plan.status) return problem(res, plan.status, plan.title ?? 'as planned', plan.retryAfter ? { 'retry-after': String(plan.retryAfter) } : {});
    const routes = {
      'GET /api/v1/Clients/GetClients': () => list(res, 'clients', url.searchParams),
      'GET /api/v1/Opportunities/GetOpportunities': () => list(res, 'opportunities', url.searchParams),
      'POST /api/v1/Clients/CreateClient': () => make(req, res, 'clients', body, plan),
      'POST /api/v1/Opportunities/CreateOpportunity': () => make(req, res, 'opportunities', body, plan),
    };
    const run = routes[`${req.method} ${url.pathname}`];
    return run ? run() : problem(res, 404, 'Not Found');
  };
  const server = http.createServer((req, res) => {
    let text = '';
    req.on('data', (d) => (text += d));
    req.on('end', () => answer(req, res, text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  dt.env = { DTOOLS_LEADS: 'on', DTOOLS_API_URL: `http://127.0.0.1:${server.address().port}/api/v1/`, DTOOLS_API_KEY: KEY, DTOOLS_AUTHORIZATION: AUTH };
  dt.of = (what) => dt.requests.filter((r) => r.what === what);
  dt.next = (...plans) => dt.plans.push(...plans);
  dt.close = async () => { server.closeAllConnections(); server.close(); await once(server, 'close'); };
  return dt;
}
