import * as v from 'valibot';
import { experimentMetricSchema, type metricKinds, probability } from '../config/abtest-schema.ts';
import { count, duration, environmentName, flag, moment } from '../config/values.ts';
import { instant, line, person, text } from '../state-values.ts';
import { hashSchema, versionSchema } from '../value-schemas.ts';

/** One version that is compared; of several the first is the control. */
export interface ExperimentVariant {
  readonly name: string;
  readonly version: string;
  /** An integer; its share is that of the sum of all weights. */
  readonly weight: number;
  /** What `start` found under that version; null before. */
  readonly contentHash: string | null;
}

export type MetricKind = (typeof metricKinds)[number];

export interface ExperimentMetric {
  readonly name: string;
  readonly kind: MetricKind;
  readonly direction: 'higher' | 'lower';
  /** Its share of the weighted score; null when it has none. */
  readonly weight: number | null;
  readonly target: number | null;
  /** Between 0 and 1, of kind `quantile`; else null. */
  readonly quantile: number | null;
  /** The metric that kind `ratio` divides by; else null. */
  readonly denominator: string | null;
}

/** A metric and how much worse than control it may be: the sign of `by` says which way is worse. */
export interface Guardrail {
  readonly metric: string;
  readonly bound: { readonly kind: 'absolute' | 'relative'; readonly by: number };
}

/** The least effect worth finding; 0.05 and `relative` is 5 % of control's value. */
export interface MinimumEffect {
  readonly value: number;
  readonly relative: boolean;
}

/** What a person decides before an experiment begins. */
export interface ExperimentDefinition {
  readonly prompt: string;
  readonly hypothesis: string | null;
  readonly environment: string;
  readonly unit: string;
  /** `units`: every unit sees one variant; `paired`: every `case` is run with all of them. */
  readonly design: 'units' | 'paired';
  readonly variants: readonly [ExperimentVariant, ExperimentVariant, ...ExperimentVariant[]];
  readonly metrics: readonly ExperimentMetric[];
  readonly guardrails: readonly Guardrail[];
  readonly mde: MinimumEffect | null;
  readonly alpha: number;
  readonly power: number;
  /** Units a variant; null: not planned. */
  readonly plannedN: number | null;
  readonly maxDurationMs: number;
  /** ISO 8601 UTC; before it a started experiment serves control. */
  readonly startAt: string | null;
  readonly minUnits: { readonly show: number; readonly recommend: number };
  readonly autoStop: boolean;
}

export const experimentStates = ['draft', 'running', 'stopped', 'concluded'] as const;
export type ExperimentState = (typeof experimentStates)[number];

/** In the order in which they are looked for. */
export const verdicts = [
  'invalid',
  'insufficient',
  'reject',
  'ship',
  'keep-control',
  'review',
  'equivalent',
  'continue',
  'no-decision',
] as const;
export type Verdict = (typeof verdicts)[number];

/** A time in which the weights stayed the same; observations of several are never pooled silently. */
export interface ExperimentPhase {
  /** ISO 8601 UTC; a phase ends where the next begins. */
  readonly startedAt: string;
  /** Variant → weight. */
  readonly weights: Readonly<Record<string, number>>;
  /** Variant → version: the same in all phases. */
  readonly versions: Readonly<Record<string, string>>;
}

/** How an experiment ended, and the numbers that this rested on. */
export interface ExperimentDecision {
  readonly winner: string | null;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly at: string;
  readonly by: string;
  readonly reason: string | null;
  /** The results at that moment, as `abtest results --json` gave them. */
  readonly numbers: Readonly<Record<string, unknown>>;
}

/** One experiment, as its file says it, with every default filled in. */
export interface Experiment extends ExperimentDefinition {
  readonly id: string;
  /** What the names of units are hashed with: the id and the random part in the file; null while that is missing. */
  readonly salt: string | null;
  readonly state: ExperimentState;
  readonly phases: readonly ExperimentPhase[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly decision: ExperimentDecision | null;
}

/** The most variants of an experiment. */
export const mostVariants = 10;

const weight = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(value) && value >= 1, 'must be a whole number from 1'),
);

const variant = v.strictObject({
  name: environmentName,
  version: versionSchema,
  weight: v.optional(weight, 1),
  contentHash: v.optional(v.nullable(hashSchema), null),
});

const finite = v.pipe(v.number(), v.finite('must be finite'));

/** `+2pp`, `+0.02` and `+20%` of control's value; the sign says which way is worse. */
const boundPattern = /^[+-](?:\d+(?:\.\d+)?|\.\d+)(?:pp|%)?$/;
const effectPattern = /^(?:\d+(?:\.\d+)?|\.\d+)(?:pp|%)?$/;

const guardrail = v.strictObject({
  metric: line,
  bound: v.pipe(
    v.string(),
    v.regex(boundPattern, 'must have a sign and a number: +2pp, +20% or -0.05'),
    v.check((value) => Number.parseFloat(value) !== 0, 'must not be 0'),
  ),
});

const mde = v.union(
  [v.pipe(v.string(), v.regex(effectPattern)), v.pipe(finite, v.gtValue(0))],
  'must be a number above 0, or a text such as 5% or 2pp',
);

const decision = v.strictObject({
  winner: v.nullable(text),
  verdict: v.picklist(verdicts),
  sentence: text,
  at: instant,
  by: person,
  reason: v.nullable(text),
  numbers: v.record(v.string(), v.unknown()),
});

/** The file of an experiment: what a person writes first, then what `promptv abtest` adds. */
export const experimentFileSchema = v.strictObject({
  prompt: line,
  hypothesis: v.optional(v.nullable(text), null),
  environment: v.optional(v.nullable(environmentName), null),
  unit: v.optional(v.nullable(line), null),
  design: v.optional(v.picklist(['units', 'paired']), 'units'),
  variants: v.array(variant),
  metrics: v.optional(v.array(experimentMetricSchema), []),
  guardrails: v.optional(v.array(guardrail), []),
  mde: v.optional(v.nullable(mde), null),
  alpha: v.optional(v.nullable(probability), null),
  power: v.optional(v.nullable(probability), null),
  plannedN: v.optional(v.nullable(v.pipe(count, v.minValue(2, 'must be at least 2'))), null),
  maxDuration: v.optional(v.nullable(duration), null),
  startAt: v.optional(v.nullable(moment), null),
  minUnits: v.optional(
    v.strictObject({
      show: v.optional(v.nullable(count), null),
      recommend: v.optional(v.nullable(count), null),
    }),
    {},
  ),
  autoStop: v.optional(v.nullable(flag), null),
  state: v.optional(v.picklist(experimentStates), 'draft'),
  salt: v.optional(v.nullable(line), null),
  startedAt: v.optional(v.nullable(instant), null),
  endedAt: v.optional(v.nullable(instant), null),
  phases: v.optional(
    v.array(
      v.strictObject({
        startedAt: instant,
        weights: v.record(v.string(), weight),
        versions: v.record(v.string(), versionSchema),
      }),
    ),
    [],
  ),
  decision: v.optional(v.nullable(decision), null),
});

export type ExperimentFile = v.InferOutput<typeof experimentFileSchema>;
