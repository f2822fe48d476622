// A stand-in for api.telegram.org: sendMessage of one bot. It is as strict as Telegram where a mistake
// of ours would show (path, JSON, lengths), keeps what it was sent, and can be told how to fail.
//
//   const bot = await telegramBot({ token });
//   bot.url                        // for TELEGRAM_API_URL
//   bot.messages                   // accepted: {chat_id, text, …, message_id, at}
//   bot.requests                   // everything that came: {at, path, body, plan}
//   bot.next({ retryAfter: 2 }, { drop: true }, …)   // how the next requests are met; bot.always: all others
//   await bot.close()
//
// What a plan may say: {retryAfter: s} 429; {status, description} an error; {drop: true} the reply is
// lost: accepted, then the socket is cut; {cut: true} cut, nothing accepted; {malformed: true} accepted,
// and answered with what is no JSON.
import http from 'node:http';
import { once } from 'node:events';

function wrong(req, body, token) {
  if (req.url !== `/bot${token}/sendMessage`) return [req.url.startsWith('/bot') ? 401 : 404, req.url.startsWith('/bot') ? 'Unauthorized' : 'Not Found'];
  if (req.method !== 'POST' || !/^application\/json/.test(req.headers['content-type'] ?? '') || !body) return [400, 'Bad Request: message text is empty'];
  if (!/^(-?\d+|@\w+)$/.test(String(body.chat_id ?? ''))) return [400, 'Bad Request: chat not found'];
  if (!body.text) return [400, 'Bad Request: message text is empty'];
  if (body.text.length > 4096) return [400, 'Bad Request: message is too long']; // UTF-16 units, as here
  if (body.parse_mode && !['HTML', 'Markdown', 'MarkdownV2'].includes(body.parse_mode)) return [400, 'Bad Request: unsupported parse_mode'];
  return null;
}

export async function telegramBot({ token = '123456:AAfake_token-of-tests' } = {}) {
  const bot = { token, messages: [], requests: [], plans: [], always: null };
  const send = (res, status, body, headers = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const error = (res, status, description, parameters) =>
    send(res, status, { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) });
  const answer = (req, res, text) => {
    let body = null;
    try { body = JSON.parse(text); } catch { /* told below */ }
    const plan = bot.plans.shift() ?? bot.always ?? {};
    bot.requests.push({ at: Date.now(), path: req.url, body, plan });
    const problem = wrong(req, body, token);
    if (problem) return error(res, ...problem);
    if (plan.cut) return req.socket.destroy();
    if (plan.retryAfter) return error(res, 429, `Too Many Requests: retry after ${plan.retryAfter}`, { retry_after: plan.retryAfter });
    if (plan.status) return error(res, plan.status, plan.description ?? 'as planned');
    const message = { ...body, message_id: bot.messages.length + 1, at: Date.now() };
    bot.messages.push(message);
    if (plan.drop) return req.socket.destroy();
    if (plan.malformed) return send(res, 200, '{"ok":tr');
    return send(res, 200, { ok: true, result: { message_id: message.message_id, date: Math.floor(Date.now() / 1000), chat: { id: body.chat_id }, text: body.text } });
  };
  const server = http.createServer((req, res) => {
    let text = '';
    req.on('data', (d) => (text += d));
    req.on('end', () => answer(req, res, text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  bot.url = `http://127.0.0.1:${server.address().port}`;
  bot.next = (...plans) => bot.plans.push(...plans);
  bot.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return bot;
}
