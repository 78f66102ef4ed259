import { type AlertRule, resolveAlerts } from '../../core/metrics/alert-rules.ts';
import { type AlertFigures, type AlertOutcome, evaluateAlert } from '../../core/metrics/alerts.ts';
import { appliesTo } from '../../core/metrics/applies-to.ts';
import { type Health, judgeHealth, summarizeHealth } from '../../core/metrics/health.ts';
import type { MetricsSource } from '../../core/metrics/source.ts';
import { readAllFigures } from '../metrics/alert-figures.ts';
import type { Workspace } from '../workspace.ts';

/** A version at work. */
export interface RunningVersion {
  readonly prompt: string;
  readonly environment: string;
  readonly version: string;
  /** Only records from then on count, epoch milliseconds: what came before is another deployment's. */
  readonly since: number;
  /** The version before it; null when there was none. */
  readonly previous: string | null;
}

const previousMs = 30 * 86_400_000;

/** The rules in force for a prompt in an environment. */
export const rulesFor = (
  { config }: Workspace,
  scope: { readonly prompt: string; readonly environment: string },
): AlertRule[] => resolveAlerts(config.alerts).filter((rule) => appliesTo(rule, scope));

/** How a version is until a moment, by its own records alone. */
export const readHealth = async (
  source: MetricsSource,
  running: RunningVersion,
  { rules, until }: { readonly rules: readonly AlertRule[]; readonly until: number },
): Promise<Health> => {
  const { prompt, environment, version, since } = running;
  const read = createReader(source, running);
  const outcomes: AlertOutcome[] = [];
  for (const rule of rules) {
    const from = Math.max(since, until - rule.windowMs);
    const now = await read(version, from, until);
    outcomes.push(
      evaluateAlert(
        rule,
        { prompt, environment },
        { now, before: await readBefore(read, running, { rule, from }) },
      ),
    );
  }
  const all = await read(version, since, until);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const figures = summarizeHealth(all, { version, since: iso(since), until: iso(until) });
  return judgeHealth(figures, outcomes);
};

type Read = (version: string | null, since: number, until: number) => Promise<AlertFigures>;

/** What a rise is measured against: the version before, or all that ran in the time before. */
const readBefore = (
  read: Read,
  { previous, since }: RunningVersion,
  { rule, from }: { readonly rule: AlertRule; readonly from: number },
): Promise<AlertFigures> | null => {
  if (rule.against === 'previous-version')
    return previous === null ? null : read(previous, since - previousMs, from);
  return rule.against === null ? null : read(null, from - rule.windowMs, from);
};

/** Reads each span once, however many rules look at it; a null version is any. */
const createReader = (source: MetricsSource, { prompt, environment }: RunningVersion): Read => {
  const known = new Map<string, Promise<AlertFigures>>();
  return (version, since, until) => {
    const key = `${version} ${since} ${until}`;
    const where = [
      { field: 'environment', value: environment },
      ...(version === null ? [] : [{ field: 'version', value: version }]),
    ];
    const found =
      known.get(key) ??
      readAllFigures(source, { prompts: [prompt], since, until, where }).then(
        (figures) => figures ?? noFigures,
      );
    known.set(key, found);
    return found;
  };
};

const noFigures: AlertFigures = { errorCounts: { x: 0, n: 0, missing: 0 }, metrics: {} };
