import type { Split } from '../assignment/assign.ts';
import type { RolloutRecord } from './record.ts';

/** How a rollout divides units: the candidate first, so that growing its weight never moves anyone back. */
export const splitOf = ({ id, salt, weight }: Pick<RolloutRecord, 'id' | 'salt' | 'weight'>): Split => ({
  salt: `${id}:${salt}:`,
  variants: [
    { name: 'candidate', weight },
    { name: 'stable', weight: 100 - weight },
  ],
});
