import type { EnvironmentState } from '../../core/environment/state.ts';
import type { RolloutRecord } from '../../core/rollout/record.ts';
import { readMarks } from '../marks.ts';
import type { StateStore } from '../state-store.ts';
import { isVersion, type Versions } from '../versions.ts';

/**
 * What in the repository is no longer as the rollout left it: the pointer, the candidate's tag, or its mark. Null when
 * all is; a rollout that drifted is not served.
 */
export const findDrift = async (
  versions: Versions,
  state: StateStore,
  { before, record }: { readonly before: EnvironmentState; readonly record: RolloutRecord },
): Promise<string | null> => {
  const { prompt, environment } = before;
  const { stable, candidate } = record;
  const last = before.deployments.at(-1);
  if (last?.version !== stable.version || last.contentHash !== stable.contentHash)
    return `${environment} runs ${before.current ?? 'nothing'}, not ${stable.version} as when the rollout began`;
  const found = await versions.find(prompt, candidate.version);
  if (!found) return `there is no tag of ${prompt}@${candidate.version} here`;
  if (!isVersion(found)) return `${prompt}@${candidate.version} is no version any more: ${found.invalid}`;
  if (found.contentHash !== candidate.contentHash)
    return `the tag of ${prompt}@${candidate.version} has another content than when the rollout began`;
  const marks = await readMarks(state, prompt);
  return marks.get(`${prompt}@${candidate.version}`) === 'archived'
    ? `${prompt}@${candidate.version} is archived`
    : null;
};
