import { join } from 'node:path';
import { planFixes } from '../../core/lint/fixes.ts';
import type { LintRuleId } from '../../core/lint/rules.ts';
import { splicePromptText } from '../../store/splice.ts';
import { writeFileWhole } from '../../store/write-file.ts';
import type { Workspace } from '../workspace.ts';
import type { LintedSource, LintedSources } from './lint-sources.ts';

/** A file that was mended, and of which rules. */
export interface FixedPrompt {
  readonly prompt: string;
  readonly path: string;
  readonly rules: readonly LintRuleId[];
}

/** Mends what can be mended, byte by byte around it as it was. @throws FILE_NOT_EDITABLE, FILE_ACCESS */
export const fixSources = async (
  workspace: Workspace,
  { linted }: LintedSources,
  { dryRun }: { readonly dryRun: boolean },
): Promise<FixedPrompt[]> => {
  const fixed: FixedPrompt[] = [];
  for (const { source, findings } of linted) {
    const plan = planSource({ source, findings });
    if (plan === null) continue;
    if (!dryRun) await writeFileWhole(join(workspace.root, source.path), plan.text);
    fixed.push({ prompt: source.name, path: source.path, rules: plan.rules });
  }
  return fixed;
};

const planSource = ({
  source,
  findings,
}: LintedSource): { readonly text: string; readonly rules: readonly LintRuleId[] } | null => {
  const { document, text } = source.parsed;
  const fixes = document === null || findings.length === 0 ? [] : planFixes(document, findings);
  if (fixes.length === 0) return null;
  return {
    text: splicePromptText(text, fixes, source.path),
    rules: [...new Set(fixes.map(({ ruleId }) => ruleId))],
  };
};
