// The worst relative error of every group of the reference vectors, as `promptv stats` answers them. Build first.
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
for (const [at, { group, expected, tol }] of cases.entries()) {
  const worst = Object.entries(expected).map(([key, value]) => worstOf(answers[at]?.[key], value, tol));
  const before = groups.get(group) ?? { cases: 0, worst: 0 };
  groups.set(group, { cases: before.cases + 1, worst: Math.max(before.worst, ...worst) });
}
const rows = [...groups].map(
  ([group, { cases: count, worst }]) =>
    `| ${group} | ${count} | ${worst === 0 ? '0' : worst.toExponential(1)} |`,
);
process.stdout.write(
  ['| group | cases | worst relative error |', '| --- | --- | --- |', ...rows, ''].join('\n'),
);
