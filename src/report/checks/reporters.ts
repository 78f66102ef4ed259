import { type CheckReport, fromTopLevel } from '../../core/checks/report.ts';
import type { Display } from '../display.ts';
import { formatGithub } from './github.ts';
import { formatGitlab } from './gitlab.ts';
import { formatJunit } from './junit.ts';
import { formatMarkdown } from './markdown.ts';
import { formatPretty } from './pretty.ts';
import type { ReporterChoice } from './reporter-names.ts';
import { formatSarif } from './sarif.ts';

/** The reporters that write a text of their own. */
export type ReporterName = Exclude<ReporterChoice, 'json'>;

const reporters: Readonly<Record<ReporterName, (report: CheckReport, display: Display) => string>> = {
  pretty: formatPretty,
  junit: formatJunit,
  github: formatGithub,
  gitlab: formatGitlab,
  sarif: formatSarif,
  markdown: (report) => formatMarkdown(report),
};

/** A report in the format of that name; what a host reads names files from git's top folder. */
export const formatCheckReport = (
  report: CheckReport,
  display: Display,
  reporter: ReporterName = 'pretty',
): string => reporters[reporter](reporter === 'pretty' ? report : fromTopLevel(report), display);
