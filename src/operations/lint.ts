import { performance } from 'node:perf_hooks';
import { type CheckReport, createCheckReport } from '../core/checks/report.ts';
import { planFixes } from '../core/lint/fixes.ts';
import { lintRules } from '../core/lint/rules.ts';
import { promptvError } from '../errors.ts';
import type { FixedPrompt, fixSources } from './lint/fix.ts';
import { type LintedSource, lintSources } from './lint/lint-sources.ts';
import { readStagedChanges, readWorkingSources, type Sources } from './sources.ts';
import type { OperationOptions, Warning } from './types.ts';
import { Versions } from './versions.ts';
import { promptNameFrom, promptNotFound, type Workspace } from './workspace.ts';

export interface LintRequest extends OperationOptions {
  readonly names?: readonly string[];
  /** Checks what git is committing instead of the files on disk. */
  readonly staged?: boolean;
  /** Mends in the files what can be mended without a decision. */
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  /** More warnings than this fail too; without it any number passes. */
  readonly maxWarnings?: number;
}

export interface LintResult extends CheckReport {
  /** No error, and no more warnings than allowed. */
  readonly passed: boolean;
  readonly fixed: readonly FixedPrompt[];
  /** What `--fix` would mend; nothing where it was asked to. */
  readonly fixable: readonly FixedPrompt[];
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Checks the prompts by the rules of the configuration: all, those named, or those that git is committing.
 * @throws PROMPT_NOT_FOUND, NAME_INVALID, USAGE, FILE_NOT_EDITABLE
 */
export const lint = async (workspace: Workspace, request: LintRequest): Promise<LintResult> => {
  const started = performance.now();
  const { fix = false, dryRun = false, staged = false } = request;
  if (staged && (fix || request.names?.length))
    throw promptvError('USAGE', {
      message: '--staged goes neither with names nor with --fix: it reads what git is committing.',
      hint: 'Run "promptv lint --fix", and "git add" what it mended.',
    });
  const chosen = await chooseSources(workspace, request);
  const before = await lintSources(workspace, { ...chosen, onProgress: request.onProgress });
  const fixed = fix ? await applyFixes(workspace, before, { dryRun }) : [];
  const after =
    fixed.length === 0 || dryRun
      ? before
      : await lintSources(workspace, await chooseSources(workspace, request));
  const report = createCheckReport({
    check: 'lint',
    prefix: workspace.prefix,
    suites: after.suites,
    rules: Object.entries(lintRules).map(([id, { summary }]) => ({ id, summary })),
    durationMs: Math.round(performance.now() - started),
  });
  const { errors, warnings } = report.totals;
  const passed = errors === 0 && warnings <= (request.maxWarnings ?? Number.POSITIVE_INFINITY);
  const fixable = fix ? [] : after.linted.flatMap(findFixable);
  return { ...report, passed, fixed, fixable, dryRun, warnings: [] };
};

const findFixable = ({ source, findings }: LintedSource): FixedPrompt[] => {
  const { document } = source.parsed;
  const fixes = document === null || findings.length === 0 ? [] : planFixes(document, findings);
  const rules = [...new Set(fixes.map(({ ruleId }) => ruleId))];
  return rules.length === 0 ? [] : [{ prompt: source.name, path: source.path, rules }];
};

const applyFixes: typeof fixSources = async (...change) =>
  (await import('./lint/fix.ts')).fixSources(...change);

interface ChosenSources {
  readonly sources: Sources;
  readonly wanted: (name: string) => boolean;
  /** All prompts are there, so that they can be compared with each other. */
  readonly isWhole: boolean;
  readonly versions: Versions;
}

const chooseSources = async (workspace: Workspace, request: LintRequest): Promise<ChosenSources> => {
  const versions = new Versions(workspace);
  if (request.staged) {
    // git takes as long to start as the library to load.
    const { changed, sources } = await readStagedChanges(workspace, () => {
      if (workspace.config.lint.rules.profanity !== 'off') void import('../core/lint/profanity.ts');
    });
    const broken = new Set(sources.unreadable.map(({ name }) => name));
    return { sources, wanted: (name) => changed.has(name) || broken.has(name), isWhole: false, versions };
  }
  const names = request.names?.length
    ? new Set(request.names.map((name) => promptNameFrom(workspace, name)))
    : undefined;
  const sources = await readWorkingSources(workspace, names, { withPartials: true });
  const known = new Set([...sources.names, ...sources.unreadable.map(({ name }) => name)]);
  for (const name of names ?? []) if (!known.has(name)) throw promptNotFound(name, known);
  return {
    sources,
    wanted: (name) => names?.has(name) ?? true,
    isWhole: names === undefined,
    versions,
  };
};
