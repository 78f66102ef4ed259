import type { Impact } from '../core/impact/grade.ts';
import { contentHash } from '../core/prompt/content-hash.ts';
import type { Pin, Problem, PromptDocument } from '../core/prompt/document.ts';
import { includedPrompts } from '../core/template/template.ts';
import type { RecordedBump } from '../core/version/bump.ts';
import { isComparable, planTarget, planVersion, type TargetRequest } from '../core/version/plan-version.ts';
import { isPrerelease } from '../core/version/version.ts';
import { type PromptvError, promptvError } from '../errors.ts';
import { impactBetween, type PromptWithPartials } from './compare-prompts.ts';
import {
  type PinCandidate,
  type PinCandidates,
  type ResolvedPins,
  readPinned,
  resolvePins,
  savedCandidates,
  type UnreadCandidate,
} from './pins.ts';
import { readRenames } from './renames.ts';
import type { PromptSource } from './sources.ts';
import { assertOwnVersion } from './tag-prefix-clash.ts';
import { isVersion, type Version, type VersionRef, type Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

/** What decides the numbers of a run, the same for all of its prompts. */
export interface NumberRules extends TargetRequest {
  /** True when the prompts were named: an older stable version's text is then versioned again, not left alone. */
  readonly isNamed?: boolean;
  /** Numbers that must not be given, beside those that have tags. */
  readonly reserved?: readonly string[];
}

/** The version that a prompt would get. */
export interface NextVersion {
  readonly version: string;
  readonly previous: Version | null;
  readonly bump: RecordedBump;
  readonly impact: Impact;
  /** True when the bump asked for is smaller than the change. */
  readonly belowImpact: boolean;
  /** The number that goes as far as the change; null when this one does. */
  readonly enough: string | null;
}

/** What one prompt is and what a save would make of it. */
export interface PromptPlan {
  readonly source: PromptSource;
  readonly document: PromptDocument;
  readonly state: 'new' | 'clean' | 'modified' | 'behind';
  /** Highest stable version, else highest of all. */
  readonly latest: Version | null;
  /** Null when there is nothing to save. */
  readonly next: NextVersion | null;
  /** `dependency` when only a partial's newer version makes the difference. */
  readonly reason: 'dependency' | null;
  /** The version that has this text already: the one compared with when `clean`, an older stable one when `behind`. */
  readonly sameTextAs: string | null;
  readonly contentHash: string;
  readonly pins: readonly Pin[];
  readonly renamedFrom: string | null;
}

/** What a new version is compared with. */
interface Target {
  readonly base: Version | null;
  readonly latest: Version | null;
  readonly refs: readonly VersionRef[];
  /** Numbers above the base of tags that are no versions. */
  readonly invalid: ReadonlySet<string>;
}

const clean = { state: 'clean', next: null, reason: null } as const;

/**
 * Decides the versions of a set of prompts, each once; a partial among them is decided before those who include it, so
 * that they pin the version that it is about to get.
 */
export class Planner {
  private readonly workspace: Workspace;
  private readonly versions: Versions;
  private readonly sources: ReadonlyMap<string, PromptSource>;
  private readonly rules: NumberRules;
  private readonly saved: PinCandidates;
  private readonly plans = new Map<string, Promise<PromptPlan>>();
  private renames: Promise<ReadonlyMap<string, string>> | null = null;

  constructor(
    workspace: Workspace,
    versions: Versions,
    sources: ReadonlyMap<string, PromptSource>,
    rules: NumberRules,
  ) {
    this.workspace = workspace;
    this.versions = versions;
    this.sources = sources;
    this.rules = rules;
    this.saved = savedCandidates(versions);
  }

  /** @throws PROMPT_INVALID, DEPENDENCY_NOT_FOUND, DEPENDENCY_CONFLICT, DEPENDENCY_CYCLE, VERSION_INVALID, TAG_PREFIX_CLASH */
  plan(source: PromptSource): Promise<PromptPlan> {
    const known = this.plans.get(source.name);
    if (known) return known;
    const planned = this.decide(source);
    this.plans.set(source.name, planned);
    return planned;
  }

  /**
   * What a save would pin: the saved versions of the partials, and those that they are about to get.
   * @throws PROMPT_INVALID, DEPENDENCY_NOT_FOUND, DEPENDENCY_CONFLICT, DEPENDENCY_CYCLE
   */
  async pins(source: PromptSource): Promise<ResolvedPins> {
    // Two plans that wait for each other would wait for ever.
    this.assertAcyclic(source, []);
    return resolvePins(source.name, validDocument(source), (name) => this.candidates(name));
  }

  private async decide(source: PromptSource): Promise<PromptPlan> {
    const document = validDocument(source);
    const renamedFrom = await this.findRenamedFrom(source);
    const target = await this.target(renamedFrom ?? source.name);
    const { base, latest } = target;
    for (const version of new Set([base, latest])) await assertOwnVersion(this.workspace, source, version);
    const { pins, documents } = await this.pins(source);
    // The same bytes with the same pins need no hash: most prompts of a sweep end here.
    const isSame = base?.blob === source.blob && isSamePins(base.record.pins, pins);
    const hash = isSame ? base.contentHash : contentHash(document, pins);
    const plan = { source, document, latest, contentHash: hash, pins, renamedFrom };
    if (base?.contentHash === hash && !renamedFrom) return { ...plan, ...clean, sameTextAs: base.version };
    const impact = base ? await this.impactSince(base, { document, pins, partials: documents }) : 'none';
    const next = await this.number(source.name, { impact, target });
    const isOther = base !== null && base.contentHash !== hash;
    const reason = isOther && (await this.isSameText(base, document)) ? 'dependency' : null;
    if (!latest || renamedFrom) return { ...plan, state: 'new', next, reason, sameTextAs: null };
    const sameTextAs = await this.olderVersionWith(hash, source.name);
    return { ...plan, state: sameTextAs ? 'behind' : 'modified', next, reason, sameTextAs };
  }

  private assertAcyclic({ name, parsed }: PromptSource, trail: readonly string[]): void {
    if (trail.includes(name)) throw promptvError('DEPENDENCY_CYCLE', { cycle: [...trail, name].join(' → ') });
    for (const partial of parsed.document ? includedPrompts(parsed.document) : []) {
      const source = this.sources.get(partial);
      if (source) this.assertAcyclic(source, [...trail, name]);
    }
  }

  private async olderVersionWith(hash: string, name: string): Promise<string | null> {
    const versions = await this.versions.versionsOf(name);
    const older = versions.find((version) => version.contentHash === hash && !isPrerelease(version.version));
    return older?.version ?? null;
  }

  /** What a new version is compared with. A tag that is no version only takes its number. */
  private async target(name: string): Promise<Target> {
    const refs = await this.versions.refsOf(name);
    const latest =
      (await this.versions.highest(name, { stable: true })) ??
      (await this.versions.highest(name, { stable: false }));
    const target = planTarget(this.rules);
    const invalid = new Set<string>();
    for (const ref of refs) {
      if (!isComparable(target, ref.version)) continue;
      const base = await this.versions.load(ref);
      if (isVersion(base)) return { base, latest, refs, invalid };
      invalid.add(ref.version);
    }
    return { base: null, latest, refs, invalid };
  }

  /** A prompt without versions may continue the numbers of the one it was renamed from. */
  private async findRenamedFrom(source: PromptSource): Promise<string | null> {
    if ((await this.versions.refsOf(source.name)).length > 0) return null;
    this.renames ??= readRenames(this.workspace, this.versions, [...this.sources.values()]);
    return (await this.renames).get(source.name) ?? null;
  }

  /** The saved versions of a partial and the one it is about to get in this run. */
  private async candidates(name: string): Promise<readonly UnreadCandidate[]> {
    const saved = await this.saved(name);
    const source = this.sources.get(name);
    if (!source) return saved;
    const { next, state, document, contentHash: hash } = await this.plan(source);
    const isLeftAlone = state === 'behind' && !this.rules.isNamed;
    return next && !isLeftAlone
      ? [aboutToBe({ version: next.version, contentHash: hash, document }), ...saved]
      : saved;
  }

  /** Whether only the partials' versions differ. */
  private async isSameText(base: Version, document: PromptDocument): Promise<boolean> {
    const text = await this.versions.textOf(base);
    return contentHash(text.document, []) === contentHash(document, []);
  }

  private async impactSince(base: Version, after: PromptWithPartials): Promise<Impact> {
    const { record } = base;
    const { document } = await this.versions.textOf(base);
    const partials = await readPinned(this.versions, record.pins);
    return impactBetween({ document, pins: record.pins, partials }, after);
  }

  private async number(
    name: string,
    { impact, target }: { readonly impact: Impact; readonly target: Target },
  ): Promise<NextVersion> {
    const { base, refs, invalid } = target;
    const numbers = refs.map(({ version }) => version).filter((version) => !invalid.has(version));
    const tagged = (await this.versions.refsOf(name)).map(({ version }) => version);
    const taken = [...tagged, ...(this.rules.reserved ?? [])];
    const { preid: defaultPreid } = this.workspace.config.bump;
    const request = { ...this.rules, versions: numbers, taken, impact, defaultPreid };
    const planned = planVersion(request);
    const enough = planned.belowImpact
      ? planVersion({ ...request, setVersion: undefined, bump: impact === 'none' ? 'auto' : impact }).version
      : null;
    return { ...planned, previous: base, impact, enough };
  }
}

/** A number that was given says itself how far it goes. */
export const describeBump = ({
  bump,
  version,
}: {
  readonly bump: string;
  readonly version: string;
}): string => (bump === 'explicit' ? `the one to ${version}` : bump);

/** BUMP_TOO_SMALL where `bump.strict` refuses to save this; null where it may be saved. */
export const refusalOfBump = (
  { config }: Workspace,
  { source, next }: Pick<PromptPlan, 'source' | 'next'>,
): PromptvError | null =>
  next?.belowImpact && config.bump.strict
    ? promptvError('BUMP_TOO_SMALL', {
        ...{ name: source.name, impact: next.impact, bump: describeBump(next) },
        enough: describeEnough(source.name, next),
      })
    : null;

/** What to type instead, in the way that was taken: a bump, or a number. */
const describeEnough = (name: string, { bump, impact, enough }: NextVersion): string => {
  const command = `"promptv save ${name} --bump ${impact}"`;
  if (bump !== 'explicit') return `the bump: ${command}`;
  return `a number that goes as far: "promptv save ${name} --set-version ${enough}"; or the bump: ${command}`;
};

const aboutToBe = (candidate: PinCandidate): UnreadCandidate => ({
  version: candidate.version,
  read: async () => candidate,
});

const isSamePins = (a: readonly Pin[], b: readonly Pin[]): boolean =>
  a.length === b.length &&
  a.every(({ name, version, contentHash: hash }, index) => {
    const other = b[index];
    return name === other?.name && version === other.version && hash === other.contentHash;
  });

/**
 * The document of a source.
 * @throws PROMPT_INVALID with every problem in `details.problems`
 */
export const validDocument = (source: PromptSource): PromptDocument => {
  const { document, problems } = source.parsed;
  if (document) return document;
  const errors = problems.filter(({ severity }) => severity === 'error');
  throw promptInvalid(source.path, errors);
};

/** `PROMPT_INVALID` naming the place of the file's first error; those of other files, which name theirs, are counted. */
export const promptInvalid = (
  path: string,
  problems: readonly (Problem & { readonly file?: string })[],
): Error => {
  const own = problems.filter(({ file = path }) => file === path);
  const [first] = own;
  const where = first ? `${path}:${first.line}:${first.column}: ${first.message}` : path;
  const others = problems.length - own.length;
  const found = `${own.length} ${own.length === 1 ? 'error' : 'errors'} found`;
  const count = others === 0 ? found : `${found}, and ${others} in other files`;
  return promptvError('PROMPT_INVALID', { path, count, first: where, problems });
};
