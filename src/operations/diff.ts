import type { Impact } from '../core/impact/grade.ts';
import type { Change, Warning } from './types.ts';

export interface DiffRequest {
  /** None: every changed prompt. Otherwise NAME, NAME FROM, NAME FROM TO, or REF REF. */
  readonly operands?: readonly string[];
  /** Compares with the index that git is committing instead of the files on disk. */
  readonly staged?: boolean;
}

export interface DiffSide {
  /** How the side is named to a reader: `1.2.0`, `working`, `git:HEAD~1`. */
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
  /** Both sides' figures, once the metrics log is read. */
  readonly metrics: null;
  readonly before: DiffSide;
  readonly after: DiffSide;
}

export interface DiffResult {
  readonly diffs: readonly PromptDiff[];
  readonly warnings: readonly Warning[];
}
