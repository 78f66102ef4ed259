import type { CheckProblem, CheckSuite, Severity } from '../../core/checks/report.ts';
import { findDuplicates } from '../../core/lint/duplicates.ts';
import { type InlineExceptions, isExcepted, readExceptions } from '../../core/lint/exceptions.ts';
import type { Finding } from '../../core/lint/finding.ts';
import { createSecretHider } from '../../core/lint/hide-secrets.ts';
import { type LintRuleId, lintRuleIds, lintRules } from '../../core/lint/rules.ts';
import { matchesBranchGlob } from '../../core/version/branch-glob.ts';
import { type TextPlace, TextPlaces } from '../../store/text-places.ts';
import type { PromptSource, Sources } from '../sources.ts';
import type { OperationOptions } from '../types.ts';
import type { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { type Found, findMissingPartials, findSourceProblems, rangedPartials } from './find-problems.ts';

interface SourcesRequest extends OperationOptions {
  readonly sources: Sources;
  readonly wanted: (name: string) => boolean;
  readonly bereft?: ReadonlySet<string>;
  readonly isWhole: boolean;
  readonly versions: Versions;
}

/** A prompt with what was found in it and not excepted. */
export interface LintedSource {
  readonly source: PromptSource;
  readonly findings: readonly Finding[];
}

export interface LintedSources {
  readonly suites: readonly CheckSuite[];
  readonly linted: readonly LintedSource[];
}

/** Checks the wanted prompts of a place; one suite a file, in the order of their names. */
export const lintSources = async (workspace: Workspace, request: SourcesRequest): Promise<LintedSources> => {
  const { sources, wanted, bereft, isWhole, onProgress } = request;
  const chosen = [...sources.prompts.values()].filter(({ name }) => wanted(name));
  const duplicates = isWhole ? findDuplicates(chosen) : new Map<string, Finding[]>();
  // One git process for all.
  const ranged = chosen.flatMap(({ name, parsed }) =>
    parsed.document === null || bereft?.has(name) ? [] : rangedPartials(parsed.document),
  );
  await request.versions.list(ranged.map(({ name }) => name));
  const suites: CheckSuite[] = [];
  const linted: LintedSource[] = [];
  for (const [index, source] of chosen.entries()) {
    const found = bereft?.has(source.name)
      ? findMissingPartials(source, sources)
      : await findSourceProblems(workspace, source, request);
    const all: readonly Found[] = [...found, ...(duplicates.get(source.name) ?? [])];
    const { problems, findings } = judge(workspace, source, all);
    suites.push(suiteOf(source.name, source.path, problems));
    linted.push({ source, findings });
    onProgress?.({ stage: 'lint', done: index + 1, total: chosen.length });
  }
  const unreadable = sources.unreadable.filter(({ name }) => wanted(name));
  for (const { name, path, error } of unreadable) {
    const place = { line: 1, column: 1, endLine: null, endColumn: null };
    const severity = severityOf(workspace, { ruleId: 'unreadable-file', name });
    const problem = { ruleId: 'unreadable-file', message: error.message, file: path, ...place };
    suites.push(suiteOf(name, path, severity === null ? [] : [{ ...problem, severity }]));
  }
  return { suites: suites.sort((a, b) => (a.name < b.name ? -1 : 1)), linted };
};

const suiteOf = (name: string, file: string, problems: readonly CheckProblem[]): CheckSuite => {
  const outcome = problems.some(({ severity }) => severity === 'error') ? 'failed' : 'passed';
  return { name, file, cases: [{ name, outcome, durationMs: null, problems }] };
};

interface Judged {
  readonly problems: readonly CheckProblem[];
  readonly findings: readonly Finding[];
}

/** Gives what was found its severity and place, and leaves out what the configuration or a comment excepts. */
const judge = (workspace: Workspace, source: PromptSource, all: readonly Found[]): Judged => {
  const { parsed, path, name } = source;
  const places = new TextPlaces(parsed.text, parsed.format);
  const isBroken = parsed.value === undefined;
  const exceptions = isBroken || all.length === 0 ? noExceptions : readExceptions(places.comments());
  const unknown = exceptions.unknown.map(
    ({ rule, line }): Found => ({
      ruleId: 'unknown-key',
      message: `"${rule}" is no rule of lint; nothing is ignored`,
      place: { line, column: 1, endLine: null, endColumn: null },
    }),
  );
  const problems: CheckProblem[] = [];
  const findings: Finding[] = [];
  const hideSecrets = createSecretHider(
    all.flatMap((found) => ('offsets' in found ? [parsed.text.slice(...found.offsets)] : [])),
  );
  for (const found of [...all, ...unknown]) {
    const severity = severityOf(workspace, { ruleId: found.ruleId, name });
    const place = placeOf(places, parsed.value, found);
    if (severity === null || isExcepted(exceptions, found.ruleId, place.line)) continue;
    const message = hideSecrets(found.message);
    problems.push({ ruleId: found.ruleId, severity, message, file: path, ...place });
    if ('path' in found) findings.push(found);
  }
  return { problems: problems.sort(byPlace), findings };
};

const noExceptions: InlineExceptions = { file: new Set(), ranges: [], unknown: [] };

const byPlace = (a: CheckProblem, b: CheckProblem): number =>
  (a.line ?? 0) - (b.line ?? 0) ||
  (a.column ?? 0) - (b.column ?? 0) ||
  ruleOrder.indexOf(a.ruleId) - ruleOrder.indexOf(b.ruleId);

const ruleOrder: readonly string[] = lintRuleIds;

/** Null where the rule does not hold. */
const severityOf = (
  { config }: Workspace,
  { ruleId, name }: { readonly ruleId: LintRuleId; readonly name: string },
): Severity | null => {
  const { rules, exceptions } = config.lint;
  const isException = exceptions.some(
    ({ rule, prompts }) =>
      rule === ruleId && (prompts.length === 0 || prompts.some((glob) => matchesBranchGlob(glob, name))),
  );
  const severity = rules[ruleId] ?? lintRules[ruleId].severity;
  return isException || severity === 'off' ? null : severity;
};

const placeOf = (places: TextPlaces, value: unknown, found: Found): TextPlace => {
  if ('place' in found) return found.place;
  if ('offsets' in found) return places.between(...found.offsets);
  const text = found.path.reduce(memberOf, value);
  return places.of(found.path, typeof text === 'string' ? text : undefined, found.range);
};

const memberOf = (value: unknown, part: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, part)
    ? Object.entries(value).find(([key]) => key === String(part))?.[1]
    : undefined;
