import type { CheckReport } from '../../core/checks/report.ts';
import type { Display } from '../display.ts';
import { formatGithub } from './github.ts';
import { formatGitlab } from './gitlab.ts';
import { formatJunit } from './junit.ts';
import { formatMarkdown } from './markdown.ts';
import { formatPretty } from './pretty.ts';
import { formatSarif } from './sarif.ts';

/** What `--reporter` takes beside `json`, which is the answer of `--json`. */
export type ReporterName = Exclude<(typeof reporterNames)[number], 'json'>;

export const reporterNames = ['pretty', 'json', 'junit', 'github', 'gitlab', 'sarif', 'markdown'] as const;

const reporters: Readonly<Record<ReporterName, (report: CheckReport, display: Display) => string>> = {
  pretty: formatPretty,
  junit: formatJunit,
  github: formatGithub,
  gitlab: formatGitlab,
  sarif: formatSarif,
  markdown: (report) => formatMarkdown(report),
};

/** A report in the format of that name. */
export const formatCheckReport = (
  report: CheckReport,
  display: Display,
  reporter: ReporterName = 'pretty',
): string => reporters[reporter](report, display);
