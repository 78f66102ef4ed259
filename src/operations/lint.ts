import { performance } from 'node:perf_hooks';
import { type CheckReport, type CheckSuite, createCheckReport } from '../core/checks/report.ts';
import { planFixes } from '../core/lint/fixes.ts';
import { lintRules } from '../core/lint/rules.ts';
import { chooseSources } from './lint/choose-sources.ts';
import type { FixedPrompt, fixSources } from './lint/fix.ts';
import { type LintedSource, type LintedSources, lintSources } from './lint/lint-sources.ts';
import type { OperationOptions, Warning } from './types.ts';
import { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface LintRequest extends OperationOptions {
  /** References, by default to the files on disk; none: every prompt there. */
  readonly refs?: readonly string[];
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
 * Checks the prompts by the rules of the configuration: all, those named, those that git is committing, or
 * texts that were saved or committed. @throws USAGE, FILE_NOT_EDITABLE, PROMPT_NOT_FOUND, NAME_INVALID, as `resolveRef`
 */
export const lint = async (workspace: Workspace, request: LintRequest): Promise<LintResult> => {
  const started = performance.now();
  const { fix = false, dryRun = false } = request;
  const versions = new Versions(workspace);
  const before = await lintChosen(workspace, versions, request);
  const fixed = fix ? await applyFixes(workspace, before, { dryRun }) : [];
  const after = fixed.length === 0 || dryRun ? before : await lintChosen(workspace, versions, request);
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

/** Lints place by place; `linted` are the files alone, for nothing else can be mended. */
const lintChosen = async (
  workspace: Workspace,
  versions: Versions,
  request: LintRequest,
): Promise<LintedSources> => {
  const suites: CheckSuite[] = [];
  const files: LintedSource[] = [];
  for (const { label, ...chosen } of await chooseSources(workspace, versions, request)) {
    const found = await lintSources(workspace, { ...chosen, versions, onProgress: request.onProgress });
    suites.push(...(label === null ? found.suites : found.suites.map((suite) => labelSuite(suite, label))));
    if (label === null) files.push(...found.linted);
  }
  return { suites, linted: files };
};

/** A text that is no file: its lines are not those of the file on disk, so every message says whose they are. */
const labelSuite = ({ cases }: CheckSuite, label: string): CheckSuite => ({
  name: label,
  file: null,
  cases: cases.map((one) => ({
    ...one,
    name: label,
    problems: one.problems.map((problem) => ({
      ...problem,
      file: null,
      message: `${label}: ${problem.message}`,
    })),
  })),
});

const findFixable = ({ source, findings }: LintedSource): FixedPrompt[] => {
  const { document } = source.parsed;
  const fixes = document === null || findings.length === 0 ? [] : planFixes(document, findings);
  const rules = [...new Set(fixes.map(({ ruleId }) => ruleId))];
  return rules.length === 0 ? [] : [{ prompt: source.name, path: source.path, rules }];
};

const applyFixes: typeof fixSources = async (...change) =>
  (await import('./lint/fix.ts')).fixSources(...change);
