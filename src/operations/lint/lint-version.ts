import { createHash } from 'node:crypto';
import { type CheckProblem, createCheckReport, worstFirst } from '../../core/checks/report.ts';
import { lintRules } from '../../core/lint/rules.ts';
import { canonicalJson } from '../../core/prompt/content-hash.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { lintSources } from './lint-sources.ts';
import { readVersionSources } from './version-sources.ts';

/**
 * The errors that lint finds in a saved version, with the partials it is pinned to. A content that passed once by the
 * same rules is not judged again. @throws VERSION_CHANGED
 */
export const lintVersion = async (
  workspace: Workspace,
  { prompt, version }: { readonly prompt: string; readonly version: string },
): Promise<readonly CheckProblem[]> => {
  const versions = new Versions(workspace);
  const saved = await versions.get(prompt, version);
  const check = checkName(workspace);
  if (workspace.checkResults.hasPassed(check, saved.contentHash)) return [];
  const { suites } = await lintSources(workspace, {
    sources: await readVersionSources(workspace, versions, saved),
    wanted: (name) => name === prompt,
    isWhole: false,
    versions,
  });
  const report = createCheckReport({ check: 'lint', suites, rules: [], durationMs: 0 });
  const errors = worstFirst(report).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) workspace.checkResults.notePassed(check, saved.contentHash);
  return errors;
};

/** The rules and their settings are part of what was passed. */
const checkName = ({ config }: Workspace): string => {
  const rules = canonicalJson({ rules: lintRules, settings: config.lint });
  return `lint-${createHash('sha256').update(rules).digest('hex').slice(0, 16)}`;
};
