import { type BundledPrompt, findPrompt, promptsOf } from './core/bundle/find-prompt.ts';
import { parseIntactBundle } from './core/bundle/parse-bundle.ts';
import type { Bundle } from './core/bundle/schema.ts';
import type { PromptDocument } from './core/prompt/document.ts';
import { compileDocument, type RenderedMessage } from './core/template/render.ts';
import type { PromptvError } from './errors.ts';
import { readBundleText } from './store/bundle-file.ts';

export type { PromptDocument } from './core/prompt/document.ts';
export type { RenderedMessage } from './core/template/render.ts';
export { isPromptvError, PromptvError } from './errors.ts';

/** Where prompts come from: a bundle (its file, or the parsed object), or a repository, which needs git. */
export type ClientOptions =
  | { readonly bundle: string | object; readonly environment: string }
  | { readonly cwd: string; readonly environment: string };

/** A prompt with its variables filled in, and where it comes from. */
export interface ClientPrompt {
  readonly prompt: string;
  readonly version: string;
  readonly contentHash: string;
  readonly environment: string;
  /** Null: there is no experiment or rollout that chooses one. */
  readonly variant: null;
  readonly source: 'git' | 'bundle';
  /** The commit whose decisions are read. */
  readonly commit: string | null;
  /** The content, or all messages in one text. */
  readonly text: string;
  /** Null for a prompt with `content`. */
  readonly messages: readonly RenderedMessage[] | null;
  /** The version's document, for model, parameters, tools and metadata; frozen. */
  readonly document: PromptDocument;
}

export interface PromptClient {
  /**
   * What the environment runs of a prompt.
   * @throws PROMPT_NOT_FOUND, ENVIRONMENT_EMPTY, VERSION_CHANGED, VARIABLES_INVALID, BUNDLE_INVALID
   */
  get(name: string, options?: { readonly variables?: Readonly<Record<string, unknown>> }): ClientPrompt;
  /** The prompts that the environment runs, by name. */
  names(): string[];
  /** Reads bundle or repository anew; when that fails, what was read before stays in use. */
  reload(): Promise<void>;
}

/**
 * Reads everything that an environment runs, once; afterwards every `get` is answered from memory.
 * @throws BUNDLE_INVALID, ENVIRONMENT_NOT_FOUND, FILE_NOT_FOUND, NOT_A_REPOSITORY, GIT_MISSING
 */
export const createClient = async (options: ClientOptions): Promise<PromptClient> => {
  let renderers = createRenderers(await load(options), options.environment);
  return {
    get: (name, { variables = {} } = {}) => renderers.of(name)(variables),
    names: () => [...renderers.names],
    reload: async () => {
      renderers = createRenderers(await load(options), options.environment);
    },
  };
};

interface Loaded {
  readonly bundle: Bundle;
  readonly source: ClientPrompt['source'];
  /** How errors call it. */
  readonly place: string;
  /** Prompts that cannot be served, and why: they do not keep the others from being read. */
  readonly refused: ReadonlyMap<string, PromptvError>;
}

const load = async (options: ClientOptions): Promise<Loaded> => {
  if (!('bundle' in options)) return loadFromGit(options.cwd, options.environment);
  const { bundle } = options;
  const place = typeof bundle === 'string' ? bundle : 'The object given';
  // A copy as JSON has it: nobody can change it later, and no getter or prototype comes with it.
  const text = typeof bundle === 'string' ? await readBundleText(bundle) : JSON.stringify(bundle);
  return { bundle: parseIntactBundle(text, place), source: 'bundle', place, refused: new Map() };
};

/** Only here is git needed, and only now is what talks to it loaded. */
const loadFromGit = async (cwd: string, environment: string): Promise<Loaded> => {
  const { readEnvironmentBundle } = await import('./operations/collect-bundle.ts');
  const { bundle, refused } = await readEnvironmentBundle(cwd, environment);
  return {
    bundle,
    source: 'git',
    place: cwd,
    refused: new Map(refused.map(({ prompt, error }) => [prompt, error])),
  };
};

type Renderer = (variables: Readonly<Record<string, unknown>>) => ClientPrompt;

/** Every prompt's templates are prepared when it is first asked for. */
const createRenderers = (loaded: Loaded, environment: string) => {
  const { bundle, place, refused } = loaded;
  const names = [...Object.keys(promptsOf(bundle, environment)), ...refused.keys()].sort();
  const compiled = new Map<string, Renderer>();
  const of = (name: string): Renderer => {
    const known = compiled.get(name);
    if (known) return known;
    const error = refused.get(name);
    if (error) throw error;
    const renderer = compile(findPrompt(bundle, { environment, name, place }), loaded, environment);
    compiled.set(name, renderer);
    return renderer;
  };
  return { names, of };
};

const compile = (
  { name: prompt, version, contentHash, document, partials }: BundledPrompt,
  { source, bundle: { commit } }: Loaded,
  environment: string,
): Renderer => {
  const render = compileDocument(document, { name: prompt, partialOf: (name) => partials.get(name) });
  freeze(document);
  return (variables) => {
    const { text, messages } = render(variables);
    return {
      prompt,
      version,
      contentHash,
      environment,
      variant: null,
      source,
      commit,
      text,
      messages,
      document,
    };
  };
};

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
};
