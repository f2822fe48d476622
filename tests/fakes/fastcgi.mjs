// A web server in front of one FastCGI program, as nginx would be: real processes, no nginx.
//   const web = await fastcgi('build/cgi-bin/hook.fcgi', { env, processes: 1 });
//   await fetch(web.url + '/healthz');   await web.close();   // → exit codes
// env may be a function of the front's address, for PUBLIC_BASE_URL.
// The listening socket is made here and inherited as standard input, as from frontdesk run.
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { spawn } from 'node:child_process';

const BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6;

function record(type, content) {
  const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([head, content]);
}

function length(n) {
  if (n < 128) return Buffer.from([n]);
  const b = Buffer.alloc(4);
  b.writeUInt32BE((n | 0x80000000) >>> 0);
  return b;
}

function* stream(type, bytes) {
  for (let i = 0; i < bytes.length; i += 65535) yield record(type, bytes.subarray(i, i + 65535));
  yield record(type, Buffer.alloc(0));
}

// The records of one request.
export function request(params, body) {
  const pairs = Object.entries(params).flatMap(([name, value]) => {
    const n = Buffer.from(name), v = Buffer.from(String(value ?? ''), 'latin1');
    return [length(n.length), length(v.length), n, v];
  });
  return Buffer.concat([record(BEGIN, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])),
    ...stream(PARAMS, Buffer.concat(pairs)), ...stream(STDIN, body)]);
}

// What comes back: the text of STDOUT, and whether the request was ended properly.
export function parse(bytes) {
  const out = [];
  let ended = false;
  for (let i = 0; i + 8 <= bytes.length;) {
    const n = bytes.readUInt16BE(i + 4);
    if (bytes[i + 1] === STDOUT) out.push(bytes.subarray(i + 8, i + 8 + n));
    if (bytes[i + 1] === END) ended = true;
    i += 8 + n + bytes[i + 6];
  }
  return { text: Buffer.concat(out), ended };
}

function exchange(port, bytes) {
  return new Promise((done, failed) => {
    const socket = net.connect(port, '127.0.0.1');
    const got = [];
    socket.on('data', (d) => got.push(d));
    socket.on('error', failed);
    socket.on('close', () => done(parse(Buffer.concat(got))));
    socket.write(bytes);
  });
}

function params(req, body) {
  const p = {
    REQUEST_METHOD: req.method, REQUEST_URI: req.url, QUERY_STRING: req.url.split('?')[1] ?? '',
    CONTENT_TYPE: req.headers['content-type'] ?? '', CONTENT_LENGTH: body.length || '',
    SERVER_PROTOCOL: 'HTTP/1.1', REMOTE_ADDR: '127.0.0.1',
  };
  for (const [name, value] of Object.entries(req.headers))
    p['HTTP_' + name.toUpperCase().replaceAll('-', '_')] = value;
  return p;
}

async function forward(port, req, res) {
  const parts = [];
  for await (const d of req) parts.push(d);
  const body = Buffer.concat(parts);
  const { text, ended } = await exchange(port, request(params(req, body), body));
  const at = text.indexOf('\r\n\r\n');
  if (!ended || at < 0) return res.writeHead(502).end();
  let status = 200;
  const headers = [];
  for (const line of text.subarray(0, at).toString('latin1').split('\r\n')) {
    const [name, ...value] = line.split(': ');
    if (name === 'Status') status = parseInt(value[0], 10);
    else headers.push(name, value.join(': '));
  }
  res.writeHead(status, headers).end(text.subarray(at + 4));
}

export async function fastcgi(program, { env = {}, processes = 1, cwd } = {}) {
  const listener = net.createServer();
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const port = listener.address().port;
  const front = http.createServer((req, res) => forward(port, req, res).catch(() => res.destroy()));
  await once(front.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${front.address().port}`;
  const vars = typeof env === 'function' ? env(url) : env;
  const children = Array.from({ length: processes }, () => {
    const child = spawn(program, [], { cwd, env: vars, stdio: [listener._handle.fd, 'ignore', 'pipe'] });
    child.log = '';
    child.stderr.on('data', (d) => (child.log += d));
    child.ended = once(child, 'exit');
    return child;
  });
  listener.close(); // ours: theirs stays open
  return {
    url, port, children,
    log: () => children.map((c) => c.log).join(''),
    // End one or all of them by TERM; exit codes.
    async stop(list = children) {
      for (const c of list) if (c.exitCode === null) c.kill('SIGTERM');
      return Promise.all(list.map(async (c) => (await c.ended)[0]));
    },
    async close() {
      const codes = await this.stop();
      front.close();
      front.closeAllConnections?.();
      return codes;
    },
  };
}
