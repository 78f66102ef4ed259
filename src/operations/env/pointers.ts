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

/** One warning a pointer whose tag has other content by now, and one for all whose tags are not here. */
export const warnDrift = (pointers: readonly Pointer[]): Warning[] => {
  const changed = pointers.filter(({ drift }) => drift === 'changed');
  const missing = [...new Set(pointers.filter(({ drift }) => drift === 'missing').map(refOf))];
  const warnings = changed.map((pointer) => ({
    code: 'VERSION_CHANGED',
    message: `${refOf(pointer)} is not what was promoted: ${pointer.detail}.`,
  }));
  if (missing.length === 0) return warnings;
  const [first, ...others] = missing;
  const all = others.length === 0 ? first : `${first} and ${others.length} more`;
  const message = `this clone has no tag of ${all}, so what runs cannot be checked: promptv sync --tags`;
  return [...warnings, { code: 'VERSION_MISSING', message }];
};

const refOf = ({ prompt, version }: Pointer): string => `${prompt}@${version}`;
