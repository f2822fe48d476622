// Counters through nginx: one true total of all programs; and the dashboard for Grafana names only
// what is there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, startStack, until } from './stack.mjs';

let stack;
let bridge; // port of one

before(async () => {
  stack = await startStack();
  bridge = Number(/server 127\.0\.0\.1:(\d+)/.exec(readFileSync(join(stack.data, 'run/maps.conf'), 'utf8'))[1]);
});
after(async () => { await stack?.end(); });

const text = async (url) => {
  const r = await fetch(url);
  assert.equal(r.status, 200, url);
  assert.match(r.headers.get('content-type'), /^text\/plain/);
  return r.text();
};

// The value of a counter, by its labels.
async function value(zone, route) {
  const line = (await text(`${stack.url}/metrics`)).split('\n').find((l) => l.startsWith(`frontdesk_requests_total{zone="${zone}"`) && l.includes(`route="${route}"`));
  return line ? Number(line.split(' ').pop()) : null;
}

test('every request of every program is counted in one place', async () => {
  const was = { api: await value('api', '/healthz/live'), admin: await value('admin', '/login') };
  for (let i = 0; i < 20; i++) {
    assert.equal((await fetch(`${stack.url}/healthz/live`)).status, 200);
    assert.equal((await fetch(`${stack.url}/login`)).status, 200);
  }
  await until('they are counted', async () =>
    await value('api', '/healthz/live') >= was.api + 20 && await value('admin', '/login') >= was.admin + 20);
  assert.notEqual(await value('hook', '/voice/incoming'), null);
  for (const zone of ['hook', 'api', 'admin']) assert.match(await text(`${stack.url}/metrics/${zone}`), new RegExp(`zone="${zone}"`));
});

test('what the dashboard for Grafana shows exists', async () => {
  const board = readFileSync(join(root, 'scripts/grafana/frontdesk.json'), 'utf8');
  const there = new Set(`${await text(`${stack.url}/metrics`)}${await text(`http://127.0.0.1:${bridge}/metrics`)}`.split('\n')
    .filter((l) => l && !l.startsWith('#')).map((l) => /^[a-z_]+/.exec(l)[0]));
  const named = new Set(JSON.parse(board).panels.flatMap((p) => p.targets).flatMap((t) => t.expr.match(/frontdesk_[a-z_]+/g)));
  assert.ok(named.size >= 10);
  assert.deepEqual([...named].filter((n) => !there.has(n)), []);
});
