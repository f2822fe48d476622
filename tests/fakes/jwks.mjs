// An identity provider: its set of keys at an address (RFC 7517), tokens signed with one of them (RS256), and what
// goes wrong at such an address.
//
//   const idp = await identityProvider();   // idp.url + '/jwks.json'
//   idp.token({ sub: 'u1', … })             // signed with the newest key; { kid: … } in the second argument: with that
//   idp.rotate()                            // a new key; the ones before stay in the set, unless { drop: true }
//   idp.plan = { status: 429, retryAfter: 1 }   // of every question until it is null
//
// Plans: {status, retryAfter, headers, body}; {hold: true} no answer at all; {drop: true} the socket is cut.
import crypto from 'node:crypto';
import http from 'node:http';
import { once } from 'node:events';

export async function identityProvider({ issuer = 'https://id.example.com', audience = 'frontdesk' } = {}) {
  const idp = { asked: 0, plan: null, cache: 'public, max-age=3600', keys: [], accept: [] };
  let made = 0;
  idp.rotate = ({ drop = false } = {}) => {
    const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const kid = `key-${++made}`;
    if (drop) idp.keys = [];
    idp.keys.push({ kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } });
    return kid;
  };
  idp.token = (claims, { kid, key = kid ? idp.keys.find((k) => k.kid === kid) : idp.keys.at(-1), as = key.kid } = {}) => {
    const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
    const head = `${part({ alg: 'RS256', typ: 'JWT', kid: as })}.${part({ iss: issuer, aud: audience, exp: Math.floor(Date.now() / 1000) + 600, ...claims })}`;
    return `${head}.${crypto.sign('sha256', Buffer.from(head), key.privateKey).toString('base64url')}`;
  };
  idp.rotate();
  const server = http.createServer((req, res) => {
    idp.asked++;
    idp.accept.push(`${req.method} ${req.url} ${req.headers.accept}`);
    const plan = idp.plan;
    if (plan?.drop) return req.socket.destroy();
    if (plan?.hold) return undefined;
    res.writeHead(plan?.status ?? 200, { 'content-type': 'application/json', ...(idp.cache ? { 'cache-control': idp.cache } : {}),
      ...(plan?.retryAfter ? { 'retry-after': String(plan.retryAfter) } : {}), ...plan?.headers });
    return res.end(plan?.body ?? JSON.stringify({ keys: idp.keys.map((k) => k.jwk) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  idp.url = `http://127.0.0.1:${server.address().port}/jwks.json`;
  idp.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return idp;
}
