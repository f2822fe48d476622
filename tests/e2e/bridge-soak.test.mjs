// Half a minute of `make soak`: calls of every kind at once, and what they leave behind (tests/bench/load/soak.c).
import test from 'node:test';
import assert from 'node:assert/strict';
import { run, build, root } from './stack.mjs';

const SECONDS = 20;
const sanitized = build !== `${root}/build`;

test('calls that open, talk, interrupt, hang up and drop leave nothing behind', { timeout: 240000 }, async () => {
  const got = await run(['soak', String(SECONDS)], { exe: `${build}/bench/load/load`, cwd: root, env: {
    PATH: process.env.PATH, BUILD: build, SOAK_CALLS: '30',
    // so short a time ends before every pool is full; a sanitizer keeps what was freed
    SOAK_GROWTH_KB: sanitized ? '60000' : '4096', ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=1` } });
  assert.equal(got.code, 0, got.out + got.err);
  assert.doesNotMatch(got.err, /Sanitizer|runtime error/);
  assert.match(got.out, /ok {5}frames: \d+ calls with one session that nobody interrupted miss 0/);
});
