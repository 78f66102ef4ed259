import { formatGithubWorkflow } from '../core/ci/github-workflow.ts';
import { formatGitlabPipeline, formatGitlabRoot } from '../core/ci/gitlab-pipeline.ts';
import { type PipelineSettings, pipelineName } from '../core/ci/settings.ts';
import { currentBranch, defaultBranchOf } from '../git/history.ts';
import { fileExists, readTextFile } from '../store/read-file.ts';
import type { Workspace } from './workspace.ts';

/** What `init` is asked to write for a CI system. */
export interface CiFilesRequest {
  readonly host: 'github' | 'gitlab';
  /** What npm installs in a job: a name with an exact version. */
  readonly promptvPackage: string;
  /** Also a scheduled job that carries rollouts on. */
  readonly rollout?: boolean;
}

interface CiFiles {
  /** Paths relative to git's top folder. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** What the host must be told, one rule an entry. */
  readonly advice: readonly string[];
}

/** The files for a CI system; whether one of them is there already is not asked. */
export const planCiFiles = async (workspace: Workspace, request: CiFilesRequest): Promise<CiFiles> => {
  const { config, prefix, repository } = workspace;
  const defaultBranch =
    (await defaultBranchOf(repository, config.push.remote)) ?? (await currentBranch(repository)) ?? 'main';
  const settings: PipelineSettings = {
    promptvPackage: request.promptvPackage,
    directory: prefix.replace(/\/$/, ''),
    defaultBranch,
    environments: config.environments.map(({ name }) => name),
    rollout: request.rollout ?? false,
  };
  return request.host === 'github' ? githubFiles(settings) : gitlabFiles(workspace, settings);
};

const githubFiles = (settings: PipelineSettings): CiFiles => ({
  files: [{ path: `.github/workflows/${pipelineName(settings)}.yml`, text: formatGithubWorkflow(settings) }],
  advice: [
    `Let workflows push: where "${settings.defaultBranch}" is protected, set state.branch, so that promotions need not push there.`,
  ],
});

const gitlabFiles = async ({ repository }: Workspace, settings: PipelineSettings): Promise<CiFiles> => {
  const path = `.gitlab/${pipelineName(settings)}.gitlab-ci.yml`;
  const root = `${repository.topLevel}/.gitlab-ci.yml`;
  const isApart = (await fileExists(root)) && !(await readTextFile(root)).includes(path);
  const include = formatGitlabRoot(`/${path}`);
  return {
    files: [
      { path, text: formatGitlabPipeline(settings) },
      { path: '.gitlab-ci.yml', text: include },
    ],
    advice: [
      ...(isApart ? [`Include the jobs in .gitlab-ci.yml:\n${include.trimEnd()}`] : []),
      `Let jobs push: Settings > CI/CD > Job token permissions > Allow Git push requests. Where "${settings.defaultBranch}" is protected, set state.branch.`,
    ],
  };
};
