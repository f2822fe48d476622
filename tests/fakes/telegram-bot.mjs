// A stand-in for api.telegram.org: one bot, what it sends and what is written to it. It is as strict as
// Telegram where a mistake of ours would show (path, JSON, lengths, marks of HTML, buttons), keeps what it
// was sent, and can be told how to fail.
//
//   const bot = await telegramBot({ token });
//   bot.url                        // for TELEGRAM_API_URL
//   bot.messages                   // accepted: {chat_id, text, …, message_id, at}; as edited last
//   bot.toasts                     // answers to pressed buttons: {callback_query_id, text, at}
//   bot.requests                   // everything that came: {at, path, method, body, plan}
//   bot.next({ retryAfter: 2 }, { drop: true }, …)   // how the next messages are met; bot.always: all others
//   bot.nextUpdates(…)             // the same for getUpdates
//   bot.say('/callbacks', { from: 7001 })            // somebody writes to it: the update's number
//   bot.press(data, message_id, { from: 7001 })      // or presses a button
//   bot.again(update_id)           // brings one once more, as after a lost reply
//   bot.webhook                    // as it was set last, or null: then updates are brought there
//   await bot.close()
//
// What a plan may say: {retryAfter: s} 429; {status, description} an error; {drop: true} the reply is
// lost: accepted, then the socket is cut; {cut: true} cut, nothing accepted; {malformed: true} accepted,
// and answered with what is no JSON.
import http from 'node:http';
import { once } from 'node:events';

const MESSAGES = ['sendMessage', 'editMessageText', 'editMessageReplyMarkup', 'answerCallbackQuery'];
const OTHERS = ['getMe', 'getUpdates', 'setWebhook', 'deleteWebhook', 'setMyCommands'];

// What Telegram says of marks that are not closed, or not its own.
function marks(text) {
  const open = [];
  for (const [tag, slash, name] of text.matchAll(/<(\/?)([a-z]*)([^>]*)>?/g)) {
    if (!tag.endsWith('>') || !['b', 'i', 'a', 'code'].includes(name)) return `Bad Request: can't parse entities: Unsupported start tag "${name}"`;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return "Bad Request: can't parse entities: Unmatched end tag";
  }
  if (/&(?!(amp|lt|gt|quot);)/.test(text)) return "Bad Request: can't parse entities: bad entity";
  return open.length ? `Bad Request: can't parse entities: Can't find end tag corresponding to start tag ${open.pop()}` : null;
}

const seen = (body) => (body.parse_mode === 'HTML' ? body.text.replace(/<[^>]*>/g, '').replace(/&[a-z]+;/g, '&') : body.text);

function wrongKeys(markup) {
  for (const row of markup?.inline_keyboard ?? [])
    for (const key of row)
      if (!key.text || Buffer.byteLength(key.callback_data ?? 'x') > 64 || key.callback_data === '') return 'Bad Request: BUTTON_DATA_INVALID';
  return null;
}

function wrongMessage(body) {
  if (!/^(-?\d+|@\w+)$/.test(String(body.chat_id ?? ''))) return 'Bad Request: chat not found';
  if (!body.text) return 'Bad Request: message text is empty';
  if (seen(body).length > 4096) return 'Bad Request: message is too long'; // UTF-16 units, as here
  if (body.parse_mode && !['HTML', 'Markdown', 'MarkdownV2'].includes(body.parse_mode)) return 'Bad Request: unsupported parse_mode';
  return (body.parse_mode === 'HTML' && marks(body.text)) || wrongKeys(body.reply_markup);
}

function wrong(req, method, body, token) {
  if (!req.url.startsWith(`/bot${token}/`)) return [req.url.startsWith('/bot') ? 401 : 404, req.url.startsWith('/bot') ? 'Unauthorized' : 'Not Found'];
  if (!MESSAGES.includes(method) && !OTHERS.includes(method)) return [404, 'Not Found'];
  if (req.method !== 'POST' || !/^application\/json/.test(req.headers['content-type'] ?? '') || !body) return [400, 'Bad Request: message text is empty'];
  const said = method === 'sendMessage' || method === 'editMessageText' ? wrongMessage(body) : null;
  return said ? [400, said] : null;
}

