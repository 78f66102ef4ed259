// The worst relative error of every group (of power: every figure) of the reference vectors, as `promptv stats` answers them. Build first.
//   node bench/vectors.mjs
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promptvPath } from './place.mjs';

const { cases } = JSON.parse(readFileSync(new URL('../test/fixtures/stats.json', import.meta.url), 'utf8'));
const answers = execFileSync(process.execPath, [promptvPath, 'stats'], {
  input: cases.map(({ fn, input }) => JSON.stringify({ fn, input })).join('\n'),
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
})
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line).result);

/** Numbers of the expected value beside those of the answer; what is below the absolute tolerance counts as equal. */
const worstOf = (actual, expected, tolerance) => {
  if (Array.isArray(expected))
    return Math.max(0, ...expected.map((entry, at) => worstOf(actual?.[at], entry, tolerance)));
  if (typeof expected !== 'number') return actual === expected ? 0 : Number.POSITIVE_INFINITY;
  const distance = Math.abs(actual - expected);
  if (!(distance > tolerance.abs)) return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : 0;
  return distance / Math.abs(expected);
};

const groups = new Map();
for (const [at, { group, id, expected, tol }] of cases.entries())
  for (const [key, value] of Object.entries(expected)) {
    const name = group === 'power' ? `${group}: ${key}` : group;
    const worst = worstOf(answers[at]?.[key], value, tol);
    const before = groups.get(name) ?? { ids: new Set(), worst: 0, where: '' };
    before.ids.add(id);
    groups.set(name, { ...before, ...(worst > before.worst ? { worst, where: `${id} ${key}` } : {}) });
  }
const rows = [...groups].map(
  ([name, { ids, worst, where }]) =>
    `| ${name} | ${ids.size} | ${worst === 0 ? '0' : worst.toExponential(1)} | ${where} |`,
);

/** How far the power at a size is from the wanted one: tells which of two sizes is the better root. */
const missAt = (size, { d, alpha, power, ratio }) => {
  const input = JSON.stringify({ d, nA: size, nB: ratio * size, alpha });
  const answer = execFileSync(process.execPath, [promptvPath, 'stats', 'powerMeans'], {
    input,
    encoding: 'utf8',
  });
  return Math.abs(JSON.parse(answer).power - power).toExponential(1);
};
const sizes = cases.flatMap(({ id, fn, input, expected }, at) =>
  fn === 'sampleSizeMeans'
    ? [`| ${id} | ${missAt(answers[at].nExact, input)} | ${missAt(expected.nExact, input)} |`]
    : [],
);
process.stdout.write(
  [
    '| group | cases | worst relative error | where |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '| sample size of means | miss of the power here | at the reference |',
    '| --- | --- | --- |',
    ...sizes,
    '',
  ].join('\n'),
);
