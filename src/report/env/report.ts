import type { Durations } from '../../core/environment/delivery-report.ts';
import type { EnvironmentReport, EnvReportResult } from '../../operations/env/report.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitize } from '../text.ts';
import { formatDuration, formatTime } from '../time.ts';

const columns: readonly Column[] = [
  { title: 'environment', shrinksTo: 10 },
  { title: 'runs', align: 'right' },
  { title: 'deployments', align: 'right' },
  { title: 'good', align: 'right' },
  { title: 'rollbacks', align: 'right' },
  { title: 'held', align: 'right' },
  { title: 'between', align: 'right' },
  { title: 'back after', align: 'right' },
];

/** How delivery goes, one environment a row; durations are medians. */
export const formatEnvReport = (result: EnvReportResult, display: Display): string => {
  const table = formatTable(columns, result.environments.map(formatRow), display);
  if (display.columns === null) return table;
  const paint = createPaint(display);
  const { prompts, versioned, share } = result.versioned;
  return joinLines(
    [
      joinLines([
        `${versioned} of ${formatCount(prompts, 'prompt')} ${versioned === 1 ? 'has' : 'have'} a version${share === null ? '' : ` (${formatShare(share)})`}.`,
        result.since === null ? null : `What happened since ${sanitize(formatTime(result.since, display))}:`,
      ]),
      table,
      paint.dim(
        'good: not rolled back later. held: not followed by another rollback.\n' +
          'between: from one promotion of a prompt to its next. back after: from a\n' +
          'deployment to the rollback that undid it. Both are medians.',
      ),
    ],
    '\n\n',
  );
};

const formatRow = (report: EnvironmentReport): Cell[] => [
  report.environment,
  String(report.running),
  String(report.deployments.count),
  formatShare(report.deployments.successRate),
  String(report.rollbacks.count),
  formatShare(report.rollbacks.successRate),
  formatMedian(report.betweenDeployments),
  formatMedian(report.timeToRollBack),
];

const formatShare = (share: number | null): string => (share === null ? '' : `${Math.floor(share * 100)} %`);

const formatMedian = ({ medianMs }: Durations): string => (medianMs === null ? '' : formatDuration(medianMs));
