import type { Mark } from '../core/environment/status.ts';
import type { StateStore } from './state-store.ts';

/** The mark of every marked version: `NAME@VERSION` → mark. */
export const readMarks = async (_state: StateStore): Promise<ReadonlyMap<string, Mark>> => new Map();
