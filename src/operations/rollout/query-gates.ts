import { createMask } from '../../calls/mask-secrets.ts';
import { askPrometheus } from '../../calls/prometheus.ts';
import { parseDurationMs } from '../../core/config/duration.ts';
import { failedAnswer, type QueryAnswer } from '../../core/prometheus/answer.ts';
import { fillQuery, type QueryValues } from '../../core/prometheus/query.ts';
import { type AnsweredQuery, judgeQueryGate } from '../../core/rollout/judge-query.ts';
import {
  currentStep,
  type GateCheck,
  type QueryGate,
  type RolloutRecord,
} from '../../core/rollout/record.ts';
import { withLog } from '../metrics/open.ts';
import { readSecret } from '../read-token.ts';
import type { Workspace } from '../workspace.ts';
import type { PlacedRollout } from './find-rollout.ts';

/** What Prometheus said of a rollout as it was then. */
export interface QueryLook {
  readonly key: string;
  readonly checks: readonly GateCheck[];
  /** Looks in a row, this one included, in which a query ended in an error. */
  readonly errorsInARow: number;
}

/** The gates of the step that ask a Prometheus. */
export const queryGatesOf = (record: RolloutRecord): readonly QueryGate[] =>
  currentStep(record).gates.filter((gate) => gate.source === 'prometheus');

/** What tells a rollout, as it is, from itself at any other time. */
export const rolloutKey = ({ id, attempt, events }: RolloutRecord): string =>
  `${id} ${attempt} ${events.at(-1)?.seq ?? 0}`;

/**
 * Asks the server for every gate of the step, all at once. It may take as long as its time limits, so nobody may hold
 * the lock of the clone meanwhile.
 */
export const askQueryGates = async (
  workspace: Workspace,
  { prompt, environment, record }: PlacedRollout,
): Promise<QueryLook> => {
  const key = rolloutKey(record);
  const gates = queryGatesOf(record);
  const isJudged = record.state === 'running' || record.state === 'promoting';
  if (gates.length === 0 || !isJudged) return { key, checks: [], errorsInARow: 0 };
  const ask = await openServer(workspace);
  const now = workspace.now();
  const windowMs = now.getTime() - Date.parse(record.windowFrom) - record.policy.settleMs;
  const answer = async (gate: QueryGate, version: string): Promise<AnsweredQuery> => {
    const values: QueryValues = { prompt, environment, version, windowMs };
    const query = fillQuery(gate.query, values);
    return { query, answer: await ask(query, now.toISOString()) };
  };
  const checks = await Promise.all(
    gates.map(async (gate) => {
      const [candidate, stable] = await Promise.all([
        answer(gate, record.candidate.version),
        gate.kind === 'relative' ? answer(gate, record.stable.version) : null,
      ]);
      return judgeQueryGate(gate, { candidate, stable });
    }),
  );
  const hasFailed = checks.some(({ verdict }) => verdict === 'error');
  const errorsInARow = hasFailed
    ? 1 + (await countErrorsBefore(workspace, { prompt, environment, record }))
    : 0;
  return { key, checks, errorsInARow };
};

type Ask = (query: string, at: string) => Promise<QueryAnswer>;

const openServer = async (workspace: Workspace): Promise<Ask> => {
  const { url, tokenEnv, tokenFile, timeout } = workspace.config.rollouts.prometheus;
  const read = await readSecret(workspace, { variable: tokenEnv, file: tokenFile });
  if (url === null) return async () => failedAnswer('not-configured', '"rollouts.prometheus.url" is not set');
  if ('problem' in read) return async () => failedAnswer('not-configured', read.problem);
  const { secret: token } = read;
  const { openNetworkEdge } = await import('../network.ts');
  const edge = openNetworkEdge(workspace, parseDurationMs(timeout));
  const mask = createMask(token === null ? [] : [token]);
  return (query, at) => askPrometheus(edge, { url, token, query, at, mask });
};

/** The metric of a check's record that counts errors in a row. */
export const queryErrorsMetric = 'rollout_query_errors';

/** What the last look since anything happened to the rollout has counted; the log alone knows, for waiting writes no commit. */
const countErrorsBefore = (
  workspace: Workspace,
  { prompt, environment, record }: PlacedRollout,
): Promise<number> =>
  withLog(workspace, {}, async ({ source }) => {
    const groups = await source.values({
      prompts: [prompt],
      since: Date.parse(record.events.at(-1)?.at ?? record.since),
      where: [
        { field: 'environment', value: environment },
        { field: 'experiment', value: `rollout:${record.id}` },
      ],
      by: ['experiment'],
      metrics: [queryErrorsMetric],
    });
    return groups[0]?.metrics.get(queryErrorsMetric)?.at(-1) ?? 0;
  });
