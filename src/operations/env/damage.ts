import type { PromptvError } from '../../errors.ts';
import type { Warning } from '../types.ts';

/** A pointer file that cannot be read; the others are not concerned. */
export interface DamagedState {
  readonly environment: string;
  readonly prompt: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** The damaged pointer files of an environment, for a result. */
export const describeDamage = (
  environment: string,
  damaged: ReadonlyMap<string, PromptvError>,
): DamagedState[] =>
  [...damaged].map(([prompt, { details, message }]) => {
    const { path, problems } = details;
    const [first]: unknown[] = Array.isArray(problems) ? problems : [];
    return {
      environment,
      prompt,
      path: String(path),
      line: isPlaced(first) ? first.line : 1,
      message: isPlaced(first) ? first.message : message,
    };
  });

/** One warning a damaged file, with its line. */
export const warnDamage = (damaged: readonly DamagedState[]): Warning[] =>
  damaged.map(({ path, line, message }) => ({
    code: 'STATE_INVALID',
    message: `${path}, line ${line}: ${message}`,
  }));

const isPlaced = (problem: unknown): problem is { readonly line: number; readonly message: string } =>
  typeof problem === 'object' && problem !== null && 'line' in problem && 'message' in problem;
