import type { TestResults } from '../../core/environment/check-gates.ts';
import type { MetricRecord } from '../../core/metrics/record.ts';
import type { MetricsSource } from '../../core/metrics/source.ts';
import { testsMark } from './record-results.ts';

/** Which content was tested, and for which environment; null: whichever. */
interface TestedContent {
  readonly prompt: string;
  readonly contentHash: string;
  readonly testedFor: string | null;
}

/** The records of the newest run of `test` over a content; none when there is no run. */
export const readNewestRun = async (
  source: MetricsSource,
  { prompt, contentHash, testedFor }: TestedContent,
): Promise<readonly MetricRecord[]> => {
  const where = [
    // Tests name none; it spares reading the lines of everything else.
    { field: 'environment', value: null },
    { field: 'meta.check', value: testsMark },
    { field: 'meta.contentHash', value: contentHash },
    ...(testedFor === null ? [] : [{ field: 'meta.testedFor', value: testedFor }]),
  ];
  let newest: readonly MetricRecord[] = [];
  for await (const record of source.records({ prompts: [prompt], where })) {
    const [first] = newest;
    if (first === undefined || first.ts <= record.ts || first.meta?.run === record.meta?.run)
      newest = first?.meta?.run === record.meta?.run ? [...newest, record] : [record];
  }
  return newest;
};

/** The newest run of `test` over a content, as the metrics log has it; null when there is none. */
export const readTestResults = async (
  source: MetricsSource,
  tested: TestedContent,
): Promise<TestResults | null> => {
  const newest = await readNewestRun(source, tested);
  const [first] = newest;
  if (first === undefined) return null;
  const failed = newest.filter(({ metrics }) => metrics.passed !== 1);
  return {
    cases: Math.max(newest.length, Number(first.meta?.cases ?? 0)),
    passed: newest.length - failed.length,
    failed: failed.map((record) => record.case ?? ''),
  };
};
