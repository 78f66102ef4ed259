import type { RolloutShare } from '../core/environment/pointer.ts';
import { environmentNamed } from './environments.ts';
import { shallowWarnings } from './shallow-history.ts';
import type { PromptSource } from './sources.ts';
import { sparseWarnings } from './sparse-checkout.ts';
import { type PromptStatus, surveyPrompts } from './status.ts';
import type { PromptState, Warning } from './types.ts';
import { readVersionFacts, type VersionFacts } from './version-facts.ts';
import type { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface ListRequest {
  readonly type?: string;
  readonly category?: string;
  readonly tag?: string;
  readonly environment?: string;
}

export interface ListedPrompt {
  readonly prompt: string;
  readonly path: string | null;
  readonly type: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly description: string | null;
  /** Highest stable version, else highest of all. */
  readonly version: string | null;
  readonly state: PromptState;
  /** Environment → version that runs there. */
  readonly environments: Readonly<Record<string, string>>;
  /** Environment → the rollout under way there. */
  readonly rollouts: Readonly<Record<string, RolloutShare>>;
  /** When the version shown was saved, ISO 8601 UTC. */
  readonly date: string | null;
}

export interface ListResult {
  /** The configured environments, in their order. */
  readonly environments: readonly string[];
  readonly prompts: readonly ListedPrompt[];
  readonly warnings: readonly Warning[];
}

/** Every prompt with its latest version, optionally only those that match all filters. @throws ENVIRONMENT_NOT_FOUND */
export const list = async (workspace: Workspace, request: ListRequest): Promise<ListResult> => {
  if (request.environment !== undefined) environmentNamed(workspace, request.environment);
  const [facts, { prompts, sources, versions }] = await Promise.all([
    readVersionFacts(workspace),
    surveyPrompts(workspace, {}),
  ]);
  const all = [...prompts, ...(await runningWithoutFile(versions, { prompts, facts }))];
  const listed = await Promise.all(
    all.map((prompt) => describe(prompt, { source: sources.prompts.get(prompt.prompt), versions, facts })),
  );
  const matching = listed.filter((prompt) => matches(prompt, request));
  const sparse = await sparseWarnings(workspace, all);
  return {
    environments: workspace.config.environments.map(({ name }) => name),
    prompts: matching.sort((a, b) => (a.prompt < b.prompt ? -1 : 1)),
    warnings: [...facts.warnings, ...shallowWarnings(workspace, prompts), ...sparse],
  };
};

/** Prompts that are gone from the files and still run somewhere. */
const runningWithoutFile = async (
  versions: Versions,
  { prompts, facts }: { readonly prompts: readonly PromptStatus[]; readonly facts: VersionFacts },
): Promise<PromptStatus[]> => {
  const there = new Set(prompts.map(({ prompt }) => prompt));
  const gone = [...facts.prompts].filter((prompt) => !there.has(prompt));
  const highest = await Promise.all(gone.map((prompt) => versions.highest(prompt, { stable: false })));
  return gone.map((prompt, index) => ({
    prompt,
    path: null,
    state: 'deleted',
    impact: null,
    reason: null,
    latest: highest[index]?.version ?? null,
    next: null,
    refusal: null,
    problems: [],
  }));
};

const describe = async (
  { prompt, path, state, latest }: PromptStatus,
  {
    source,
    versions,
    facts,
  }: {
    readonly source: PromptSource | undefined;
    readonly versions: Versions;
    readonly facts: VersionFacts;
  },
): Promise<ListedPrompt> => {
  const document = source?.parsed.document;
  const ref = (await versions.refsOf(prompt)).find(({ version }) => version === latest);
  const loaded = ref ? await versions.load(ref) : null;
  return {
    prompt,
    path,
    type: document?.type ?? null,
    category: document?.category ?? null,
    tags: document?.tags ?? [],
    description: document?.description ?? null,
    version: latest,
    state,
    environments: facts.runningOf(prompt),
    rollouts: facts.rolloutsOf(prompt),
    date: loaded && 'date' in loaded ? loaded.date : null,
  };
};

const matches = (prompt: ListedPrompt, { type, category, tag, environment }: ListRequest): boolean =>
  (type === undefined || prompt.type === type) &&
  (category === undefined || prompt.category === category) &&
  (tag === undefined || prompt.tags.includes(tag)) &&
  (environment === undefined || environment in prompt.environments);
