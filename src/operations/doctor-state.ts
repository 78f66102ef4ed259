import type { EnvironmentState } from '../core/environment/state.ts';
import type { ExperimentState } from '../core/experiment/definition.ts';
import { experimentsFolder } from '../core/experiment/paths.ts';
import { readWorkTree } from '../git/work-tree.ts';
import type { Diagnosis } from './doctor.ts';
import { describeDamage } from './env/damage.ts';
import { judgePointers } from './env/pointers.ts';
import { environmentPath, environmentsFolder, readAllEnvironmentStates } from './environments.ts';
import { readExperiments } from './experiments.ts';
import { findDrift } from './rollout/drift.ts';
import { openState, type StateStore } from './state-store.ts';
import { Versions } from './versions.ts';
import { gitPath, type Workspace, workspacePath } from './workspace.ts';

/** What is wrong with the committed decisions: pointer files, approvals, and what was not committed at all. */
export const stateChecks = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const state = openState(workspace);
  const versions = new Versions(workspace);
  await versions.listAll();
  const checks = [
    checkEnvironments(workspace, state, versions),
    checkApprovals(state, versions),
    checkExperiments(workspace, state, versions),
    checkUncommitted(workspace),
  ];
  return [...(await Promise.all(checks)).flat(), ...noteSignatures(workspace)];
};

const checkEnvironments = async (
  workspace: Workspace,
  state: StateStore,
  versions: Versions,
): Promise<Diagnosis[]> => {
  const configured = new Set(workspace.config.environments.map(({ name }) => name));
  const findings: Diagnosis[] = [];
  for (const [environment, { states, damaged }] of await readAllEnvironmentStates(state)) {
    if (!configured.has(environment)) findings.push(unknownEnvironment(environment));
    for (const { path, line, message } of describeDamage(environment, damaged))
      findings.push(damagedFile(path, line, message));
    for (const one of states.values()) findings.push(...(await checkHistory(state, one, versions)));
  }
  return findings;
};

const unknownEnvironment = (environment: string): Diagnosis => ({
  id: 'ENVIRONMENT_UNKNOWN',
  severity: 'warning',
  message: `${environmentsFolder}/${environment} holds pointers, and the configuration has no such environment.`,
  fix: `Declare ${environment} under "environments", or remove the folder in a commit.`,
});

const damagedFile = (path: string, line: number, message: string): Diagnosis => ({
  id: 'STATE_INVALID',
  severity: 'error',
  message: `${path}, line ${line}: ${message}`,
  fix: `Look at its history ("git log -p ${path}") and put back what stood there.`,
});

/** What runs is compared with its tag; what ran is only looked for. */
const checkHistory = async (
  state: StateStore,
  one: EnvironmentState,
  versions: Versions,
): Promise<Diagnosis[]> => {
  const { prompt, environment, current, deployments } = one;
  const path = environmentPath(environment, prompt);
  const last = deployments.at(-1);
  const running = last ? { ...last, prompt, since: last.at, deployment: last.id } : null;
  const [pointer] = running ? await judgePointers(versions, [running]) : [];
  const known = new Set((await versions.refsOf(prompt)).map(({ version }) => version));
  const gone = new Set(deployments.map(({ version }) => version).filter((version) => !known.has(version)));
  const lost = [...gone].map((version) => unknownVersion(path, prompt, version, version === current));
  const found = [...lost, ...(await checkRollout(state, one, versions))];
  return pointer?.drift === 'changed'
    ? [...found, changedVersion(path, `${prompt}@${current}`, pointer.detail)]
    : found;
};

/** What drifted is served to nobody, and the next tick pauses it. */
const checkRollout = async (
  state: StateStore,
  before: EnvironmentState,
  versions: Versions,
): Promise<Diagnosis[]> => {
  const { prompt, environment, rollout: record } = before;
  if (record === undefined) return [];
  const reason = await findDrift(versions, state, { before, record });
  if (reason === null) return [];
  const message = `${environmentPath(environment, prompt)} rolls out ${prompt}@${record.candidate.version}, which nobody gets: ${reason}.`;
  const abort = `promptv rollout abort ${prompt} --env ${environment}`;
  return [
    {
      id: 'ROLLOUT_DRIFTED',
      severity: 'error',
      message,
      fix: `Put that right ("promptv sync --tags" fetches tags that are missing), or give it up: ${abort}`,
    },
  ];
};

