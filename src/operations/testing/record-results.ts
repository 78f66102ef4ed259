import { randomUUID } from 'node:crypto';
import { type NewMetricRecord, recordMetrics } from '../metrics/record.ts';
import type { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import type { CaseRun, PlannedCase } from './run-case.ts';

/** A case with what became of it. */
export interface FinishedCase {
  readonly planned: PlannedCase;
  readonly run: CaseRun;
}

/** What marks the records of `test` in the metrics log. */
export const testsMark = 'tests';

/**
 * Appends one record a case to the metrics log, bound to the content that was tested; cases that did not run have none.
 * Returns how many. Test traffic names no environment, so that it never counts as what happened there.
 */
export const recordResults = async (
  workspace: Workspace,
  versions: Versions,
  finished: readonly FinishedCase[],
): Promise<number> => {
  const run = randomUUID();
  const counts = new Map<string, number>();
  const keyOf = ({ planned }: FinishedCase) => `${planned.prompt.contentHash}\n${planned.target.environment}`;
  for (const each of finished) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1);
  const ran = finished.filter(({ run: { outcome } }) => outcome !== 'skipped');
  const records: NewMetricRecord[] = [];
  for (const each of ran) {
    const version = await findVersion(versions, each.planned);
    records.push(toRecord(each, { version, run, cases: counts.get(keyOf(each)) ?? 0 }));
  }
  if (records.length > 0) await recordMetrics(workspace, records, { allowUnknown: true });
  return records.length;
};

/** The version that has this very content, so that a file just saved counts as its version. */
const findVersion = async (versions: Versions, { prompt }: PlannedCase): Promise<string | null> => {
  if (prompt.version !== null) return prompt.version.version;
  const saved = await versions.versionsOf(prompt.name);
  return saved.find(({ contentHash }) => contentHash === prompt.contentHash)?.version ?? null;
};

const toRecord = (
  { planned, run: result }: FinishedCase,
  { version, run, cases }: { readonly version: string | null; readonly run: string; readonly cases: number },
): NewMetricRecord => {
  const { prompt, testCase, target } = planned;
  // What a recording took once is no measurement of today.
  const isMeasured = target.provider !== null && target.provider.type !== 'replay';
  const metrics = {
    passed: result.outcome === 'passed' ? 1 : 0,
    ...(isMeasured && result.latencyMs !== null ? { latency_ms: result.latencyMs } : {}),
    ...(isMeasured && result.inputTokens !== null ? { input_tokens: result.inputTokens } : {}),
    ...(isMeasured && result.outputTokens !== null ? { output_tokens: result.outputTokens } : {}),
    ...(result.similarity === null ? {} : { similarity: result.similarity }),
  };
  return {
    prompt: prompt.name,
    ...(version === null ? {} : { version }),
    case: testCase.name,
    ...(result.model === null ? {} : { model: result.model }),
    ...(target.provider === null ? {} : { provider: target.provider.name }),
    status: result.outcome === 'errored' ? 'error' : 'success',
    ...(result.outcome === 'errored' && result.error !== null ? { error: result.error } : {}),
    metrics,
    ...(result.output === null ? {} : { output: result.output }),
    meta: {
      check: testsMark,
      contentHash: prompt.contentHash,
      run,
      cases,
      ...(target.environment === null ? {} : { testedFor: target.environment }),
    },
  };
};
