import { type BundledPrompt, findVersion, promptsOf, servingOf } from './core/bundle/find-prompt.ts';
import { parseIntactBundle } from './core/bundle/parse-bundle.ts';
import type { Bundle } from './core/bundle/schema.ts';
import type { PromptDocument } from './core/prompt/document.ts';
import { decideServing, type ServingReason } from './core/serving/decide.ts';
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
  /** The experiment that chose the version; null when the environment alone did. */
  readonly experiment: string | null;
  /** The rollout that chose between `candidate` and `stable`; null when there is none. */
  readonly rollout: string | null;
  readonly variant: string | null;
  /** Whether what comes of this belongs to the experiment: then record it with experiment, variant and unit. */
  readonly enrolled: boolean;
  readonly reason: ServingReason;
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

/** How a prompt is asked for. */
export interface GetOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Who asks; without it nobody is enrolled in an experiment. */
  readonly key?: string;
  /** Shows the candidate of a rollout, or what the unit would get of an experiment that has not begun. */
  readonly preview?: boolean;
}

export interface PromptClient {
  /**
   * What the environment runs of a prompt; a unit (`key`: a user, a session) gets its own variant of an experiment, and
   * always the same.
   * @throws PROMPT_NOT_FOUND, UNIT_INVALID, ENVIRONMENT_EMPTY, VERSION_CHANGED, VARIABLES_INVALID, BUNDLE_INVALID
   */
  get(name: string, options?: GetOptions): ClientPrompt;
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
    get: (name, getOptions = {}) => renderers.of(name)(getOptions),
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

type Renderer = (options: GetOptions) => ClientPrompt;

/** Every version's templates are prepared when it is first asked for. */
const createRenderers = (loaded: Loaded, environment: string) => {
  const { bundle, place, refused } = loaded;
  const names = [...Object.keys(promptsOf(bundle, environment)), ...refused.keys()].sort();
  const known = new Map<string, Renderer>();
  const of = (name: string): Renderer => {
    const error = refused.get(name);
    if (error) throw error;
    const renderer = known.get(name) ?? serve(loaded, { name, environment, place });
    known.set(name, renderer);
    return renderer;
  };
  return { names, of };
};

interface ServedPlace {
  readonly name: string;
  readonly environment: string;
  readonly place: string;
}

const serve = (loaded: Loaded, { name, environment, place }: ServedPlace): Renderer => {
  const { bundle, source } = loaded;
  const serving = servingOf(bundle, { environment, name });
  const compiled = new Map<string, CompiledVersion>();
  const versionOf = (version: string, contentHash: string): CompiledVersion => {
    const made = compiled.get(version) ?? compile(findVersion(bundle, { name, version, contentHash, place }));
    compiled.set(version, made);
    return made;
  };
  return ({ variables = {}, key: unit = null, preview = false }) => {
    const request = { unit, now: new Date(), preview };
    const decision = decideServing(serving, request);
    const { version, contentHash } = decision;
    const { render, document } = versionOf(version, contentHash);
    const { text, messages } = render(variables);
    // Field by field: copying the rest of an object takes longer than filling in the prompt.
    return {
      prompt: name,
      version,
      contentHash,
      environment,
      experiment: decision.experiment,
      rollout: decision.rollout,
      variant: decision.variant,
      enrolled: decision.enrolled,
      reason: decision.reason,
      source,
      commit: bundle.commit,
      text,
      messages,
      document,
    };
  };
};

interface CompiledVersion {
  readonly render: ReturnType<typeof compileDocument>;
  readonly document: PromptDocument;
}

const compile = ({ name, document, partials }: BundledPrompt): CompiledVersion => {
  const render = compileDocument(document, { name, partialOf: (partial) => partials.get(partial) });
  freeze(document);
  return { render, document };
};

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
};