const changedVersion = (path: string, ref: string, detail: string | null): Diagnosis => ({
  id: 'VERSION_CHANGED',
  severity: 'error',
  message: `${path} runs ${ref}, which is not what was promoted: ${detail}.`,
  fix: `Find out who changed the tag, and put it back or promote another version.`,
});

const unknownVersion = (path: string, prompt: string, version: string, runs: boolean): Diagnosis => ({
  id: 'VERSION_UNKNOWN',
  severity: runs ? 'error' : 'warning',
  message: `${path} ${runs ? 'runs' : 'once ran'} ${prompt}@${version}, of which there is no tag here.`,
  fix: 'promptv sync --tags',
});

const approvalsFolder = '.promptv/approvals';

/** The path alone says which version an approval is for: `ENV/STAGE/NAME@VERSION/FILE`. */
const checkApprovals = async (state: StateStore, versions: Versions): Promise<Diagnosis[]> => {
  const refs = new Set<string>();
  for (const path of (await state.readAll(approvalsFolder)).keys()) {
    const [, ref] = /^[^/]+\/[^/]+\/(.+@[^/]+)\/[^/]+$/.exec(path.slice(approvalsFolder.length + 1)) ?? [];
    if (ref !== undefined) refs.add(ref);
  }
  const findings: Diagnosis[] = [];
  for (const ref of [...refs].sort()) {
    const at = ref.lastIndexOf('@');
    const known = await versions.refsOf(ref.slice(0, at));
    if (!known.some(({ version }) => version === ref.slice(at + 1))) findings.push(unknownApproval(ref));
  }
  return findings;
};

const unknownApproval = (ref: string): Diagnosis => ({
  id: 'APPROVAL_UNKNOWN',
  severity: 'warning',
  message: `There are approvals for ${ref}, of which there is no tag here.`,
  fix: 'promptv sync --tags',
});

/** A damaged file is no experiment to `get`; a version that is gone cannot be served. */
const checkExperiments = async (
  workspace: Workspace,
  state: StateStore,
  versions: Versions,
): Promise<Diagnosis[]> => {
  const { experiments, damaged } = await readExperiments(workspace, state);
  const findings: Diagnosis[] = [...damaged].map(([path, error]) => ({
    id: 'EXPERIMENT_INVALID',
    severity: 'error',
    message: `${path} is no experiment to any command: ${error.details.all}`,
    fix: error.hint,
  }));
  for (const { path, experiment } of experiments) {
    const known = new Set((await versions.refsOf(experiment.prompt)).map(({ version }) => version));
    for (const { version } of experiment.variants)
      if (!known.has(version))
        findings.push(unknownVariant(path, `${experiment.prompt}@${version}`, experiment.state));
  }
  return findings;
};

const unknownVariant = (path: string, ref: string, state: ExperimentState): Diagnosis => ({
  id: 'VERSION_UNKNOWN',
  severity: state === 'running' ? 'error' : 'warning',
  message: `${path} compares ${ref}, of which there is no tag here.`,
  fix: 'promptv sync --tags',
});

const stateFolders = [environmentsFolder, approvalsFolder, '.promptv/annotations', experimentsFolder];

/** promptv reads only what is committed, so an edit on disk decides nothing. */
const checkUncommitted = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const paths = stateFolders.map((folder) => gitPath(workspace, folder));
  const { files } = await readWorkTree(workspace.repository, paths);
  return [...files.values()].map(({ path, state }) =>
    uncommitted(workspacePath(workspace, path) ?? path, state),
  );
};

const uncommitted = (path: string, state: string): Diagnosis =>
  state === 'ignored'
    ? {
        id: 'STATE_IGNORED',
        severity: 'error',
        message: `Git ignores ${path}, so what promptv decides there cannot be committed.`,
        fix: `Remove the rule that ignores it ("git check-ignore -v ${path}" names it).`,
      }
    : {
        id: 'STATE_UNCOMMITTED',
        severity: 'warning',
        message: `${path} is not as it is committed; promptv reads only what is committed.`,
        fix: `Commit it if it is right ("git add ${path}" and "git commit"), or put it back: git restore ${path}`,
      };

const noteSignatures = ({ config }: Workspace): Diagnosis[] => {
  const signed = config.environments.filter((environment) => environment.signed).map(({ name }) => name);
  if (signed.length === 0) return [];
  return [
    {
      id: 'SIGNATURES_NEED_MERGES',
      severity: 'info',
      message: `${signed.join(', ')} takes signed commits only. A squash or rebase merge on the host makes new commits without the signatures of those who approved.`,
      fix: 'Allow only merge commits for pull requests that change .promptv/.',
    },
  ];
};
