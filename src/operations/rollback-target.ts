import type { EnvironmentState } from '../core/environment/state.ts';
import type { Change } from '../core/impact/change.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { comparePrompts } from './compare-prompts.ts';
import { recordedVersion } from './deployed-version.ts';
import { resolveVersion } from './resolve-ref.ts';
import type { Version, Versions } from './versions.ts';

/** A version that is there, can be read and has the content that was deployed. @throws VERSION_NOT_FOUND, VERSION_MISSING, VERSION_CHANGED */
export const readTarget = async (
  versions: Versions,
  before: EnvironmentState,
  version: string,
): Promise<Version> => {
  const { prompt: name, environment, deployments } = before;
  const ranHere = deployments.some((deployment) => deployment.version === version);
  const target = ranHere
    ? await recordedVersion(versions, { name, version, environment })
    : await versions.get(name, version);
  await versions.textOf(target);
  assertDeployedContent(before, target);
  return target;
};

/** What ran here under this number must be what would run now. */
const assertDeployedContent = ({ deployments, environment }: EnvironmentState, target: Version): void => {
  const earlier = deployments.findLast(({ version }) => version === target.version);
  if (earlier && earlier.contentHash !== target.contentHash)
    throw promptvError('VERSION_CHANGED', {
      name: target.name,
      version: target.version,
      reason: `${environment} ran other content of this number`,
    });
};

/** What callers would notice; a version that runs but can no longer be read must not stop the way back. */
export const changesFor = async (
  versions: Versions,
  { prompt, current }: EnvironmentState,
  target: Version,
): Promise<Change[] | null> => {
  try {
    const running = await resolveVersion(versions, await versions.get(prompt, current ?? ''));
    return comparePrompts(running, await resolveVersion(versions, target));
  } catch (error) {
    if (isPromptvError(error) && ['VERSION_CHANGED', 'VERSION_NOT_FOUND'].includes(error.code)) return null;
    throw error;
  }
};
