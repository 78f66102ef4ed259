import { marksOf } from '../core/annotation/annotation.ts';
import type { Mark } from '../core/environment/status.ts';
import { readAnnotations } from './annotations.ts';
import type { StateStore } from './state-store.ts';

/**
 * The mark of every marked version: `NAME@VERSION` → mark. Of one prompt, if it is named: then a damaged annotation is
 * an error; without a name damaged ones are passed over.
 * @throws STATE_INVALID
 */
export const readMarks = async (state: StateStore, prompt?: string): Promise<ReadonlyMap<string, Mark>> => {
  const { annotations, damaged } = await readAnnotations(state, prompt);
  const [broken] = damaged.values();
  if (prompt !== undefined && broken) throw broken;
  return marksOf(annotations);
};
