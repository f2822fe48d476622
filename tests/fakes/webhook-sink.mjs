// A receiver of webhooks: verifies each delivery with the reference library (npm standardwebhooks), and
// can be told how to fail.
//
//   const sink = await webhookSink();  sink.url; sink.secrets = ['whsec_…'];
//   sink.got                                    // {at, id, text, body, headers, verified, plan}
//   sink.next({ status: 429, retryAfter: 2 }, { drop: true }, …)
//
// Plans: {status, retryAfter, location, body} an answer; {drop: true} taken, then the socket is cut;
// {hold: ms} the answer comes late; {answered: fn} fn is called once the answer has left.
import http from 'node:http';
import { once } from 'node:events';
import { Webhook } from 'standardwebhooks';

export async function webhookSink() {
  const sink = { got: [], plans: [], secrets: [] };
  const verified = (text, headers) => sink.secrets.map((s) => {
    try { new Webhook(s).verify(text, headers); return true; } catch { return false; }
  });
  const server = http.createServer((req, res) => {
    let text = '';
    req.on('data', (d) => (text += d));
    req.on('end', () => {
      const plan = sink.plans.shift() ?? {};
      sink.got.push({ at: Date.now(), id: req.headers['webhook-id'], text, body: JSON.parse(text), headers: req.headers, method: req.method,
        verified: verified(text, req.headers), plan });
      if (plan.drop) return req.socket.destroy();
      setTimeout(() => {
        res.writeHead(plan.status ?? 204, { ...(plan.retryAfter ? { 'retry-after': plan.retryAfter } : {}), ...(plan.location ? { location: plan.location } : {}) });
        res.end(plan.body ?? '', plan.answered);
      }, plan.hold ?? 0).unref();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sink.port = server.address().port;
  sink.url = `http://127.0.0.1:${sink.port}/in`;
  sink.next = (...plans) => sink.plans.push(...plans);
  sink.close = async () => { server.closeAllConnections(); server.close(); await once(server, 'close'); };
  return sink;
}
