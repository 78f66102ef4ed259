import { type AlertFigures, type AlertScope, alertPercentiles } from '../../core/metrics/alerts.ts';
import { countErrors } from '../../core/metrics/judge.ts';
import type { GroupKey, MetricsFilter, MetricsSource } from '../../core/metrics/source.ts';

/** One text for a place. */
export const keyOf = ({ prompt, environment }: AlertScope): string => JSON.stringify([prompt, environment]);

const scopeOf = (key: GroupKey): AlertScope => ({
  prompt: key.prompt ?? null,
  environment: key.environment ?? null,
});

/** Reads what alerts look at, of each prompt in each environment. */
export const readAlertFigures = async (
  source: MetricsSource,
  filter: MetricsFilter,
): Promise<ReadonlyMap<string, AlertFigures & { readonly scope: AlertScope }>> => {
  const by = ['prompt', 'environment'];
  const { groups } = await source.summarize({ ...filter, by, percentiles: alertPercentiles });
  return new Map(
    groups.map((group) => {
      const scope = scopeOf(group.key);
      return [keyOf(scope), { scope, errorCounts: countErrors(group), metrics: group.metrics }];
    }),
  );
};

/** The figures of records that have no place of their own, such as those of one version. */
export const readAllFigures = async (
  source: MetricsSource,
  filter: MetricsFilter,
): Promise<AlertFigures | null> => {
  const { groups } = await source.summarize({ ...filter, percentiles: alertPercentiles });
  const [group] = groups;
  return group === undefined ? null : { errorCounts: countErrors(group), metrics: group.metrics };
};
