import type { Impact } from '../core/impact/grade.ts';
import type { RecordedBump } from '../core/version/bump.ts';
import { compareVersions, isPrerelease } from '../core/version/version.ts';
import { promptvError } from '../errors.ts';
import { listTagsByDate } from '../git/tags.ts';
import { readWorkingSources } from './sources.ts';
import type { Person, VersionStatus, Warning } from './types.ts';
import { readVersionFacts, type VersionFacts } from './version-facts.ts';
import { isVersion, type Version, type VersionRef, Versions, versionNotFound } from './versions.ts';
import { promptNameFrom, promptNotFound, type Workspace } from './workspace.ts';

export interface LogRequest {
  /** A name or path; absent: every prompt, newest first. */
  readonly name?: string;
  /** `FROM..TO`: after FROM, up to and including TO; either may be left out, or be `latest` or `next`. */
  readonly range?: string;
  /** How many versions; without a name 50 unless said otherwise. */
  readonly limit?: number;
}

export interface LoggedVersion {
  readonly prompt: string;
  readonly version: string;
  readonly tag: string;
  readonly commit: string;
  readonly date: string;
  readonly author: Person;
  readonly message: string;
  readonly bump: RecordedBump;
  readonly impact: Impact;
  readonly contentHash: string;
  readonly status: VersionStatus;
  readonly environments: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
}

export interface LogResult {
  readonly prompt: string | null;
  /** Highest version first; without a name newest first. */
  readonly versions: readonly LoggedVersion[];
  readonly warnings: readonly Warning[];
}

const defaultLimit = 50;

const insteadOfVersion = (name: string, selector: string): string =>
  `"promptv log ${name}"; that one version shows "promptv show ${name}@${selector}"`;

/** The versions of a prompt, or the latest ones of all. @throws PROMPT_NOT_FOUND, NO_VERSION, RANGE_INVALID, VERSION_NOT_FOUND */
export const log = async (workspace: Workspace, request: LogRequest): Promise<LogResult> => {
  if (request.name === undefined) return logAll(workspace, request.limit ?? defaultLimit);
  const prompt = promptNameFrom(workspace, request.name, insteadOfVersion);
  const versions = new Versions(workspace);
  const refs = await versions.refsOf(prompt);
  if (refs.length === 0) throw await unversioned(workspace, versions, prompt);
  const isInside = rangeFilter(prompt, request.range, refs);
  const wanted = refs.filter(({ version }) => isInside(version)).slice(0, request.limit ?? refs.length);
  const loaded = await Promise.all(wanted.map((ref) => versions.load(ref)));
  const warnings = loaded.flatMap((version) =>
    isVersion(version)
      ? []
      : [{ code: 'TAG_INVALID', message: `The tag ${version.tag} is not a version: ${version.invalid}.` }],
  );
  const facts = await readVersionFacts(workspace, [prompt]);
  const logged = loaded.filter(isVersion).map((version) => toLogged(version, facts));
  return { prompt, versions: logged, warnings: [...warnings, ...facts.warnings] };
};

const logAll = async (workspace: Workspace, limit: number): Promise<LogResult> => {
  const versions = new Versions(workspace);
  const tags = await listTagsByDate(workspace.repository, {
    prefix: `${workspace.config.tagPrefix}/`,
    limit,
  });
  const loaded = await Promise.all(tags.map((tag) => versions.loadTag(tag)));
  const found = loaded.flatMap((version) => (version && isVersion(version) ? [version] : []));
  const facts = await readVersionFacts(workspace, [...new Set(found.map(({ name }) => name))]);
  const logged = found.map((version) => toLogged(version, facts));
  return { prompt: null, versions: logged, warnings: facts.warnings };
};

const unversioned = async (workspace: Workspace, versions: Versions, prompt: string): Promise<Error> => {
  const sources = await readWorkingSources(workspace, new Set([prompt]));
  if (sources.names.includes(prompt)) return promptvError('NO_VERSION', { name: prompt });
  await versions.listAll();
  return promptNotFound(prompt, [...sources.names, ...versions.names()]);
};

/** The words for the highest versions are ends of a range as well. */
const numberOf = (end: string, refs: readonly VersionRef[]): string => {
  if (end !== 'latest' && end !== 'next') return end;
  return refs.find(({ version }) => end === 'next' || !isPrerelease(version))?.version ?? end;
};

const rangeFilter = (
  prompt: string,
  range: string | undefined,
  refs: readonly VersionRef[],
): ((version: string) => boolean) => {
  if (range === undefined) return () => true;
  const parts = range.split('..');
  const [from = '', to = ''] = parts.map((end) => numberOf(end, refs));
  if (parts.length !== 2 || (from === '' && to === ''))
    throw promptvError('RANGE_INVALID', { range, reason: 'it is not FROM..TO' });
  const known = new Set(['', ...refs.map(({ version }) => version)]);
  for (const version of [from, to]) if (!known.has(version)) throw versionNotFound(prompt, version, refs);
  return (version) =>
    (from === '' || compareVersions(version, from) > 0) && (to === '' || compareVersions(version, to) <= 0);
};

const toLogged = (version: Version, facts: VersionFacts): LoggedVersion => ({
  prompt: version.name,
  version: version.version,
  tag: version.tag,
  commit: version.commit,
  date: version.date,
  author: version.author,
  message: version.record.message,
  bump: version.record.bump,
  impact: version.record.impact,
  contentHash: version.contentHash,
  status: facts.statusOf(version.name, version.version),
  environments: facts.environmentsOf(version.name, version.version),
  meta: version.record.meta,
});
