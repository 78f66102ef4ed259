import { isStatusRate } from '../../core/experiment/observed-units.ts';
import type { MetricsSource } from '../../core/metrics/source.ts';

/** What the log says of a metric of one version, as a plan needs it. */
export interface Baseline {
  readonly metric: string;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly records: number;
  /** Records a day while there were any; null of none. */
  readonly recordsPerDay: number | null;
}

const dayMs = 86_400_000;

/** Mean, standard deviation and traffic of a metric of a version; rates of the status are means of yes and no. */
export const readBaseline = async (
  source: MetricsSource,
  { prompt, version, metric }: { readonly prompt: string; readonly version: string; readonly metric: string },
): Promise<Baseline> => {
  const where = [{ field: 'version', value: version }];
  const isRate = isStatusRate(metric);
  const { groups } = await source.summarize({ prompts: [prompt], where, metrics: isRate ? [] : [metric] });
  const [group] = groups;
  if (group === undefined) return { metric, mean: null, sd: null, records: 0, recordsPerDay: null };
  const { records, errors, firstTs, lastTs } = group;
  const days = Math.max(1, (lastTs - firstTs) / dayMs);
  const counted = { metric, records, recordsPerDay: records / days };
  if (!isRate) {
    const { mean = null, sd = null } = group.metrics[metric] ?? {};
    return { ...counted, mean, sd };
  }
  const known = await source.summarize({
    prompts: [prompt],
    where: [...where, { field: 'status', value: 'success' }, { field: 'status', value: 'error' }],
    metrics: [],
  });
  const n = known.groups[0]?.records ?? 0;
  const rate = n === 0 ? null : (metric === 'error_rate' ? errors : n - errors) / n;
  return { ...counted, mean: rate, sd: rate === null ? null : Math.sqrt(rate * (1 - rate)) };
};
