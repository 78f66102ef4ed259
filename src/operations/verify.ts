import { type BundleFinding, checkBundle } from '../core/bundle/check-bundle.ts';
import { parseBundle } from '../core/bundle/parse-bundle.ts';
import type { Bundle } from '../core/bundle/schema.ts';
import { isPromptvError } from '../errors.ts';
import { readBundleText } from '../store/bundle-file.ts';
import { readEnvironmentStates } from './environments.ts';
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
  const findings: BundleFinding[] = [];
  for (const [environment, pointers] of Object.entries(bundle.environments)) {
    const { states } = await readEnvironmentStates(state, environment);
    for (const [prompt, { version, contentHash }] of Object.entries(pointers)) {
      const running = states.get(prompt)?.deployments.at(-1);
      if (running?.version === version && running.contentHash === contentHash) continue;
      const message = `at the bundle's commit it runs ${running?.version ?? 'no valid version'}`;
      findings.push({ id: 'ENVIRONMENT_CHANGED', environment, prompt, version, message });
    }
  }
  return findings;
};
