import { findPrompt } from '../core/bundle/find-prompt.ts';
import { parseIntactBundle } from '../core/bundle/parse-bundle.ts';
import { renderDocument } from '../core/template/render.ts';
import { coerceTextVariables, type Renderable } from '../core/template/text-variables.ts';
import { readBundleText } from '../store/bundle-file.ts';
import { environmentNamed } from './environments.ts';
import type { RenderedMessage } from './render.ts';
import { resolveSelector } from './resolve-ref.ts';
import { openStateToRead } from './state-store.ts';
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
}

export interface GetResult {
  readonly prompt: string;
  readonly version: string;
  readonly contentHash: string;
  readonly environment: string;
  /** Null: there is no experiment or rollout that chooses one. */
  readonly variant: null;
  readonly source: 'git' | 'bundle';
  readonly text: string;
  /** Null for a prompt with `content`. */
  readonly messages: readonly RenderedMessage[] | null;
}

/**
 * What an application reads: the version that an environment runs, with its variables filled in.
 * @throws BRANCH_NOT_FOUND, ENVIRONMENT_NOT_FOUND, ENVIRONMENT_EMPTY, PROMPT_NOT_FOUND, NO_VERSION, VERSION_CHANGED, STATE_INVALID,
 * VARIABLES_INVALID, TEMPLATE_INVALID
 */
export const get = async (workspace: Workspace, request: GetRequest): Promise<GetResult> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const name = promptNameFrom(workspace, request.prompt);
  const selector = { kind: 'word', text: environment } as const;
  const state = await openStateToRead(workspace, request);
  const { version, ...prompt } = await resolveSelector(workspace, new Versions(workspace), {
    name,
    selector,
    state,
  });
  return fill({ ...prompt, version: version?.version ?? '' }, request, 'git');
};

/**
 * The same from the file of a bundle, without a repository or git.
 * @throws FILE_NOT_FOUND, FILE_ACCESS, BUNDLE_INVALID, and as `get`
 */
export const getFromBundle = async (path: string, request: GetRequest): Promise<GetResult> => {
  const bundle = parseIntactBundle(await readBundleText(path), path);
  const { prompt: name, environment } = request;
  return fill(findPrompt(bundle, { environment, name, place: path }), request, 'bundle');
};

const fill = (
  prompt: Renderable & { readonly version: string; readonly contentHash: string },
  { environment, variables, textVariables = {} }: GetRequest,
  source: GetResult['source'],
): GetResult => {
  const { name, version, contentHash, document, partials } = prompt;
  const values = { ...variables, ...coerceTextVariables(prompt, textVariables) };
  const rendered = renderDocument(document, { name, values, partialOf: (partial) => partials.get(partial) });
  return { prompt: name, version, contentHash, environment, variant: null, source, ...rendered };
};
