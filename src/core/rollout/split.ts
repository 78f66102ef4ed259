import type { ServedRollout } from '../serving/served-rollout.ts';
import { isOpen, type RolloutRecord } from './record.ts';

/** What serving needs of a rollout; null for one that is not served: it waits, ended, or is no longer as it was left. */
export const toServedRollout = (record: RolloutRecord): ServedRollout | null => {
  const { id, salt, weight, candidate, state, pause } = record;
  if (!isOpen(record) || state === 'pending' || state === 'aborting' || pause?.reason === 'drift')
    return null;
  return { id, salt: `${id}:${salt}:`, weight, candidate };
};
