import { promptvError } from '../../errors.ts';
import { contentHash } from '../prompt/content-hash.ts';
import type { Pin, PromptDocument } from '../prompt/document.ts';
import { nearestNames, suggestEnvironment, suggestion } from '../prompt/name.ts';
import { validateDocument } from '../prompt/schema.ts';
import type { ServingState } from '../serving/decide.ts';
import { invalidBundle } from './parse-bundle.ts';
import type { Bundle, BundledVersion } from './schema.ts';

/** What an environment runs of a prompt, ready to be rendered. */
export interface BundledPrompt {
  readonly name: string;
  readonly version: string;
  readonly contentHash: string;
  readonly document: PromptDocument;
  /** The documents of its partials, transitively. */
  readonly partials: ReadonlyMap<string, PromptDocument>;
}

/**
 * What decides which version of a prompt a unit gets.
 * @throws ENVIRONMENT_NOT_FOUND, PROMPT_NOT_FOUND, ENVIRONMENT_EMPTY
 */
export const servingOf = (
  bundle: Bundle,
  { environment, name }: { readonly environment: string; readonly name: string },
): ServingState => {
  const pointer = own(promptsOf(bundle, environment), name);
  if (!pointer) throw notServed(bundle, { environment, name });
  const { version, contentHash: hash } = pointer;
  const experiment = own(own(bundle.experiments ?? {}, environment) ?? {}, name) ?? null;
  const rollout = own(own(bundle.rollouts ?? {}, environment) ?? {}, name) ?? null;
  return { pointer: { version, contentHash: hash }, experiment, rollout };
};

/** One version, ready to be rendered; `place` names the bundle in errors. @throws BUNDLE_INVALID when it is not what it says */
export const findVersion = (
  bundle: Bundle,
  { place, ...wanted }: Pin & { readonly place: string },
): BundledPrompt => {
  const { name, version, contentHash: hash } = wanted;
  const document = readVersion(bundle, { name, version, contentHash: hash }, place);
  const pins = versionOf(bundle, { name, version })?.pins ?? [];
  const partials = new Map(pins.map((pin) => [pin.name, readVersion(bundle, pin, place)]));
  return { name, version, contentHash: hash, document, partials };
};

/** What an environment runs, by prompt. @throws ENVIRONMENT_NOT_FOUND */
export const promptsOf = (bundle: Bundle, environment: string): Bundle['environments'][string] => {
  const prompts = own(bundle.environments, environment);
  if (prompts) return prompts;
  throw promptvError('ENVIRONMENT_NOT_FOUND', {
    environment,
    suggestion: suggestEnvironment(environment, Object.keys(bundle.environments)),
  });
};

/** An entry whose text was checked: the document, or why it cannot be used. */
type CheckedVersion = { readonly document: PromptDocument } | { readonly problem: string };

/** Checks that a version is there with this content hash, and that its text has it. */
export const checkVersion = (bundle: Bundle, pin: Pin): CheckedVersion => {
  const entry = versionOf(bundle, pin);
  if (!entry) return { problem: 'is not in the bundle' };
  if (entry.contentHash !== pin.contentHash) return { problem: 'has another content hash than it should' };
  const { document, problems } = validateDocument(entry.document);
  const [first] = problems.filter(({ severity }) => severity === 'error');
  if (!document) return { problem: `is not a prompt document: ${first?.message}` };
  return contentHash(document, entry.pins) === entry.contentHash
    ? { document }
    : { problem: 'does not have its content hash' };
};

const readVersion = (bundle: Bundle, pin: Pin, place: string): PromptDocument => {
  const checked = checkVersion(bundle, pin);
  if ('document' in checked) return checked.document;
  throw invalidBundle(place, [`${pin.name}@${pin.version} ${checked.problem}`]);
};

/** One version in a bundle. */
export const versionOf = (
  bundle: Bundle,
  { name, version }: { readonly name: string; readonly version: string },
): BundledVersion | undefined => own(own(bundle.prompts, name) ?? {}, version);

/** A name that nothing serves may be misspelt, or run elsewhere only. */
const notServed = (
  bundle: Bundle,
  { environment, name }: { readonly environment: string; readonly name: string },
): Error => {
  if (Object.hasOwn(bundle.prompts, name)) return promptvError('ENVIRONMENT_EMPTY', { name, environment });
  const near = nearestNames(name, Object.keys(promptsOf(bundle, environment)));
  return promptvError('PROMPT_NOT_FOUND', { name, suggestion: suggestion(near) });
};

/** What JSON made of `constructor` is a key like any other; what every object inherits is none. */
const own = <Member>(mapping: Readonly<Record<string, Member>>, key: string): Member | undefined =>
  Object.hasOwn(mapping, key) ? mapping[key] : undefined;
