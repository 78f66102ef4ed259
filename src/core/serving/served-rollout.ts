import * as v from 'valibot';
import { hashSchema, versionSchema } from '../value-schemas.ts';

const text = v.string();

/** A rollout as serving needs it, and as a bundle carries it. */
export const servedRolloutSchema = v.object({
  id: text,
  /** Of the split, as it is hashed. */
  salt: text,
  /** Per cent of the units that get the candidate. */
  weight: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(100)),
  candidate: v.object({ version: versionSchema, contentHash: hashSchema }),
});

export type ServedRollout = v.InferOutput<typeof servedRolloutSchema>;
