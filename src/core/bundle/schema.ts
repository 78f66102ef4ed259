import * as v from 'valibot';
import { servedExperimentSchema } from '../serving/served-experiment.ts';
import { servedRolloutSchema } from '../serving/served-rollout.ts';
import { hashSchema, versionSchema } from '../value-schemas.ts';

const text = v.string();

/** What an environment runs of a prompt. Keys that are not named here are let be, as everywhere in a bundle. */
export const bundledPointerSchema = v.object({ version: versionSchema, contentHash: hashSchema });

/** One version of one prompt. The document is checked when it is used, its hash tells a change before that. */
export const bundledVersionSchema = v.object({
  contentHash: hashSchema,
  document: v.record(text, v.unknown()),
  pins: v.array(v.object({ name: text, version: versionSchema, contentHash: hashSchema })),
});

const commit = v.pipe(text, v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be the id of a commit'));

/** The one description of a bundle; its JSON Schema is made from it. */
export const bundleSchema = v.object({
  format: v.literal('promptv-bundle'),
  schemaVersion: v.literal(1),
  /** The commit whose decisions these are; null before the first. */
  commit: v.nullable(commit),
  /** Environment → prompt → what runs. */
  environments: v.record(text, v.record(text, bundledPointerSchema)),
  /** Prompt → version → its text, pinned partials included. */
  prompts: v.record(text, v.record(text, bundledVersionSchema)),
  /** Environment → prompt → the experiment in force there; those without one are left out. */
  experiments: v.optional(v.record(text, v.record(text, servedExperimentSchema))),
  /** Environment → prompt → the rollout under way there; those without one are left out. */
  rollouts: v.optional(v.record(text, v.record(text, servedRolloutSchema))),
  /** SHA-256 of the canonical JSON of all other keys. */
  integrity: hashSchema,
});

export type BundledVersion = v.InferOutput<typeof bundledVersionSchema>;
export type Bundle = v.InferOutput<typeof bundleSchema>;
export type BundleContent = Pick<Bundle, 'commit' | 'environments' | 'experiments' | 'prompts' | 'rollouts'>;
