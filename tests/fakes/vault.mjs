// Places where secrets are kept, as one server: HashiCorp Vault (KV version 2, token and AppRole), Azure's
// managed identity (IMDS) and Azure Key Vault. They answer as those do, refuse as those do, and can be told
// how to fail.
//
//   const vault = await fakeVault();      // vault.url
//   vault.secrets = { TWILIO_AUTH_TOKEN: '…' };
//   vault.token; vault.role = { role_id, secret_id }; vault.space = 'team';  // what opens it
//   vault.asked                            // "GET /v1/…" with the headers that count and the body
//   vault.next({ status: 429, retryAfter: 2 }, { drop: true }, …)   // of the next questions
//
// Plans: {status, retryAfter, body}; {drop: true} the socket is cut; {hold: true} no answer at all.
import crypto from 'node:crypto';
import http from 'node:http';
import { once } from 'node:events';

const random = () => crypto.randomBytes(12).toString('hex');

export async function fakeVault() {
  const vault = { asked: [], plans: [], secrets: {}, token: `hvs.${random()}`, roleToken: `hvs.${random()}`, identityToken: `eyJ0.${random()}`,
    role: { role_id: random(), secret_id: random() }, space: undefined, path: '/v1/secret/data/frontdesk' };
  const no = (status, ...errors) => [status, { errors }];
  const kv = (headers) => {
    if (headers['x-vault-token'] !== vault.token && headers['x-vault-token'] !== vault.roleToken) return no(403, 'permission denied');
    return [200, { request_id: random(), lease_duration: 0, data: { data: vault.secrets, metadata: { version: 3, deletion_time: '', destroyed: false } } }];
  };
  const login = (body) => {
    const { role_id, secret_id } = JSON.parse(body);
    if (role_id !== vault.role.role_id || secret_id !== vault.role.secret_id) return no(400, 'invalid role or secret ID');
    return [200, { auth: { client_token: vault.roleToken, lease_duration: 3600, renewable: true } }];
  };
  const identity = (url, headers) => {
    if (headers.metadata !== 'true') return [400, { error: 'invalid_request', error_description: 'Required metadata header not specified' }];
    if (url.searchParams.get('api-version') !== '2018-02-01' || url.searchParams.get('resource') !== 'https://vault.azure.net') return [400, { error: 'invalid_resource' }];
    return [200, { access_token: vault.identityToken, expires_in: '86399', expires_on: '1', resource: 'https://vault.azure.net', token_type: 'Bearer' }];
  };
  const azure = (url, headers) => {
    if (headers.authorization !== `Bearer ${vault.identityToken}`) return [401, { error: { code: 'Unauthorized' } }];
    if (url.searchParams.get('api-version') !== '7.5') return [400, { error: { code: 'BadParameter' } }];
    const [, , name] = url.pathname.split('/');
    const own = Object.keys(vault.secrets).find((n) => n.toLowerCase().replaceAll('_', '-') === name);
    return own ? [200, { value: vault.secrets[own], id: `${url.origin}/secrets/${name}/1`, attributes: { enabled: true } }]
      : [404, { error: { code: 'SecretNotFound', message: `A secret with (name/id) ${name} was not found in this key vault.` } }];
  };
  const answer = (req, url, body) => {
    if (req.method === 'POST' && url.pathname === '/v1/auth/approle/login') return login(body);
    if (req.method !== 'GET') return no(405, 'unsupported operation');
    if (url.pathname === '/metadata/identity/oauth2/token') return identity(url, req.headers);
    if (url.pathname.startsWith('/secrets/')) return azure(url, req.headers);
    if (req.headers['x-vault-namespace'] !== vault.space) return no(403, 'permission denied');
    return url.pathname === vault.path ? kv(req.headers) : no(404);
  };
  const server = http.createServer((req, res) => {
    let body = '';
    req.on('data', (d) => (body += d));
    req.on('end', () => {
      const url = new URL(req.url, `http://${req.headers.host}`);
      const own = Object.fromEntries(['x-vault-token', 'x-vault-namespace', 'metadata', 'authorization'].filter((n) => n in req.headers).map((n) => [n, req.headers[n]]));
      vault.asked.push({ line: `${req.method} ${req.url}`, ...own, ...(body ? { body } : {}) });
      const plan = vault.plans.shift();
      if (plan?.drop) return req.socket.destroy();
      if (plan?.hold) return undefined;
      const [status, json] = plan ? [plan.status ?? 200, plan.body ?? {}] : answer(req, url, body);
      res.writeHead(status, { 'content-type': 'application/json', ...(plan?.retryAfter ? { 'retry-after': plan.retryAfter } : {}) });
      return res.end(typeof json === 'string' ? json : JSON.stringify(json));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vault.url = `http://127.0.0.1:${server.address().port}`;
  vault.next = (...plans) => vault.plans.push(...plans);
  vault.close = async () => { server.closeAllConnections(); server.close(); await once(server, 'close'); };
  return vault;
}
