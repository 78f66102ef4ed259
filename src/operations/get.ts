import { findVersion, servingOf } from '../core/bundle/find-prompt.ts';
import { parseIntactBundle } from '../core/bundle/parse-bundle.ts';
import { decideServing, type ServingDecision, type ServingReason } from '../core/serving/decide.ts';
import { renderDocument } from '../core/template/render.ts';
import { coerceTextVariables, type Renderable } from '../core/template/text-variables.ts';
import { readBundleText } from '../store/bundle-file.ts';
import { servedVersion } from './deployed-version.ts';
import { environmentNamed, readEnvironment } from './environments.ts';
import type { RenderedMessage } from './render.ts';
import { resolveSelector, resolveVersion } from './resolve-ref.ts';
import { readServing } from './serving.ts';
import { openStateToRead } from './state-store.ts';
import type { Warning } from './types.ts';
import { Versions } from './versions.ts';
import { promptNameFrom, type Workspace } from './workspace.ts';

export interface GetRequest {
  readonly prompt: string;
  readonly environment: string;
  /** Read the state of this branch. */
  readonly branch?: string;
  /** Values given as text (`--var`), converted by the declared type. */
  readonly textVariables?: Readonly<Record<string, string>>;
  /** Values given as data (the library). */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The unit (a user, a session) that asks: an experiment gives it its own variant, and always the same. */
  readonly key?: string;
  /** Also what an experiment will give that has not begun. */
  readonly preview?: boolean;
}

export interface GetResult {
  readonly prompt: string;
  readonly version: string;
  readonly contentHash: string;
  readonly environment: string;
  /** The experiment that chose the version; null when the environment alone did. */
  readonly experiment: string | null;
  /** The rollout that chose between `candidate` and `stable`; null when there is none. */
  readonly rollout: string | null;
  readonly variant: string | null;
  /** Whether what comes of this belongs to the experiment: then record it with experiment, variant and unit. */
  readonly enrolled: boolean;
  readonly reason: ServingReason;
  readonly source: 'git' | 'bundle';
  readonly text: string;
  /** Null for a prompt with `content`. */
  readonly messages: readonly RenderedMessage[] | null;
  readonly warnings: readonly Warning[];
}

/**
 * What an application reads: the version that an environment runs, with its variables filled in.
 * @throws BRANCH_NOT_FOUND, ENVIRONMENT_NOT_FOUND, ENVIRONMENT_EMPTY, PROMPT_NOT_FOUND, NO_VERSION, VERSION_CHANGED, STATE_INVALID,
 * VARIABLES_INVALID, TEMPLATE_INVALID
 */
export const get = async (workspace: Workspace, request: GetRequest): Promise<GetResult> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const name = promptNameFrom(workspace, request.prompt, (prompt, selector) => {
    const served = `promptv get ${prompt} --env ${environment}`;
    return selector === 'candidate'
      ? `"${served} --preview" gives the candidate of a rollout`
      : `"${served}" gives what runs there; any other text gives "promptv render ${prompt}@${selector}"`;
  });
  const state = await openStateToRead(workspace, request);
  const versions = new Versions(workspace);
  const { key: unit = null, preview = false } = request;
  const pointer = await readEnvironment(state, environment, name);
  const read = await readServing(workspace, versions, { state, pointer, preview });
  const decision = read && decideServing(read.serving, { unit, now: workspace.now(), preview });
  // What the environment itself runs, or why it runs nothing, is said where every command asks for it.
  const isPointer = decision === null || decision.version === pointer.current;
  const selector = { kind: 'word', text: environment } as const;
  const { version, ...prompt } = isPointer
    ? await resolveSelector(workspace, versions, { name, selector, state })
    : await resolveVersion(versions, await servedVersion(versions, { name, environment, ...decision }));
  const served = { ...prompt, version: version?.version ?? '' };
  return fill(served, { request, source: 'git', decision, warnings: read?.warnings ?? [] });
};

/**
 * The same from the file of a bundle, without a repository or git.
 * @throws FILE_NOT_FOUND, FILE_ACCESS, BUNDLE_INVALID, and as `get`
 */
export const getFromBundle = async (
  path: string,
  { now = () => new Date(), ...request }: GetRequest & { readonly now?: () => Date },
): Promise<GetResult> => {
  const bundle = parseIntactBundle(await readBundleText(path), path);
  const { prompt: name, environment, key: unit = null, preview = false } = request;
  const decision = decideServing(servingOf(bundle, { environment, name }), { unit, now: now(), preview });
  const prompt = findVersion(bundle, { ...decision, name, place: path });
  return fill(prompt, { request, source: 'bundle', decision, warnings: [] });
};

interface Filling {
  readonly request: GetRequest;
  readonly source: GetResult['source'];
  readonly decision: ServingDecision | null;
  readonly warnings: readonly Warning[];
}

const fill = (
  prompt: Renderable & { readonly version: string; readonly contentHash: string },
  { request, source, decision, warnings }: Filling,
): GetResult => {
  const { environment, variables, textVariables = {} } = request;
  const { name, version, contentHash, document, partials } = prompt;
  const values = { ...variables, ...coerceTextVariables(prompt, textVariables) };
  const rendered = renderDocument(document, { name, values, partialOf: (partial) => partials.get(partial) });
  const { experiment = null, rollout = null, variant = null } = decision ?? {};
  const { enrolled = false, reason = 'pointer' } = decision ?? {};
  const provenance = { experiment, rollout, variant, enrolled, reason };
  return { prompt: name, version, contentHash, environment, ...provenance, source, ...rendered, warnings };
};
