import type { Progress } from '../operations/types.ts';
import type { Context } from './context.ts';
import { sanitize } from './text.ts';

/** What an operation calls while it works. */
export type ReportProgress = (progress: Progress) => void;

/** Shows the work's progress as one line on stderr, from its first report until it ends. */
export const withProgress = async <Result>(
  context: Context,
  work: (onProgress: ReportProgress | undefined) => Promise<Result>,
): Promise<Result> => {
  if (!canShowProgress(context) || (await import('ci-info')).isCI) return work(undefined);
  const line = createProgressLine();
  try {
    return await work(line.report);
  } finally {
    await line.end();
  }
};

/** Only for a person who watches: ora never ends a frame on a terminal of 0 columns. */
export const canShowProgress = (context: Context): boolean =>
  context.stderr.isTTY === true && (context.stderr.columns ?? 0) > 0 && !context.json && !context.quiet;

/** The words of one report: `saving 3/12`; of an amount, `importing ████████░░░░░░░░ 50 % of 812 KiB`. */
export const formatProgress = ({ stage, done, total, unit }: Progress): string => {
  const what = sanitize(stage);
  if (total === null) return `${what} ${done}${unit === undefined ? '' : ` ${unit}`}`;
  if (unit === undefined) return `${what} ${done}/${total}`;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(share * barWidth);
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
  return `${what} ${bar} ${Math.floor(share * 100)} % of ${total} ${unit}`;
};

const barWidth = 24;

/** Ora is loaded at the first report, so that quick work pays nothing for it. */
const createProgressLine = (): { report: ReportProgress; end: () => Promise<void> } => {
  let latest = '';
  let ended = false;
  let loading: Promise<{ text: string; stop: () => unknown }> | undefined;
  const load = async () => {
    const { default: ora } = await import('ora');
    const spinner = ora({ text: latest, stream: process.stderr, discardStdin: false });
    return ended ? spinner : spinner.start();
  };
  const report: ReportProgress = (progress) => {
    latest = formatProgress(progress);
    loading ??= load();
    loading.then((spinner) => {
      spinner.text = latest;
    });
  };
  const end = async (): Promise<void> => {
    ended = true;
    (await loading)?.stop();
  };
  return { report, end };
};
