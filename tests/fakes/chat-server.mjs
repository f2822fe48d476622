// A stand-in for a text model: OpenAI's Chat Completions (also as Azure and as "compatible") and
// Anthropic's Messages, streaming. It is strict where a mistake of ours would show (path, key, shape of
// the request), keeps what it was asked, answers by a script, and can be told how to fail.
//
//   const model = await startChat({ key: 'k' });
//   model.url                        // CHAT_URL: …/v1 (anthropic: the bare origin works as well)
//   model.next({ say: 'What is your name?' }, { tool: 'end_call', args: { outcome: 'completed' } })
//   model.always = { say: 'I see.' } // when the script is at its end
//   model.choose = (words, body) => plan   // or by what the caller said last; undefined: the script
//   model.requests                   // [{ at, path, headers, body, problem, plan, closed }]
//   await model.close()
//
// A plan may say, for an answer:
//   say          words, streamed in pieces of a few characters
//   tool, args   one call; calls: [{tool, args}] several at once. args may be any text (nonsense).
//   pieces: n    so many characters a piece (tool arguments, too); default 5
//   id: false    calls without ids; sameIndex: true  all calls under index 0
//   finish       finish_reason / stop_reason in place of the right one
//   usage        [in, out]; none: not told
//   whole: true  one JSON body, not streamed
//   done: false  no [DONE] at the end
// and for failures:
//   slow: ms       before the first byte of the answer; slowToken: ms  between head and first piece
//   stall: n       after n pieces nothing more comes, the line stays open
//   drop: n        after n pieces the line is cut; cut: true  the line is cut before any answer
//   malformed: n   the n-th piece is no JSON
//   status, code, message, type, param, retryAfter, retryAfterMs, shouldRetry    an error
//   html: true     200 and a page of HTML
//   hold: promise  wait for it before the answer
import http from 'node:http';
import { once } from 'node:events';

const wait = (ms) => new Promise((done) => { setTimeout(done, ms).unref(); }); // nobody is kept up by it

const named = {
  rateLimit: { status: 429, code: 'rate_limit_exceeded', type: 'requests', message: 'Rate limit reached' },
  noCredit: { status: 429, code: 'insufficient_quota', type: 'insufficient_quota', message: 'You exceeded your current quota' },
  tooLong: { status: 400, code: 'context_length_exceeded', type: 'invalid_request_error', param: 'messages', message: 'maximum context length' },
  badKey: { status: 401, code: 'invalid_api_key', type: 'invalid_request_error', message: 'Incorrect API key provided' },
  noModel: { status: 404, code: 'model_not_found', type: 'invalid_request_error', message: 'The model does not exist' },
  broken: { status: 500, type: 'server_error', message: 'The server had an error' },
  overloaded: { status: 503, type: 'server_error', message: 'Overloaded' },
};
export const failures = named;

const isText = (v) => typeof v === 'string';

// What is wrong with a request, or undefined.
const checks = {
  openai(body) {
    const ids = new Set();
    if (body.stream !== true) return 'stream is not true';
    if (!Array.isArray(body.messages) || !body.messages.length) return 'no messages';
    for (const m of body.messages) {
      if (!['system', 'user', 'assistant', 'tool'].includes(m.role)) return `role ${m.role}`;
      if (!isText(m.content) && !(m.role === 'assistant' && m.content === null && m.tool_calls?.length)) return `content of ${m.role}`;
      for (const c of m.tool_calls ?? []) {
        if (c.type !== 'function' || !isText(c.id) || !/^[\w-]{1,64}$/.test(c.function?.name)) return 'a tool call of another shape';
        if (!isText(c.function.arguments) || typeof JSON.parse(c.function.arguments) !== 'object') return 'arguments that are no object';
        ids.add(c.id);
      }
      if (m.role === 'tool' && !ids.delete(m.tool_call_id)) return `a result of no call: ${m.tool_call_id}`;
      if (m.role !== 'tool' && m.role !== 'assistant' && ids.size) return 'a call without its result';
    }
    if (ids.size) return 'a call without its result';
    if (body.messages.at(-1).role === 'assistant') return 'nobody asks anything';
    for (const t of body.tools ?? [])
      if (t.type !== 'function' || !isText(t.function?.name) || t.function.parameters?.type !== 'object') return 'a tool of another shape';
    return undefined;
  },
  anthropic(body) {
    if (body.stream !== true) return 'stream is not true';
    if (!Number.isInteger(body.max_tokens) || body.max_tokens < 1) return 'max_tokens: Field required';
    for (const f of ['temperature', 'top_p', 'top_k']) if (f in body) return `${f}: not taken`;
    if (body.messages?.[0]?.role !== 'user') return 'messages: first message must use the "user" role';
    let open = new Set();
    for (const [i, m] of body.messages.entries()) {
      if (!['user', 'assistant'].includes(m.role)) return `role ${m.role}`;
      const blocks = isText(m.content) ? [{ type: 'text', text: m.content }] : m.content;
      const results = blocks.filter((b) => b.type === 'tool_result').map((b) => b.tool_use_id);
      if (m.role === 'user' && open.size && results.length !== open.size) return `messages.${i}: tool_use ids without tool_result blocks`;
      for (const id of results) if (!open.delete(id)) return `messages.${i}: unexpected tool_use_id ${id}`;
      if (m.role === 'assistant') open = new Set(blocks.filter((b) => b.type === 'tool_use').map((b) => b.id));
      for (const b of blocks) {
        if (b.type === 'text' && !/\S/.test(b.text)) return `messages.${i}: text content blocks must contain non-whitespace text`;
        if (b.type === 'tool_use' && (typeof b.input !== 'object' || !/^[\w-]{1,64}$/.test(b.name))) return `messages.${i}: tool_use`;
      }
    }
    if (open.size) return 'tool_use ids without tool_result blocks';
    for (const t of body.tools ?? []) if (!isText(t.name) || t.input_schema?.type !== 'object') return 'tools: input_schema';
    return undefined;
  },
};

