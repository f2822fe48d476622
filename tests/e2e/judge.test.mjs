// frontdesk judge: predictions line by line, from nothing but what a live call has; and the scorer.
import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanEnv, program, remove, root, scratch } from './stack.mjs';
import { score, sets, wilson } from '../eval/score.mjs';

const judge = (set, input, file = '-') => {
  const got = spawnSync(program, ['judge', set, file], { input, encoding: 'utf8', cwd: root, env: cleanEnv({}) });
  return { code: got.status, out: got.stdout.split('\n').filter(Boolean).map((l) => JSON.parse(l)), err: got.stderr };
};
const gold = (set) => fs.readFileSync(path.join(root, `tests/eval/${set}.jsonl`), 'utf8').trim().split('\n').map((l) => JSON.parse(l));
const live = new Set(['id', 'business', 'text', 'local_time', 'caller', 'direction', 'now', 'zone', 'profile', 'input', 'default_country']);

describe('frontdesk judge', () => {
  test('prints one prediction per line, in order, with the id of the line', () => {
    const got = judge('phones', '{"id":"a","input":"911"}\n\n{"id":"b","input":"415 555 0134"}\n{"id":"c","input":"Private","default_country":"GB"}');
    assert.deepEqual(got.out, [{ id: 'a', e164: null }, { id: 'b', e164: '+14155550134' }, { id: 'c', e164: 'withheld' }]);
    assert.equal(got.code, 0, got.err);
    assert.equal(got.err, '');
  });

  test('a line that cannot be judged is named by its number, the others are judged, exit 1', () => {
    const lines = ['nonsense', '[]', '{"id":7,"input":"x"}', '{"id":"a","text":"x"}', '{"id":"b","input":"\\ud800"}', '{"id":"c","input":null}',
      `{"id":"d","input":"${'x'.repeat(70000)}"}`, '{"id":"e","input":""}'];
    const got = judge('phones', lines.join('\n'));
    assert.equal(got.code, 1);
    assert.deepEqual(got.out, [{ id: 'e', e164: 'withheld' }]);
    for (let i = 1; i < lines.length; i++) assert.match(got.err, new RegExp(`^frontdesk: line ${i} of -: .+`, 'm'));
    assert.doesNotMatch(got.err, /line 8/);
  });

  test('an unknown set, no set, or a file that is not there', () => {
    assert.equal(judge('weather', '').code, 2);
    assert.match(judge('weather', '').err, /there are:.* phones/);
    assert.equal(judge('phones', '', '/nowhere.jsonl').code, 1);
    assert.equal(spawnSync(program, ['judge']).status, 2);
    assert.equal(judge('phones', '').code, 0);
  });

  test('dates take hours from businesses.json beside the lines, and say when there are none', () => {
    const dir = scratch();
    const file = path.join(dir, 'd.jsonl');
    const line = { id: 'a', now: '2026-11-20T10:15-07:00', zone: 'America/Denver', profile: 'denver', text: 'tomorrow at ten' };
    fs.writeFileSync(file, `${JSON.stringify(line)}\n${JSON.stringify({ ...line, id: 'b', profile: 'mars' })}\n`
      + `${JSON.stringify({ ...line, id: 'c', now: 'today' })}\n${JSON.stringify({ ...line, id: 'd', zone: 'Mars/Base' })}\n`);
    const known = judge('dates', '', file); // none beside it: those of the tree
    assert.equal(known.out[0].kind, 'reject'); // a Saturday
    assert.match(known.err, /line 2 .*mars[\s\S]*line 3 .*now[\s\S]*line 4 .*Mars\/Base/);
    fs.writeFileSync(path.join(dir, 'businesses.json'), JSON.stringify({ dates_profiles: { denver: { hours: 'Mon-Sat 09:00-12:00' } } }));
    const own = judge('dates', '', file);
    assert.deepEqual(own.out[0], { id: 'a', kind: 'slot_window', start: '2026-11-21T10:00:00-07:00', end: '2026-11-21T10:00:00-07:00' });
    remove(dir);
  });

  for (const set of Object.keys(sets))
    test(`${set}: nothing is seen that a live call has not`, { skip: judge(set, '').code === 2 && 'no such set yet' }, () => {
      const bare = gold(set).map((x) => Object.fromEntries(Object.entries(x).filter(([k]) => live.has(k))));
      const got = judge(set, bare.map((x) => JSON.stringify(x)).join('\n'));
      assert.equal(got.code, 0, got.err);
      assert.deepEqual(got.out, judge(set, gold(set).map((x) => JSON.stringify(x)).join('\n')).out);
      assert.deepEqual(got.out.map((y) => y.id), bare.map((x) => x.id));
    });
});

describe('the scorer', () => {
  test('counts a missing prediction as wrong, and alternatives as nearly right', () => {
    const lines = [{ id: 'a', text: '', expect: 'transfer', tags: [] }, { id: 'b', text: '', expect: 'ask_once', accept: ['transfer'], tags: ['scam'] }];
    const got = score('screening', lines, [{ id: 'b', decision: 'transfer' }]);
    assert.equal(got.missing, 1);
    assert.deepEqual(got.figures, [['urgent calls not ended', 0, 1, 'up'], ['scam or sales put through', 1, 1, 'down'],
      ['accuracy strict', 0, 2, 'up'], ['accuracy lenient', 1, 2, 'up']]);
  });

  test('knows times by their instant, and days by what is open', () => {
    const line = (expect) => ({ id: 'a', zone: 'America/Denver', profile: 'denver', expect });
    const is = (expect, y) => score('dates', [line(expect)], [{ id: 'a', ...y }]).all[0].right;
    const at = { kind: 'slot_window', start: '2026-11-23T10:00-07:00', end: '2026-11-23T10:00-07:00' };
    assert.ok(is(at, { kind: 'slot_window', start: '2026-11-23T17:00Z', end: '2026-11-23T18:00Z' }));
    assert.ok(is(at, { kind: 'slot_window', start: '2026-11-23T10:00' }));
    assert.ok(!is(at, { kind: 'slot_window', start: '2026-11-23T10:00Z' }));
    assert.ok(!is(at, { kind: 'slot_window' }));
    const days = { kind: 'date', start: '2026-11-20', end: '2026-11-23' };
    assert.ok(is(days, { kind: 'date', start: '2026-11-20', end: '2026-11-23', exclude: ['2026-11-21'] })); // a Saturday
    assert.ok(!is(days, { kind: 'date', start: '2026-11-20', end: '2026-11-24' }));
  });

  test('has the interval of Wilson', () => {
    assert.deepEqual(wilson(0, 0), [0, 0]);
    const [low, high] = wilson(45, 45);
    assert.ok(Math.abs(low - 0.921) < 0.001 && high === 1);
  });
});
