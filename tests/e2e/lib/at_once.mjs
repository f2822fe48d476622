// Cases of one file side by side. They wait for real time to pass, so a case may be late only because
// its neighbours keep the machine busy: what fails runs once more when all others have ended, alone,
// and that run decides. The first reason is told ("# again: …", which tests/run.mjs lists at its end).
//   AT_ONCE=n   never more than n side by side     CASE=words   only the cases with these words in their names

const within = (ms, job) => {
  let timer;
  const late = new Promise((_, no) => { timer = setTimeout(() => no(new Error(`not over after ${ms} ms`)), ms); });
  return Promise.race([job, late]).finally(() => clearTimeout(timer));
};

// `t`: a test with { concurrency: true }; `cases`: [name, async (t) => …] each; `most`: side by side.
export async function atOnce(t, cases, most, ms = 60000) {
  const chosen = cases.filter(([name]) => !process.env.CASE || name.includes(process.env.CASE));
  const free = { n: Math.max(1, Math.min(most, Number(process.env.AT_ONCE) || most)), waiting: [] };
  const enter = () => (free.n > 0 ? Promise.resolve((free.n -= 1)) : new Promise((go) => free.waiting.push(go)));
  const leave = () => { const next = free.waiting.shift(); if (next) next(); else free.n += 1; };
  let left = chosen.length;
  let ended;
  let turn = new Promise((go) => { ended = go; });
  await Promise.all(chosen.map(([name, fn]) => t.test(name, async (tt) => {
    await enter();
    const first = await within(ms, fn(tt)).then(() => null, (e) => e);
    leave();
    if ((left -= 1) === 0) ended();
    if (!first) return;
    tt.diagnostic(`again: ${name}: ${String(first.message).split('\n')[0]}`);
    const mine = turn.then(() => within(ms, fn(tt)));
    turn = mine.catch(() => {});
    await mine;
  })));
}
