import type { LoggedVersion, LogResult } from '../operations/log.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { type Cell, type Column, formatTable } from './table.ts';
import { joinLines, sanitize, sanitizeLine } from './text.ts';
import { formatDay, formatTime } from './time.ts';

interface LogReportOptions {
  /** False when a range or a limit left versions out: then none of those shown is marked as the latest. Default: true. */
  readonly complete?: boolean;
}

/** The versions as a table, one a row; the latest stable version of each prompt is marked. */
export const formatLog = (result: LogResult, display: Display, options: LogReportOptions = {}): string => {
  if (result.versions.length === 0) return formatNoVersions(result.prompt, options);
  if (display.columns === null) return formatTable([], result.versions.map(formatPipedRow), display);
  const paint = createPaint(display);
  const latest = options.complete === false ? new Set<LoggedVersion>() : findLatest(result.versions);
  const rows = result.versions.map((version): Cell[] => [
    result.prompt === null ? { text: version.prompt, paint: paint.strong } : '',
    latest.has(version)
      ? { text: `${version.version} latest`, paint: (text) => paint.strong(paint.version(text)) }
      : { text: version.version, paint: paint.version },
    { text: formatTime(version.date, display), paint: paint.dim },
    version.bump === 'initial'
      ? { text: 'first', paint: paint.dim }
      : { text: version.impact, paint: paint.impact[version.impact] },
    { text: describeStatus(version), paint: paint.status[version.status] },
    version.author.name,
    firstLine(version.message),
  ]);
  return formatTable(columns, rows, display);
};

const columns: readonly Column[] = [
  { title: 'prompt', shrinksTo: 16 },
  { title: 'version' },
  { title: 'date' },
  { title: 'impact' },
  { title: 'status', shrinksTo: 16, optional: true },
  { title: 'author', shrinksTo: 12, optional: true },
  { title: 'message', shrinksTo: 20 },
];

const formatPipedRow = (version: LoggedVersion): Cell[] => [
  ...[version.prompt, version.version, version.date, `${version.author.name} <${version.author.email}>`],
  ...[version.impact, version.status, version.environments.join(', '), firstLine(version.message)],
];

/** The status with where the version runs: `testing (staging)`, but not `production (production)`. */
const describeStatus = ({ status, environments }: LoggedVersion): string => {
  const others = environments.filter((environment) => environment !== status);
  return others.length === 0 ? status : `${status} (${others.join(', ')})`;
};

const formatNoVersions = (prompt: string | null, { complete = true }: LogReportOptions): string => {
  if (prompt === null) return 'No versions yet. Save the first ones: promptv save';
  const name = sanitizeLine(prompt);
  return complete
    ? `No versions of ${name} here. Save one: promptv save ${name}`
    : `No versions of ${name} in that range. See them all: promptv log ${name}`;
};

const firstLine = (message: string): string => message.trim().split('\n', 1)[0] ?? '';

/** The highest version without a prerelease part, of each prompt. */
const findLatest = (versions: readonly LoggedVersion[]): ReadonlySet<LoggedVersion> => {
  const latest = new Map<string, LoggedVersion>();
  for (const version of versions) {
    if (version.version.includes('-')) continue;
    const found = latest.get(version.prompt);
    if (found === undefined || isHigher(version.version, found.version)) latest.set(version.prompt, version);
  }
  return new Set(latest.values());
};

/** Of two stable versions, `1.10.0` is higher than `1.9.0`. */
const isHigher = (version: string, other: string): boolean =>
  version.localeCompare(other, 'en', { numeric: true }) > 0;

/** The versions as a changelog in Markdown: a heading a version with its day, then its impact and message. */
export const formatChangelog = (result: LogResult): string => {
  if (result.versions.length === 0) return 'No versions.';
  return result.versions.map(formatEntry).join('\n\n');
};

const formatEntry = (version: LoggedVersion): string => {
  const notes = [
    version.bump === 'initial' ? '**first version**' : `**${version.impact}**`,
    version.status === 'draft' ? null : escapeMarkdown(describeStatus(version)),
    `by ${escapeMarkdown(version.author.name)}`,
  ];
  const message = sanitize(version.message).trim();
  return joinLines(
    [
      `## ${escapeMarkdown(`${version.prompt} ${version.version}`)} (${sanitize(formatDay(version.date))})`,
      joinLines(notes, ' · '),
      message === '' ? null : message.split('\n').map(escapeMarkdown).join('\n'),
    ],
    '\n\n',
  );
};

/** A line of text that Markdown shows as it is; a bullet at its beginning stays a bullet. */
const escapeMarkdown = (line: string): string => {
  const [, bullet = '', text = ''] = /^(\s{0,3}[-*] (?=\S))?(.*)$/s.exec(sanitize(line)) ?? [];
  return (
    bullet +
    text
      .trimStart()
      .replace(/[\\`*_[\]<>|~#&]/g, '\\$&')
      .replace(/^([-+=])/, '\\$1')
      .replace(/^(\d+)([.)])/, '$1\\$2')
  );
};
