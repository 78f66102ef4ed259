import type { EnvironmentState } from '../../src/core/environment/state.ts';
import type { Decided } from '../../src/operations/decide-state.ts';
import { type PromoteRequest, type PromoteResult, promote } from '../../src/operations/promote.ts';
import { type RollbackRequest, type RollbackResult, rollback } from '../../src/operations/rollback.ts';
import { type OpenOptions, openWorkspace, type Workspace } from '../../src/operations/workspace.ts';
import { promptText, saveIn } from './in-workspace.ts';
import { createTempRepo, type TempRepo, type TempRepoOptions } from './temp-repo.ts';

/** Where one test's work happens: a clock to set, another environment. */
export type Place = Partial<Pick<OpenOptions, 'cwd' | 'env' | 'now' | 'onGit'>>;

export const inPlace = async <T>(
  repo: TempRepo,
  work: (workspace: Workspace) => Promise<T>,
  place: Place = {},
): Promise<T> => {
  const workspace = await openWorkspace({ cwd: repo.dir, ...place, env: { ...repo.env, ...place.env } });
  try {
    return await work(workspace);
  } finally {
    await workspace.close();
  }
};

/** A configuration with just these lines below `environments:`; development, staging and production without any. */
export const environmentsConfig = (environments?: string, more = ''): Record<string, string> => ({
  '.promptrc.yaml': `environments:\n${environments ?? plainEnvironments}${more}`,
  '.gitignore': '.promptv/cache/\n',
});

const plainEnvironments = '  - name: development\n  - name: staging\n  - name: production\n';

/** A repository with `prompts`, each saved in `versions` texts: 1.0.0, 1.0.1 and so on. */
export const createDeliveryRepo = async (
  options: TempRepoOptions & {
    readonly prompts?: undefined;
    readonly names?: readonly string[];
    readonly versions?: number;
  } = {},
): Promise<TempRepo> => {
  const { names = ['greet'], versions = 3, files, remote, ...rest } = options;
  const repo = createTempRepo({
    ...rest,
    files: { ...environmentsConfig(), ...files },
    remote: remote ?? false,
  });
  for (let version = 1; version <= versions; version++) {
    for (const name of names) repo.write(`prompts/${name}.yaml`, promptText(`${name}, text ${version}`));
    await saveIn(repo);
  }
  if (remote) repo.git('push', '--quiet', 'origin', 'main', 'refs/tags/prompts/*');
  return repo;
};

export const promoteIn = (
  repo: TempRepo,
  refs: string | readonly string[],
  request: Partial<PromoteRequest> = {},
  place: Place = {},
): Promise<Decided<PromoteResult>> =>
  inPlace(
    repo,
    (workspace) =>
      promote(workspace, {
        environment: 'production',
        ...request,
        refs: typeof refs === 'string' ? [refs] : refs,
      }),
    place,
  );

export const rollbackIn = (
  repo: TempRepo,
  names: string | readonly string[],
  request: Partial<RollbackRequest> = {},
  place: Place = {},
): Promise<Decided<RollbackResult>> =>
  inPlace(
    repo,
    (workspace) =>
      rollback(workspace, {
        environment: 'production',
        ...request,
        names: typeof names === 'string' ? [names] : names,
      }),
    place,
  );

export const pointerPath = (name = 'greet', environment = 'production'): string =>
  `.promptv/environments/${environment}/${name}.json`;

/** The committed pointer file of a prompt. */
export const pointerOf = (
  repo: TempRepo,
  name = 'greet',
  { environment = 'production', revision = 'HEAD' } = {},
): EnvironmentState =>
  JSON.parse(repo.git('show', `${revision}:${pointerPath(name, environment)}`)) as EnvironmentState;

/** The versions that ran, oldest first. */
export const versionsRun = (repo: TempRepo, name = 'greet', place = {}): string[] =>
  pointerOf(repo, name, place).deployments.map(({ version }) => version);
