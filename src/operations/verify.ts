import { isDeepStrictEqual } from 'node:util';
import { type BundleFinding, checkBundle } from '../core/bundle/check-bundle.ts';
import { parseBundle } from '../core/bundle/parse-bundle.ts';
import type { Bundle } from '../core/bundle/schema.ts';
import type { ServedExperiment } from '../core/serving/served-experiment.ts';
import { isPromptvError } from '../errors.ts';
import { readBundleText } from '../store/bundle-file.ts';
import { readEnvironmentStates } from './environments.ts';
import { readExperiments } from './experiments.ts';
import { readExperimentInForce } from './serving.ts';
import { openState } from './state-store.ts';
import { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface VerifyRequest {
  /** The bundle's file, absolute. */
  readonly file: string;
}

export interface VerifyResult {
  readonly file: string;
  /** Whether nothing was found. */
  readonly valid: boolean;
  /** Null outside a repository: then the bundle was held against itself alone. */
  readonly checkedAgainst: 'git' | null;
  readonly commit: string | null;
  readonly environments: readonly string[];
  /** How many versions it holds. */
  readonly versionCount: number;
  readonly findings: readonly BundleFinding[];
}

/**
 * Holds a bundle against itself, and inside a repository against its tags and its environments at the bundle's commit.
 * @throws FILE_NOT_FOUND, FILE_ACCESS, BUNDLE_INVALID when it is no bundle at all
 */
export const verify = async (workspace: Workspace | null, { file }: VerifyRequest): Promise<VerifyResult> => {
  const bundle = parseBundle(await readBundleText(file), file);
  const inGit = workspace
    ? [...(await tagFindings(workspace, bundle)), ...(await stateFindings(workspace, bundle))]
    : [];
  const findings = [...checkBundle(bundle), ...inGit];
  return {
    file,
    valid: findings.length === 0,
    checkedAgainst: workspace ? 'git' : null,
    commit: bundle.commit,
    environments: Object.keys(bundle.environments),
    versionCount: Object.values(bundle.prompts).flatMap((versions) => Object.keys(versions)).length,
    findings,
  };
};

const tagFindings = async (workspace: Workspace, bundle: Bundle): Promise<BundleFinding[]> => {
  const versions = new Versions(workspace);
  const bundled = Object.entries(bundle.prompts).flatMap(([prompt, entries]) =>
    Object.entries(entries).map(([version, { contentHash }]) => ({ prompt, version, contentHash })),
  );
  workspace.documents.expect(bundled.length);
  await versions.listAll();
  const findings = await Promise.all(
    bundled.map(async ({ prompt, version, contentHash }): Promise<BundleFinding[]> => {
      const problem = await tagProblem(versions, { prompt, version, contentHash });
      return problem ? [{ ...problem, environment: null, prompt, version }] : [];
    }),
  );
  return findings.flat();
};

const tagProblem = async (
  versions: Versions,
  {
    prompt,
    version,
    contentHash,
  }: { readonly prompt: string; readonly version: string; readonly contentHash: string },
): Promise<Pick<BundleFinding, 'id' | 'message'> | null> => {
  try {
    const tagged = await versions.get(prompt, version);
    if (tagged.contentHash === contentHash) return null;
    return { id: 'VERSION_CHANGED', message: 'its tag has another content hash' };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    if (error.code === 'VERSION_NOT_FOUND') return { id: 'VERSION_MISSING', message: 'it has no tag here' };
    return { id: 'VERSION_CHANGED', message: error.message };
  }
};

/** Whatever runs at the bundle's commit, also if it was moved since. */
const stateFindings = async (workspace: Workspace, bundle: Bundle): Promise<BundleFinding[]> => {
  if (bundle.commit === null) return [];
  const nowhere = { environment: null, prompt: null, version: null };
  if ((await workspace.repository.readObject(`${bundle.commit}^{commit}`)) === null)
    return [{ ...nowhere, id: 'COMMIT_MISSING', message: `this repository has no commit ${bundle.commit}` }];
  const state = openState(workspace).at(bundle.commit);
  const versions = new Versions(workspace);
  const { experiments } = await readExperiments(workspace, state);
  const tests = experiments.map(({ experiment }) => experiment);
  const findings: BundleFinding[] = [];
  for (const [environment, pointers] of Object.entries(bundle.environments)) {
    const { states } = await readEnvironmentStates(state, environment);
    for (const [prompt, { version, contentHash }] of Object.entries(pointers)) {
      const pointer = states.get(prompt);
      const running = pointer?.deployments.at(-1);
      if (pointer && running?.version === version && running.contentHash === contentHash) {
        const committed = await readExperimentInForce(versions, pointer, tests);
        const found = experimentFinding(bundle.experiments?.[environment]?.[prompt], committed);
        if (found) findings.push({ ...found, environment, prompt, version });
        continue;
      }
      const message = `at the bundle's commit it runs ${running?.version ?? 'no valid version'}`;
      findings.push({ id: 'ENVIRONMENT_CHANGED', environment, prompt, version, message });
    }
  }
  return findings;
};

/** The experiment that decides what is served must be the one that was committed. */
const experimentFinding = (
  bundled: ServedExperiment | undefined,
  committed: ServedExperiment | null,
): Pick<BundleFinding, 'id' | 'message'> | null => {
  if (isDeepStrictEqual({ ...bundled }, { ...committed })) return null;
  const message = `at the bundle's commit ${committed ? `the experiment ${committed.id}` : 'no experiment'} decides what is served, and not what stands here`;
  return { id: 'EXPERIMENT_CHANGED', message };
};
