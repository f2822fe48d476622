// A database for an end-to-end test, made and read by tests/e2e/lib/seed.c (built here when needed).
import { execFile, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { build, remove, root, scratch } from '../stack.mjs';

const run = promisify(execFile);
const FLAGS = { san: ['-fsanitize=address,undefined'], tsan: ['-fsanitize=thread'], cov: ['--coverage'] };
const LIBS = ['-lneo_cgi', '-lneo_cs', '-lneo_utl', '-lz', '-lsqlite3', '-lsodium', '-ljansson',
  '-lcrypto', '-lcurl', '-lm', '-pthread'];

let seedMade; // once, however many ask at the same time
const seedBinary = () => (seedMade ??= seedMake());
async function seedMake() {
  const source = join(root, 'tests/e2e/lib/seed.c');
  const library = join(build, 'libfrontdesk.a');
  const out = join(build, 'seed');
  const newest = Math.max(statSync(source).mtimeMs, statSync(library).mtimeMs);
  if (!existsSync(out) || statSync(out).mtimeMs < newest) {
    const temporary = `${out}.${process.pid}`;
    const flags = FLAGS[basename(build)] ?? [];
    await run('gcc', ['-std=c11', '-D_GNU_SOURCE', '-O1', ...flags, '-I', root, '-I', join(root, 'lib'),
      '-o', temporary, source, library, ...LIBS]);
    await run('mv', [temporary, out]);
  }
  return out;
}

// The same in the data folder of a stack that runs.
export async function seedIn(folder, ...args) {
  const env = { PATH: process.env.PATH, FRONTDESK_DATA: folder, FRONTDESK_SHARE: root, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '' };
  return JSON.parse((await run(await seedBinary(), args, { env, cwd: folder })).stdout);
}

export class TestDb {
  constructor(env) {
    this.folder = scratch('desk-e2e-');
    this.env = { PATH: process.env.PATH, FRONTDESK_DATA: this.folder, FRONTDESK_SHARE: root,
      ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', ...env };
  }

  async seed(...args) {
    const { stdout } = await run(await seedBinary(), args, { env: this.env, cwd: this.folder });
    return stdout ? JSON.parse(stdout) : undefined;
  }

  init(ownerPhone = '+18605550101') {
    return ownerPhone ? this.seed('init', ownerPhone) : this.seed('init');
  }

  call(sid, from = '+18605550134', agedMs = 0) {
    return this.seed('call', sid, from ?? '-', String(agedMs));
  }

  dump(sid) {
    return this.seed('dump', sid);
  }

  // Hold the write lock for ms; resolves once it is held, to a promise of its end.
  async lock(ms) {
    const child = spawn(await seedBinary(), ['lock', String(ms)], { env: this.env, cwd: this.folder });
    const over = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return { over };
  }

  remove() {
    remove(this.folder);
  }
}
