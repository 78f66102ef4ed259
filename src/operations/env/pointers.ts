import { type PointerDrift, pointerDrift } from '../../core/environment/drift.ts';
import type { Running } from '../../core/environment/running.ts';
import type { Warning } from '../types.ts';
import { isVersion, type Versions } from '../versions.ts';

/** What runs, and whether the version's tag still has the content that was promoted. */
export interface Pointer extends Running {
  readonly drift: PointerDrift;
  /** Why, for a reader; null without a drift. */
  readonly detail: string | null;
}

/** Compares pointers with the tags of their versions, without a process of their own. */
export const judgePointers = (versions: Versions, running: readonly Running[]): Promise<Pointer[]> =>
  Promise.all(running.map((one) => judge(versions, one)));

const judge = async (versions: Versions, running: Running): Promise<Pointer> => {
  const { prompt, version, contentHash } = running;
  const loaded = await versions.find(prompt, version);
  if (!loaded)
    return { ...running, drift: 'missing', detail: `there is no tag of ${prompt}@${version} here` };
  if (!isVersion(loaded)) return { ...running, drift: 'changed', detail: loaded.invalid };
  const drift = pointerDrift(contentHash, loaded.contentHash);
  const detail = drift && 'the tag has another content than was promoted';
  return { ...running, drift, detail };
};

/** One warning a pointer whose tag has other content by now. */
export const warnChanged = (pointers: readonly Pointer[]): Warning[] =>
  pointers.flatMap(({ prompt, version, drift, detail }) =>
    drift === 'changed'
      ? [{ code: 'VERSION_CHANGED', message: `${prompt}@${version} is not what was promoted: ${detail}.` }]
      : [],
  );
