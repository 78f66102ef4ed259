import { type AlertFigures, type AlertScope, alertPercentiles } from '../../core/metrics/alerts.ts';
import type { GroupKey, GroupSummary, MetricsFilter, MetricsSource } from '../../core/metrics/source.ts';

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
  const where = [...(filter.where ?? []), { field: 'status', value: null }];
  const silent = await source.summarize({ ...filter, by, where, metrics: [] });
  const missing = new Map(silent.groups.map(({ key, records }) => [keyOf(scopeOf(key)), records]));
  return new Map(groups.map((group) => describeGroup(group, missing)));
};

const describeGroup = (group: GroupSummary, missing: ReadonlyMap<string, number>) => {
  const scope = scopeOf(group.key);
  const silent = missing.get(keyOf(scope)) ?? 0;
  const errorCounts = { x: group.errors, n: group.records - silent, missing: silent };
  return [keyOf(scope), { scope, errorCounts, metrics: group.metrics }] as const;
};

/** The figures of records that have no place of their own, such as those of one version. */
export const readAllFigures = async (
  source: MetricsSource,
  filter: MetricsFilter,
): Promise<AlertFigures | null> => {
  const { groups } = await source.summarize({ ...filter, percentiles: alertPercentiles });
  const [group] = groups;
  if (group === undefined) return null;
  const where = [...(filter.where ?? []), { field: 'status', value: null }];
  const silent = (await source.summarize({ ...filter, where, metrics: [] })).groups[0]?.records ?? 0;
  return {
    errorCounts: { x: group.errors, n: group.records - silent, missing: silent },
    metrics: group.metrics,
  };
};
