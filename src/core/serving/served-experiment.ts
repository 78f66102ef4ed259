import * as v from 'valibot';
import { hashSchema, versionSchema } from '../value-schemas.ts';

const text = v.string();
const moment = v.pipe(
  text,
  v.check((value) => !Number.isNaN(Date.parse(value)) && value.endsWith('Z'), 'must be a time in UTC'),
);

/** An experiment as serving needs it, and as a bundle carries it. */
export const servedExperimentSchema = v.object({
  id: text,
  salt: text,
  state: v.picklist(['draft', 'running', 'stopped', 'concluded']),
  design: v.picklist(['units', 'paired']),
  startedAt: v.nullable(moment),
  expiresAt: v.nullable(moment),
  winner: v.nullable(text),
  /** The first is the control; weights are those of the last phase. */
  variants: v.pipe(
    v.array(
      v.object({
        name: text,
        version: versionSchema,
        contentHash: hashSchema,
        weight: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
      }),
    ),
    v.minLength(2),
  ),
});

export type ServedExperiment = v.InferOutput<typeof servedExperimentSchema>;
