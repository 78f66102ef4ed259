import type { LogCoverage } from '../../core/metrics/source.ts';
import type { Warning } from '../types.ts';

/** One warning where lines of the log were skipped, naming the first. */
export const warnSkipped = ({ skipped, problems }: LogCoverage): Warning[] => {
  const [first] = problems;
  if (skipped === 0 || first === undefined) return [];
  const lines = skipped === 1 ? '1 line' : `${skipped} lines`;
  const message = `${lines} of the metrics log skipped; the first is ${first.segment}:${first.line}: ${first.reason}.`;
  return [{ code: 'METRICS_LINES_SKIPPED', message }];
};
