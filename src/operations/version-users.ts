import { annotationsFolder } from '../core/annotation/annotation.ts';
import { approvalsFolder } from '../core/approval/records.ts';
import { findTagsContaining } from '../git/tags.ts';
import { readAllEnvironmentStates } from './environments.ts';
import { readExperiments } from './experiments.ts';
import { openState, type StateStore } from './state-store.ts';
import type { Workspace } from './workspace.ts';

/** One number of a prompt; with a content hash, only what names this very text counts. */
export interface UsedVersion {
  readonly name: string;
  readonly version: string;
  readonly contentHash?: string;
}

/** Who would miss a version: those that pin it, environments that run or ran it, and experiments, in the words of a message. */
export const versionUsers = async (workspace: Workspace, used: UsedVersion): Promise<readonly string[]> => {
  const { repository, config } = workspace;
  const pinning = await findTagsContaining(repository, {
    prefix: `${config.tagPrefix}/`,
    text: `\nPin: ${used.name}@${used.version} ${used.contentHash ?? ''}`,
  });
  const pins = pinning.map((tag) => tag.slice(config.tagPrefix.length + 1));
  const state = openState(workspace);
  return [
    ...pins,
    ...(await environmentsWith(state, used)),
    ...(await experimentsWith(workspace, state, used)),
  ];
};

/** Those that ended count too: their numbers are about this version. A damaged file may name it. */
const experimentsWith = async (
  workspace: Workspace,
  state: StateStore,
  { name, version, contentHash }: UsedVersion,
): Promise<readonly string[]> => {
  const { experiments, damaged } = await readExperiments(workspace, state, name);
  const naming = experiments.filter(({ experiment: { variants } }) =>
    variants.some(
      (variant) =>
        variant.version === version &&
        (contentHash === undefined || (variant.contentHash ?? contentHash) === contentHash),
    ),
  );
  return [
    ...naming.map(({ experiment: { id } }) => `experiment ${id}`),
    ...[...damaged.keys()].map((path) => `the damaged ${path}`),
  ];
};

/** Deployments of the past count too: a rollback may go back to them. A damaged file may name it. */
const environmentsWith = async (
  state: StateStore,
  { name, version, contentHash }: UsedVersion,
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const [environment, { states, damaged }] of await readAllEnvironmentStates(state)) {
    const names = states
      .get(name)
      ?.deployments.some(
        (deployment) =>
          deployment.version === version &&
          (contentHash === undefined || deployment.contentHash === contentHash),
      );
    if (names || damaged.has(name)) found.push(`environment ${environment}`);
  }
  return found;
};

/** The folders of decisions and remarks on a version. */
export const versionRecords = async (
  workspace: Workspace,
  { name, version }: UsedVersion,
): Promise<readonly string[]> => {
  const state = openState(workspace);
  const files = await Promise.all([approvalsFolder, annotationsFolder].map((folder) => state.list(folder)));
  const folders = files.flat().map(({ path }) => path.slice(0, path.lastIndexOf('/')));
  return [...new Set(folders.filter((folder) => folder.endsWith(`/${name}@${version}`)))];
};
