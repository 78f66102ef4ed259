import { environmentNamed } from '../environments.ts';
import type { Workspace } from '../workspace.ts';
import type { OpenProvider, OpenProviders } from './providers.ts';

/** What is asked in one run of the cases: a provider and model, as an environment or the command line names them. */
export interface TestTarget {
  readonly environment: string | null;
  /** Null: the rendering alone is tested. */
  readonly provider: OpenProvider | null;
  /** Null: the one of the prompt. */
  readonly model: string | null;
  /** Empty when there is only one target. */
  readonly label: string;
}

export interface TargetRequest {
  readonly environments?: readonly string[];
  readonly models?: readonly string[];
  /** A name of `test.providers`; `none` asks nobody. Before that of an environment and of `test.provider`. */
  readonly provider?: string;
}

/** Every combination of the environments and models asked for. @throws ENVIRONMENT_NOT_FOUND, as `OpenProviders` */
export const resolveTargets = async (
  workspace: Workspace,
  { environments = [], models = [], provider }: TargetRequest,
  open: OpenProviders,
): Promise<TestTarget[]> => {
  const places =
    environments.length === 0 ? [null] : environments.map((name) => environmentNamed(workspace, name));
  const targets: TestTarget[] = [];
  for (const place of places) {
    const name = provider ?? place?.test.provider ?? workspace.config.test.provider;
    const opened = name === null || name === 'none' ? null : await open(name);
    for (const model of models.length === 0 ? [place?.test.model ?? null] : models) {
      const parts = [places.length > 1 ? (place?.name ?? null) : null, models.length > 1 ? model : null];
      const label = parts.filter((part) => part !== null).join(', ');
      targets.push({ environment: place?.name ?? null, provider: opened, model, label });
    }
  }
  return targets;
};
