import { currentDeployment } from '../core/environment/history.ts';
import type { EnvironmentState } from '../core/environment/state.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { readEnvironment } from './environments.ts';
import type { StateStore } from './state-store.ts';
import type { Version, Versions } from './versions.ts';

/**
 * The version that an environment runs, which must still be the content that was promoted.
 * @throws ENVIRONMENT_EMPTY, VERSION_MISSING, VERSION_CHANGED
 */
export const deployedVersion = async (versions: Versions, state: EnvironmentState): Promise<Version> => {
  const { prompt: name, environment } = state;
  const deployment = currentDeployment(state);
  if (!deployment) throw promptvError('ENVIRONMENT_EMPTY', { name, environment });
  const { version, contentHash } = deployment;
  return servedVersion(versions, { name, version, contentHash, environment });
};

/** A version whose content was decided on before. @throws VERSION_MISSING, VERSION_CHANGED */
export const servedVersion = async (
  versions: Versions,
  { name, version: number, contentHash, environment }: WantedVersion,
): Promise<Version> => {
  const version = await recordedVersion(versions, { name, version: number, environment });
  if (version.contentHash === contentHash) return version;
  const reason = `its content hash is not the one that was promoted to ${environment}`;
  throw promptvError('VERSION_CHANGED', { name, version: number, reason });
};

/** A version that an environment's records name, whatever its content. @throws VERSION_MISSING, VERSION_CHANGED */
export const recordedVersion = (
  versions: Versions,
  { name, version, environment }: Omit<WantedVersion, 'contentHash'>,
): Promise<Version> =>
  versions.get(name, version).catch((error) => {
    if (!isPromptvError(error) || error.code !== 'VERSION_NOT_FOUND') throw error;
    throw promptvError('VERSION_MISSING', { name, version, environment }, error);
  });

interface WantedVersion {
  readonly name: string;
  readonly version: string;
  readonly contentHash: string;
  readonly environment: string;
}

/** The same for a prompt's name, read with the object reader alone. @throws also STATE_INVALID */
export const readDeployedVersion = async (
  state: StateStore,
  versions: Versions,
  { name, environment }: { readonly name: string; readonly environment: string },
): Promise<Version> => deployedVersion(versions, await readEnvironment(state, environment, name));