export async function telegramBot({ token = '123456:AAfake_token-of-tests', username = 'harwick_bot' } = {}) {
  const bot = { token, messages: [], toasts: [], requests: [], plans: [], updatePlans: [], always: null, webhook: null, commands: null, updates: [], brought: [], presses: new Set() };
  let numbers = 1000, ids = 0, waiting = [], closed = false;
  const send = (res, status, body, headers = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const error = (res, status, description, parameters) =>
    send(res, status, { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) });
  const result = (res, value) => send(res, 200, { ok: true, result: value });
  const sent = (message) => ({ message_id: message.message_id, date: Math.floor(Date.now() / 1000), chat: { id: message.chat_id }, text: message.text });

  // ---- what is written to it
  const tell = () => {
    const still = waiting;
    waiting = [];
    for (const w of still) {
      const due = bot.updates.filter((u) => u.update_id >= w.offset).slice(0, w.limit);
      if (due.length) { clearTimeout(w.timer); result(w.res, due); } else waiting.push(w);
    }
  };
  const bring = async (update, tries = 20) => { // as Telegram does: until it is taken
    const set = bot.webhook;
    const res = await fetch(set.url, { method: 'POST', body: JSON.stringify(update),
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': set.secret_token ?? '' } }).catch(() => null);
    bot.brought.push({ update_id: update.update_id, status: res?.status ?? 0 });
    if (!res?.ok && tries && !closed) setTimeout(() => bring(update, tries - 1), 200);
  };
  const add = (update) => {
    const whole = { update_id: ++numbers, ...update };
    bot.updates.push(whole);
    if (bot.webhook) bring(whole);
    else tell();
    return whole.update_id;
  };
  const person = (from, first_name) => ({ id: from, is_bot: false, first_name });
  bot.say = (text, { from = 7001, name = 'Sal', chat = from, type = 'private' } = {}) =>
    add({ message: { message_id: ++ids + 50000, date: 1, from: person(from, name), chat: { id: chat, type }, text } });
  bot.press = (data, message_id, { from = 7001, name = 'Sal' } = {}) => {
    const id = `press${++numbers}`;
    bot.presses.add(id);
    const reply_markup = bot.messages.find((m) => m.message_id === message_id)?.reply_markup;
    return add({ callback_query: { id, from: person(from, name), chat_instance: '1', data, message: { message_id, date: 1, chat: { id: from, type: 'private' }, ...(reply_markup ? { reply_markup } : {}) } } });
  };
  bot.again = (id) => {
    const update = bot.updates.find((u) => u.update_id === id) ?? bot.old.find((u) => u.update_id === id);
    if (bot.webhook) return bring(update);
    bot.updates.push(update);
    return tell();
  };
  bot.old = [];

  const methods = {
    getMe: (res) => result(res, { id: 123456, is_bot: true, first_name: 'Harwick', username }),
    setMyCommands: (res, body) => { bot.commands = body.commands; result(res, true); },
    setWebhook: (res, body) => {
      if (!/^https?:/.test(body.url ?? '')) return error(res, 400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(body.secret_token ?? 'x')) return error(res, 400, 'Bad Request: secret token contains unallowed characters');
      bot.webhook = body;
      for (const u of bot.updates) bring(u);
      return result(res, true);
    },
    deleteWebhook: (res) => { bot.webhook = null; result(res, true); },
    getUpdates: (res, body) => {
      const plan = bot.updatePlans.shift() ?? {};
      if (plan.retryAfter) return error(res, 429, `Too Many Requests: retry after ${plan.retryAfter}`, { retry_after: plan.retryAfter });
      if (plan.status) return error(res, plan.status, plan.description ?? 'as planned');
      if (plan.cut) return res.socket.destroy();
      if (plan.malformed) return send(res, 200, '{"ok":tr');
      if (bot.webhook) return error(res, 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
      for (const w of waiting.splice(0)) { clearTimeout(w.timer); error(w.res, 409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'); }
      bot.old.push(...bot.updates.filter((u) => u.update_id < body.offset));
      bot.updates = bot.updates.filter((u) => u.update_id >= body.offset);
      const w = { res, offset: body.offset ?? 0, limit: body.limit ?? 100 };
      w.timer = setTimeout(() => { waiting = waiting.filter((x) => x !== w); result(res, []); }, Math.min(body.timeout ?? 0, 50) * 1000);
      waiting.push(w);
      res.on('close', () => { clearTimeout(w.timer); waiting = waiting.filter((x) => x !== w); });
      return tell();
    },
    answerCallbackQuery: (res, body) => {
      if (!bot.presses.has(body.callback_query_id)) return error(res, 400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
      bot.toasts.push({ ...body, at: Date.now() });
      return result(res, true);
    },
    editMessageReplyMarkup: (res, body) => {
      const m = bot.messages.find((x) => x.message_id === body.message_id && String(x.chat_id) === String(body.chat_id));
      const bad = !m ? 'Bad Request: message to edit not found' : wrongKeys(body.reply_markup);
      if (bad) return error(res, 400, bad);
      if (JSON.stringify(m.reply_markup) === JSON.stringify(body.reply_markup))
        return error(res, 400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same');
      Object.assign(m, { reply_markup: body.reply_markup, swapped: (m.swapped ?? 0) + 1 });
      return result(res, sent(m));
    },
    editMessageText: (res, body) => {
      const m = bot.messages.find((x) => x.message_id === body.message_id && String(x.chat_id) === String(body.chat_id));
      if (!m) return error(res, 400, 'Bad Request: message to edit not found');
      if (m.text === body.text && JSON.stringify(m.reply_markup) === JSON.stringify(body.reply_markup))
        return error(res, 400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same');
      Object.assign(m, { reply_markup: undefined, ...body, edited: (m.edited ?? 0) + 1 });
      return result(res, sent(m));
    },
  };

  // ---- what it sends
  const answer = (req, res, text) => {
    let body = null;
    try { body = JSON.parse(text); } catch { /* told below */ }
    const method = req.url.split('/').pop();
    const planned = MESSAGES.includes(method) || !OTHERS.includes(method);
    const plan = (planned && (bot.plans.shift() ?? bot.always)) || {};
    bot.requests.push({ at: Date.now(), path: req.url, method, body, plan });
    const problem = wrong(req, method, body, token);
    if (problem) return error(res, ...problem);
    if (plan.cut) return req.socket.destroy();
    if (plan.retryAfter) return error(res, 429, `Too Many Requests: retry after ${plan.retryAfter}`, { retry_after: plan.retryAfter });
    if (plan.status) return error(res, plan.status, plan.description ?? 'as planned');
    if (method !== 'sendMessage') return methods[method](res, body);
    const message = { ...body, message_id: bot.messages.length + 1, at: Date.now() };
    bot.messages.push(message);
    if (plan.drop) return req.socket.destroy();
    if (plan.malformed) return send(res, 200, '{"ok":tr');
    return result(res, sent(message));
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
  bot.nextUpdates = (...plans) => bot.updatePlans.push(...plans);
  bot.close = async () => {
    closed = true;
    for (const w of waiting) clearTimeout(w.timer);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return bot;
}
