import type { MetricRecord } from '../../core/metrics/record.ts';
import type { MetricsSource } from '../../core/metrics/source.ts';
import { judgeByTests, type TestFigures } from '../../core/rollout/judge-tests.ts';
import type { GateCheck, LogGate } from '../../core/rollout/record.ts';
import { readNewestRun } from '../testing/read-results.ts';

/** Judges what nobody has previewed by the newest run of `test` over the candidate's very content. */
export const judgeUnseen = async (
  source: MetricsSource,
  { prompt, contentHash }: { readonly prompt: string; readonly contentHash: string },
  judged: readonly { readonly gate: LogGate; readonly check: GateCheck }[],
): Promise<readonly GateCheck[]> => {
  if (!judged.some(({ check }) => check.verdict === 'no-data')) return judged.map(({ check }) => check);
  const figures = figuresOf(await readNewestRun(source, { prompt, contentHash, testedFor: null }));
  return judged.map(({ gate, check }) =>
    check.verdict === 'no-data' ? (judgeByTests(gate, figures) ?? check) : check,
  );
};

const figuresOf = (records: readonly MetricRecord[]): TestFigures => {
  const sums = new Map<string, { readonly n: number; readonly sum: number }>();
  for (const [name, value] of records.flatMap(({ metrics }) => Object.entries(metrics))) {
    const { n, sum } = sums.get(name) ?? { n: 0, sum: 0 };
    sums.set(name, { n: n + 1, sum: sum + value });
  }
  return {
    cases: records.length,
    errors: records.filter(({ status }) => status === 'error').length,
    means: Object.fromEntries([...sums].map(([name, { n, sum }]) => [name, { n, mean: sum / n }])),
  };
};
