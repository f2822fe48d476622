// A stand-in for a server that writes down speech: OpenAI's POST {base}/audio/transcriptions. It is
// strict where a mistake of ours would show (path, key, the multipart body byte by byte, the WAV in it),
// keeps what it was sent, and can be told how to fail.
//
//   const stt = await startStt({ key: 'k', text: 'Please call me back.' });
//   stt.url                        // STT_URL
//   stt.requests                   // [{ at, fields, wav, problem, plan }]
//   stt.next({ status: 429, retryAfter: 1 }, { malformed: true }, …)   // how the next requests are met
//   stt.always = { text: '' }      // when the plans are used up
//   await stt.close()
//
// A plan may say: text  what was said; {status, code, message, retryAfter} an error; {slow: ms};
// {malformed: true} what is no JSON; {strange: true} JSON without words; {giant: bytes} an answer of that
// length; {html: true} 200 and a page; {cut: true} the line is cut.
import http from 'node:http';
import { once } from 'node:events';

// name → { filename, type, body } of a multipart body; throws at anything odd
function parts(body, type) {
  const mark = /^multipart\/form-data; boundary=([\w-]{1,70})$/.exec(type ?? '')?.[1];
  if (!mark) throw new Error(`content-type ${type}`);
  const found = {};
  let at = body.indexOf(`--${mark}\r\n`);
  if (at !== 0) throw new Error('does not begin with its mark');
  for (;;) {
    at += mark.length + 4;
    const head = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(`\r\n--${mark}`, head + 4);
    if (head < 0 || end < 0) throw new Error('a part without an end');
    const lines = body.subarray(at, head).toString().split('\r\n');
    const [, name, , filename] = /^Content-Disposition: form-data; name="(\w+)"(; filename="([\w.]+)")?$/.exec(lines[0]) ?? [];
    if (!name || name in found) throw new Error(`part ${lines[0]}`);
    found[name] = { filename, type: /^Content-Type: (.+)$/.exec(lines[1] ?? '')?.[1], body: body.subarray(head + 4, end) };
    at = end + 2;
    const rest = body.subarray(at + mark.length + 2);
    if (rest.toString('latin1', 0, 2) === '--') {
      if (rest.toString('latin1') !== '--\r\n') throw new Error('something behind the end');
      return found;
    }
  }
}

// A WAV of 16-bit PCM, one channel: its rate and samples
export function wavOf(buf) {
  const size = buf.readUInt32LE(40);
  if (buf.toString('latin1', 0, 4) !== 'RIFF' || buf.toString('latin1', 8, 16) !== 'WAVEfmt ' || buf.readUInt32LE(4) !== buf.length - 8 ||
    buf.readUInt16LE(20) !== 1 || buf.readUInt16LE(22) !== 1 || buf.readUInt16LE(34) !== 16 ||
    buf.toString('latin1', 36, 40) !== 'data' || size !== buf.length - 44) throw new Error('the file is no WAV');
  return { rate: buf.readUInt32LE(24), samples: Array.from({ length: size / 2 }, (_, i) => buf.readInt16LE(44 + 2 * i)) };
}

export async function startStt({ key = 'stt-key', text = 'Please call me back.' } = {}) {
  const stt = { requests: [], plans: [], always: { text } };
  stt.next = (...plans) => stt.plans.push(...plans);
  const send = (res, status, body, headers = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const refuse = (res, status, code, message, headers) => send(res, status, { error: { message, type: 'invalid_request_error', param: null, code } }, headers);
  const read = (req, body) => {
    if (req.method !== 'POST' || req.url !== '/v1/audio/transcriptions') return { status: 404, code: 'not_found', problem: `${req.method} ${req.url}` };
    if (req.headers.authorization !== `Bearer ${key}`) return { status: 401, code: 'invalid_api_key', problem: 'key' };
    try {
      const got = parts(body, req.headers['content-type']);
      const fields = Object.fromEntries(Object.entries(got).filter(([, p]) => !p.filename).map(([k, p]) => [k, p.body.toString()]));
      if (!fields.model || fields.response_format !== 'json' || got.file?.type !== 'audio/wav' || !got.file.filename.endsWith('.wav')) throw new Error(`fields ${JSON.stringify(fields)}`);
      return { fields, wav: wavOf(got.file.body) };
    } catch (e) {
      return { status: 400, code: null, problem: e.message };
    }
  };
  const answer = async (req, res, body) => {
    const plan = stt.plans.shift() ?? stt.always;
    const got = read(req, body);
    stt.requests.push({ at: Date.now(), ...got, plan });
    if (plan.slow) await new Promise((done) => { setTimeout(done, plan.slow).unref(); });
    if (got.problem) return refuse(res, got.status, got.code, got.problem);
    if (plan.cut) return req.socket.destroy();
    if (plan.status) return refuse(res, plan.status, plan.code ?? null, plan.message ?? 'as planned', plan.retryAfter ? { 'retry-after': String(plan.retryAfter) } : {});
    if (plan.malformed) return send(res, 200, '{"text": "Ple');
    if (plan.strange) return send(res, 200, { words: ['a'] });
    if (plan.html) return send(res, 200, '<!DOCTYPE html><p>Welcome', { 'content-type': 'text/html' });
    if (plan.giant) return send(res, 200, { text: 'x'.repeat(plan.giant) });
    return send(res, 200, { text: plan.text ?? text, usage: { type: 'duration', seconds: 2 } });
  };
  const server = http.createServer((req, res) => {
    const chunks = [];
    req.on('data', (d) => chunks.push(d));
    req.on('end', () => answer(req, res, Buffer.concat(chunks)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stt.url = `http://127.0.0.1:${server.address().port}/v1`;
  stt.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return stt;
}
