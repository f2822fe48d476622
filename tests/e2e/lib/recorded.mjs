// Recordings as tests look at them: the row, the WAV by `frontdesk recording export`, where there is sound.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './desk.mjs';

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
export const OWN = { RECORD_CALLS: 'own', CONSENT_RULE: 'not_needed', RECORD_FREE_MB: '0' };
export const cli = (db, ...args) => run(args, { env: db.env });

// The row of the call's recording once it is over.
export async function recorded(db, peer, ms = 15000) {
  for (const end = Date.now() + ms; ;) {
    const d = await db.dump(peer.callSid);
    const [r] = d.recordings;
    if (r && r.state !== 'recording') return { r, d };
    if (Date.now() > end) throw new Error(`no recording: ${JSON.stringify(d.recordings)} ${d.events.map((e) => e.name)}`);
    await sleep(50);
  }
}

export async function wav(db, id) {
  const file = join(db.folder, `${id}.wav`);
  const got = await cli(db, 'recording', 'export', id, file);
  assert.equal(got.code, 0, got.err);
  const b = readFileSync(file);
  assert.equal(b.toString('latin1', 0, 4) + b.toString('latin1', 8, 16), 'RIFFWAVEfmt ');
  assert.equal(b.readUInt16LE(20), 7);
  assert.equal(b.readUInt16LE(22), 2);
  assert.equal(b.readUInt32LE(54), b.length - 58);
  const left = Buffer.alloc((b.length - 58) / 2);
  const right = Buffer.alloc(left.length);
  for (let i = 0; i < left.length; i += 1) {
    left[i] = b[58 + 2 * i];
    right[i] = b[59 + 2 * i];
  }
  return { left, right, ms: left.length / 8, file };
}

// Stretches of sound, in ms; gaps under 15 ms do not part them.
export function stretches(side) {
  const out = [];
  for (let i = 0; i < side.length; i += 1) {
    if (side[i] === 0xff) continue;
    const last = out.at(-1);
    if (last && i / 8 - last[1] < 15) last[1] = (i + 1) / 8;
    else out.push([i / 8, (i + 1) / 8]);
  }
  return out;
}