const cut = (text, n) => text.match(new RegExp(`[^]{1,${n}}`, 'gu')) ?? [];
const callsOf = (plan) => plan.calls ?? (plan.tool !== undefined ? [{ tool: plan.tool, args: plan.args }] : []);
const argsOf = (c) => (isText(c.args) ? c.args : JSON.stringify(c.args ?? {}));
let made = 0;

// The pieces of an answer, each [event, data].
const streams = {
  openai(plan) {
    const size = plan.pieces ?? 5, out = [];
    const chunk = (delta, finish = null) => ['', { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'fake-1',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] }];
    out.push(chunk({ role: 'assistant', content: plan.say === undefined ? null : '', refusal: null }));
    for (const piece of cut(plan.say ?? '', size)) out.push(chunk({ content: piece }));
    const calls = callsOf(plan).map((c, i) => ({ index: plan.sameIndex ? 0 : i, id: plan.id === false ? undefined : `call_${++made}`, c }));
    for (const { index, id, c } of calls)
      out.push(chunk({ tool_calls: [{ index, ...(id ? { id } : {}), type: 'function', function: { name: c.tool, arguments: '' } }] }));
    const rest = calls.map(({ c }) => cut(argsOf(c), size)); // their pieces are mixed, as they may be
    if (plan.sameIndex) {
      out.splice(-calls.length);
      for (const { id, c } of calls) out.push(chunk({ tool_calls: [{ index: 0, id, type: 'function', function: { name: c.tool, arguments: argsOf(c) } }] }));
    } else {
      for (let i = 0; rest.some((r) => r[i]); i++)
        rest.forEach((r, k) => r[i] && out.push(chunk({ tool_calls: [{ index: k, function: { arguments: r[i] } }] })));
    }
    out.push(chunk({}, plan.finish ?? (calls.length ? 'tool_calls' : 'stop')));
    if (plan.usage) out.push(['', { id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage: { prompt_tokens: plan.usage[0], completion_tokens: plan.usage[1], total_tokens: plan.usage[0] + plan.usage[1], prompt_tokens_details: { cached_tokens: 7 } } }]);
    if (plan.done !== false) out.push(['', '[DONE]']);
    return out;
  },
  anthropic(plan) {
    const size = plan.pieces ?? 5, out = [];
    const put = (type, more) => out.push([type, { type, ...more }]);
    put('message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'fake-1', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: plan.usage?.[0] ?? 1, output_tokens: 1 } } });
    put('ping', {});
    let index = 0;
    if (plan.say !== undefined) {
      put('content_block_start', { index, content_block: { type: 'text', text: '' } });
      for (const text of cut(plan.say, size)) put('content_block_delta', { index, delta: { type: 'text_delta', text } });
      put('content_block_stop', { index: index++ });
    }
    const calls = callsOf(plan);
    for (const c of calls) {
      put('content_block_start', { index, content_block: { type: 'tool_use', id: `toolu_${++made}`, name: c.tool, input: {} } });
      for (const partial_json of cut(argsOf(c), size)) put('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
      put('content_block_stop', { index: index++ });
    }
    put('message_delta', { delta: { stop_reason: plan.finish ?? (calls.length ? 'tool_use' : 'end_turn'), stop_sequence: null }, usage: { output_tokens: plan.usage?.[1] ?? 1 } });
    if (plan.done !== false) put('message_stop', {});
    return out;
  },
};

const wholes = {
  openai: (plan) => ({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'fake-1', choices: [{ index: 0, finish_reason: plan.finish ?? 'stop',
    message: { role: 'assistant', content: plan.say ?? null, tool_calls: callsOf(plan).map((c) => ({ id: `call_${++made}`, type: 'function', function: { name: c.tool, arguments: argsOf(c) } })) } }] }),
  anthropic: (plan) => ({ id: 'msg_1', type: 'message', role: 'assistant', model: 'fake-1', stop_reason: plan.finish ?? 'end_turn', content: [
    ...(plan.say === undefined ? [] : [{ type: 'text', text: plan.say }]),
    ...callsOf(plan).map((c) => ({ type: 'tool_use', id: `toolu_${++made}`, name: c.tool, input: c.args ?? {} }))] }),
};

// Which service a path is of, and how its key is sent.
const services = [
  [/^\/v1\/messages$/, 'anthropic', (h) => h['x-api-key'], (h) => (h['anthropic-version'] === '2023-06-01' ? undefined : 'anthropic-version')],
  [/^\/openai\/v1\/chat\/completions$/, 'openai', (h) => h['api-key']],
  [/^\/openai\/deployments\/[\w.-]+\/chat\/completions\?api-version=[\w-]+$/, 'openai', (h) => h['api-key']],
  [/^\/v1\/chat\/completions$/, 'openai', (h) => h.authorization?.replace(/^Bearer /, '')],
];

const textOf = (content) => (isText(content) ? content : (content ?? []).filter((b) => b.type === 'text').map((b) => b.text).join(' '));
const lastWords = (body) => textOf(body?.messages?.filter((m) => m.role === 'user' && textOf(m.content)).at(-1)?.content);

export async function startChat({ key } = {}) {
  const model = { plans: [], always: { say: 'I see.' }, choose: null, requests: [], open: new Set() };
  const error = (res, dialect, plan) => {
    const { status, message = 'as planned', type = 'invalid_request_error', code = null, param = null } = plan;
    const headers = { 'content-type': 'application/json' };
    if (plan.retryAfter !== undefined) headers['retry-after'] = String(plan.retryAfter);
    if (plan.retryAfterMs !== undefined) headers['retry-after-ms'] = String(plan.retryAfterMs);
    if (plan.shouldRetry !== undefined) headers['x-should-retry'] = String(plan.shouldRetry);
    res.writeHead(status, headers);
    res.end(JSON.stringify(dialect === 'anthropic' ? { type: 'error', error: { type, message } } : { error: { message, type, param, code } }));
  };
  const stream = async (res, dialect, plan) => {
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    res.flushHeaders();
    if (plan.slowToken) await wait(plan.slowToken);
    for (const [i, [event, data]] of streams[dialect](plan).entries()) {
      if (plan.stall === i) return undefined;
      if (plan.drop === i) return res.destroy();
      const text = plan.malformed === i ? '{"choices":[{"delta":{"con' : isText(data) ? data : JSON.stringify(data);
      res.write(`${event ? `event: ${event}\n` : ''}data: ${text}\n\n`);
    }
    return res.end();
  };
  const answer = async (req, res, text) => {
    const service = services.find(([path]) => path.test(req.url));
    const [, dialect, keyOf, version] = service ?? [];
    let body, problem;
    try { body = JSON.parse(text); } catch { problem = 'no JSON'; }
    problem ??= service ? checks[dialect](body) ?? version?.(req.headers) : undefined;
    const plan = model.choose?.(lastWords(body), body) ?? model.plans.shift() ?? model.always;
    const entry = { at: Date.now(), path: req.url, headers: req.headers, body, problem, plan };
    model.requests.push(entry);
    res.on('close', () => { entry.closed = Date.now(); });
    if (!service) return error(res, 'openai', { status: 404, message: `no such address: ${req.url}` });
    if (key !== undefined && keyOf(req.headers) !== key) return error(res, dialect, { ...named.badKey, type: dialect === 'anthropic' ? 'authentication_error' : 'invalid_request_error' });
    if (problem) return error(res, dialect, { status: 400, message: problem });
    if (plan.hold) await plan.hold;
    if (plan.slow) await wait(plan.slow);
    if (plan.cut) return req.socket.destroy();
    if (plan.status) return error(res, dialect, plan);
    if (plan.html) return res.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please sign in</body></html>');
    if (plan.whole) return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(wholes[dialect](plan)));
    return stream(res, dialect, plan);
  };
  const server = http.createServer((req, res) => {
    let text = '';
    res.on('error', () => {});
    req.on('data', (d) => (text += d));
    req.on('end', () => answer(req, res, text).catch(() => res.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  model.origin = `http://127.0.0.1:${server.address().port}`;
  model.url = `${model.origin}/v1`;
  model.next = (...plans) => model.plans.push(...plans);
  model.reset = () => Object.assign(model, { plans: [], requests: [], choose: null, always: { say: 'I see.' } });
  // What it was asked and found wrong: none, in a good test
  model.problems = () => model.requests.filter((r) => r.problem).map((r) => r.problem);
  model.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return model;
}
