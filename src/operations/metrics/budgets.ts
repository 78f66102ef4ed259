import { isAlertEnabled } from '../../core/metrics/alert-rules.ts';
import type { Alert } from '../../core/metrics/alerts.ts';
import type { FieldCondition, MetricsSource } from '../../core/metrics/source.ts';
import type { Workspace } from '../workspace.ts';

const dayMs = 86_400_000;

/**
 * The budgets of `metrics.budgets` that all prompts together do not keep: an upper bound by the current UTC day so
 * far, a lower one by the last whole day.
 */
export const checkBudgets = async (
  workspace: Workspace,
  source: MetricsSource,
  { environment, where }: { readonly environment: string | null; readonly where: readonly FieldCondition[] },
): Promise<Alert[]> => {
  const { alerts, metrics } = workspace.config;
  const names = Object.keys(metrics.budgets);
  if (names.length === 0 || !isAlertEnabled(alerts, 'daily-budget')) return [];
  const today = Math.floor(workspace.now().getTime() / dayMs) * dayMs;
  const sumsFrom = async (since: number) => {
    const filter = { since, until: since + dayMs, where, metrics: names };
    return (await source.summarize(filter)).groups[0]?.metrics ?? {};
  };
  const [now, before] = [await sumsFrom(today), await sumsFrom(today - dayMs)];
  return names.flatMap((metric): Alert[] => {
    const { min = null, max = null } = metrics.budgets[metric] ?? {};
    const base = { type: 'budget', name: 'daily-budget', prompt: null, environment, metric } as const;
    const [spent, last] = [now[metric]?.sum ?? null, before[metric]?.sum ?? null];
    const rest = { statistic: 'sum', severity: 'critical' } as const;
    if (max !== null && spent !== null && spent > max)
      return [{ ...base, ...rest, value: spent, threshold: max, bound: 'max' }];
    return min !== null && last !== null && last < min
      ? [{ ...base, ...rest, value: last, threshold: min, bound: 'min' }]
      : [];
  });
};
