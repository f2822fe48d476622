// A stand-in for whoever serves a calendar file at a secret address: ETag, Last-Modified, and what
// goes wrong there. s.file is served at any path; s.plans: one answer each, before the file.
import http from 'node:http';
import { once } from 'node:events';

export async function icsServer() {
  const s = { file: '', etag: null, modified: null, plans: [], requests: [], type: 'text/calendar; charset=utf-8' };
  const server = http.createServer((req, res) => {
    s.requests.push({ url: req.url, headers: req.headers, at: Date.now() });
    const plan = s.plans.length && !s.plans[0].always ? s.plans.shift() : s.plans[0] ?? {};
    if (plan.cut) return req.socket.destroy();
    if (plan.status) {
      res.writeHead(plan.status, { ...plan.headers, 'content-type': 'text/html' });
      return res.end('<html>no</html>');
    }
    const headers = { 'content-type': s.type, ...(s.etag ? { etag: s.etag } : {}), ...(s.modified ? { 'last-modified': s.modified } : {}) };
    const same = (s.etag && req.headers['if-none-match'] === s.etag) || (!s.etag && s.modified && req.headers['if-modified-since'] === s.modified);
    if (same) { res.writeHead(304, headers); return res.end(); }
    res.writeHead(200, headers);
    if (plan.half) { // the line breaks in the middle, and nobody said how long it is
      res.write(s.file.slice(0, s.file.length / 2));
      return res.end();
    }
    res.end(plan.body ?? s.file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.url = `http://127.0.0.1:${server.address().port}`;
  s.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return s;
}

export const stamp = (ms) => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
let serial = 0;
export const event = (start, end, more = '') => `BEGIN:VEVENT\r\nUID:e${++serial}@x\r\nDTSTART:${stamp(start)}\r\nDTEND:${stamp(end)}\r\nSUMMARY:private\r\n${more}END:VEVENT\r\n`;
export const calendar = (...events) => `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n${events.join('')}END:VCALENDAR\r\n`;
