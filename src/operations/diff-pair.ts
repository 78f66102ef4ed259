import { unifiedPatch } from '../core/diff/text-diff.ts';
import type { Change } from '../core/impact/change.ts';
import { type Impact, strongestImpact } from '../core/impact/grade.ts';
import type { PromptDocument } from '../core/prompt/document.ts';
import { documentTemplates } from '../core/template/template.ts';
import { estimateTokens } from '../core/tokens.ts';
import { comparePrompts } from './compare-prompts.ts';
import type { DiffMetrics } from './metrics/compare.ts';
import type { ResolvedPrompt } from './resolve-ref.ts';

export interface DiffSide {
  readonly prompt: string;
  /** How the side is named to a reader: `1.2.0`, `working`, `git:HEAD~1`; `a@1.2.0` where two prompts are compared. */
  readonly label: string;
  readonly version: string | null;
  readonly text: string;
  /** Estimated tokens of the prompt's templates. */
  readonly tokens: number;
}

export interface PromptDiff {
  readonly prompt: string;
  readonly from: string;
  readonly to: string;
  readonly impact: Impact;
  readonly changes: readonly Change[];
  /** Unified diff of the two texts; empty when the bytes are equal. */
  readonly patch: string;
  /** Both sides' figures from the metrics log; null unless they were asked for and both sides are versions. */
  readonly metrics: DiffMetrics | null;
  readonly before: DiffSide;
  readonly after: DiffSide;
}

export type Pair = readonly [before: ResolvedPrompt, after: ResolvedPrompt];

/** Compares two texts: their changes as callers feel them, and the patch. */
export const diffPair = ([before, after]: Pair): PromptDiff => {
  const changes = comparePrompts(before, after);
  const sideOf = (side: ResolvedPrompt): DiffSide =>
    toSide(side, before.name === after.name ? side.label : `${side.name}@${side.label}`);
  const [from, to] = [sideOf(before), sideOf(after)];
  return {
    prompt: after.name,
    from: before.label,
    to: after.label,
    impact: strongestImpact(changes.map(({ impact }) => impact)),
    changes,
    patch: unifiedPatch(from.text, to.text, { from: from.label, to: to.label, path: after.path }),
    metrics: null,
    before: from,
    after: to,
  };
};

const toSide = ({ name, version, bytes, document }: ResolvedPrompt, label: string): DiffSide => ({
  prompt: name,
  label,
  version: version?.version ?? null,
  text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  tokens: countTokens(document),
});

/** Estimated tokens of a document's templates. */
export const countTokens = (document: PromptDocument): number =>
  documentTemplates(document).reduce((sum, { text }) => sum + estimateTokens(text), 0);
