import { parseDurationMs } from '../config/duration.ts';
import type { Config } from '../config/schema.ts';

type AlertConfig = Config['alerts'][string];
type AlertStatistic = NonNullable<AlertConfig['statistic']>;

/** One condition that records must keep. */
export interface AlertRule {
  readonly name: string;
  /** Built-in alerts say nothing of a metric that nobody records. */
  readonly isBuiltIn: boolean;
  readonly metric: string;
  readonly statistic: AlertStatistic;
  readonly min: number | null;
  readonly max: number | null;
  readonly against: 'previous-period' | 'previous-version' | null;
  readonly windowMs: number;
  readonly severity: 'warning' | 'critical';
  /** Whether `watch` rolls back what breaks it. */
  readonly rollback: boolean;
  readonly environments: readonly string[];
  readonly prompts: readonly string[];
  readonly minRecords: number;
}

const builtIn = (name: string, metric: string, more: Partial<AlertRule>): AlertRule => ({
  name,
  isBuiltIn: true,
  metric,
  statistic: 'mean',
  min: null,
  max: null,
  against: null,
  windowMs: 86_400_000,
  severity: 'warning',
  rollback: false,
  environments: [],
  prompts: [],
  minRecords: 20,
  ...more,
});

/** The alerts that are there without configuration. */
const builtInAlerts: readonly AlertRule[] = [
  builtIn('success-rate', 'success_rate', { min: 0.95, rollback: true }),
  builtIn('error-rate', 'error_rate', { max: 0.1, severity: 'critical', rollback: true }),
  builtIn('latency-p95', 'latency_ms', { statistic: 'p95', max: 2000, rollback: true }),
  builtIn('latency-mean', 'latency_ms', { max: 5000, severity: 'critical' }),
  builtIn('error-rate-rise', 'error_rate', { max: 0.5, against: 'previous-period', rollback: true }),
  builtIn('error-rate-rise-version', 'error_rate', { max: 0.5, against: 'previous-version', rollback: true }),
];

/** Names of checks that are no condition on one metric; `alerts.NAME.enabled` switches them off too. */
const otherAlerts = ['daily-budget', 'pending-approvals'] as const;

/** The rules in force: the built-in ones as the configuration changes them, then those that it adds. */
export const resolveAlerts = (alerts: Config['alerts']): AlertRule[] => {
  const added = Object.entries(alerts).filter(([name]) => !isBuiltInName(name));
  return [
    ...builtInAlerts.flatMap((rule) => applyConfig(rule, alerts[rule.name])),
    ...added.flatMap(([name, config]) => applyConfig(builtIn(name, '', { isBuiltIn: false }), config)),
  ];
};

/** Whether a name is that of an alert that exists without configuration. */
export const isBuiltInName = (name: string): boolean =>
  builtInAlerts.some((rule) => rule.name === name) || otherAlerts.some((other) => other === name);

/** Whether the configuration leaves an alert on. */
export const isAlertEnabled = (alerts: Config['alerts'], name: string): boolean =>
  !Object.hasOwn(alerts, name) || alerts[name]?.enabled !== false;

const applyConfig = (rule: AlertRule, config: AlertConfig | undefined): AlertRule[] => {
  if (config === undefined) return [rule];
  if (!config.enabled) return [];
  return [
    {
      ...rule,
      metric: config.metric ?? rule.metric,
      statistic: config.statistic ?? rule.statistic,
      // A bound of one's own replaces both built-in ones.
      ...(config.min === null && config.max === null ? {} : { min: config.min, max: config.max }),
      against: config.against ?? rule.against,
      windowMs: config.window === null ? rule.windowMs : parseDurationMs(config.window),
      severity: config.severity ?? rule.severity,
      rollback: config.rollback ?? rule.rollback,
      environments: config.environments,
      prompts: config.prompts,
      minRecords: config.minRecords ?? rule.minRecords,
    },
  ];
};

/** Whether a metric is the share of records that failed, or of those that did not. */
export const isRateName = (metric: string): boolean => metric === 'error_rate' || metric === 'success_rate';
