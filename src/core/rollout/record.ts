import * as v from 'valibot';
import { queryOutcomes } from '../prometheus/answer.ts';
import { hash, instant, line, text, version } from '../state-values.ts';

export const rolloutStates = [
  'pending',
  'running',
  'paused',
  'promoting',
  'succeeded',
  'aborting',
  'aborted',
] as const;

export const pauseReasons = [
  'manual',
  'approval',
  'inconclusive',
  'no-data',
  'mismatch',
  'failed',
  'error',
  'drift',
] as const;

const share = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const interval = v.nullable(v.tuple([finite, finite]));

/**
 * One condition on the candidate. `relative`: its change as a share of the stable mean; `change`: in the metric's units
 * (points of 1 for a rate); `absolute`: the candidate alone.
 */
const logGate = v.strictObject({
  /** Its text, as `parseGate` reads it. */
  name: line,
  source: v.literal('log'),
  metric: line,
  /** `mean`, or a quantile such as `p95`. */
  statistic: v.pipe(text, v.regex(/^(mean|p\d{1,2}(\.\d)?)$/)),
  operator: v.picklist(['<=', '>=']),
  kind: v.picklist(['relative', 'change', 'absolute']),
  bound: finite,
  /** A built-in gate says nothing of a metric that nobody records. */
  isDefault: v.boolean(),
});

/** One condition on what a Prometheus answers; its placeholders are filled at each look. */
const queryGate = v.strictObject({
  /** `query:NAME` and its bound. */
  name: line,
  source: v.literal('prometheus'),
  query: text,
  operator: v.picklist(['<=', '>=']),
  /** `relative`: the change of the candidate's value as a share of the stable version's. */
  kind: v.picklist(['relative', 'absolute']),
  bound: finite,
});

const gateSchema = v.variant('source', [logGate, queryGate]);

/** `n` is 0 where a source does not count. */
const armFigure = v.strictObject({ n: count, value: v.nullable(finite) });

/** A query as it was asked, and what became of it. */
const askedQuery = v.strictObject({
  of: v.picklist(['candidate', 'stable']),
  query: text,
  outcome: v.picklist(queryOutcomes),
  value: v.nullable(finite),
  detail: v.nullable(text),
});

/** What a source said of one gate; `value`, `interval` and `bound` are in the same units. */
const checkSchema = v.strictObject({
  gate: line,
  source: text,
  verdict: v.picklist(['pass', 'fail', 'inconclusive', 'no-data', 'skipped', 'error']),
  stable: v.nullable(armFigure),
  candidate: v.nullable(armFigure),
  value: v.nullable(finite),
  interval,
  bound: finite,
  detail: v.nullable(text),
  /** What was asked of Prometheus; none of the log. */
  queries: v.optional(v.array(askedQuery)),
});

const stepSchema = v.strictObject({
  weight: share,
  holdMs: count,
  minSamples: count,
  /** A person must let it go on. */
  approve: v.boolean(),
  gates: v.array(gateSchema),
});

const policySchema = v.strictObject({
  mode: v.picklist(['sequential', 'fixed']),
  alpha: v.pipe(finite, v.gtValue(0), v.ltValue(0.5)),
  onFail: v.picklist(['abort', 'pause']),
  onInconclusive: v.picklist(['wait', 'pause']),
  onNoData: v.picklist(['wait', 'pause']),
  /** How long after its hold a step may stay undecided. */
  maxWaitMs: count,
  /** Records of the first moments of a step do not count: clients still read the old weight. */
  settleMs: count,
  ceiling: v.strictObject({ errorRate: finite, minSamples: count }),
});

const eventSchema = v.strictObject({
  /** From 1, without a gap, over all attempts. */
  seq: v.pipe(v.number(), v.integer(), v.minValue(1)),
  at: instant,
  by: text,
  action: v.picklist([
    'create',
    'start',
    'advance',
    'pause',
    'resume',
    'promote',
    'set-weight',
    'abort',
    'retry',
    'succeed',
  ]),
  state: v.picklist(rolloutStates),
  attempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  step: count,
  weight: share,
  pause: v.nullable(v.picklist(pauseReasons)),
  reason: v.nullable(text),
  checks: v.array(checkSchema),
});

const armSchema = v.strictObject({ version, contentHash: hash });

/** A rollout as it stands in the pointer file of its prompt and environment. */
export const rolloutSchema = v.pipe(
  v.strictObject({
    id: line,
    /** Keeps assignments apart; `splitOf` uses it with the id. */
    salt: line,
    strategy: line,
    stable: armSchema,
    candidate: armSchema,
    steps: v.pipe(v.array(stepSchema), v.minLength(1)),
    policy: policySchema,
    state: v.picklist(rolloutStates),
    pause: v.nullable(v.strictObject({ reason: v.picklist(pauseReasons), at: instant })),
    step: count,
    /** Per cent of the units that get the candidate. */
    weight: share,
    attempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
    /** When the hold of the step began; a pause moves it. */
    since: instant,
    /** From when on records count for the gates of the step. */
    windowFrom: instant,
    reason: v.nullable(text),
    approvals: v.array(v.strictObject({ stage: text, by: text, at: instant })),
    events: v.array(eventSchema),
  }),
  v.check(({ step, steps }) => step < steps.length, 'its step must be one of its steps'),
  v.check(
    ({ events }) => events.every(({ seq }, at) => at === 0 || seq === (events[at - 1]?.seq ?? 0) + 1),
    'its events must be numbered without a gap',
  ),
  v.check(({ state, pause }) => (state === 'paused') === (pause !== null), 'a pause has a reason'),
);

export type RolloutRecord = v.InferOutput<typeof rolloutSchema>;
export type RolloutState = RolloutRecord['state'];
export type RolloutStep = RolloutRecord['steps'][number];
export type RolloutPolicy = RolloutRecord['policy'];
export type RolloutEvent = RolloutRecord['events'][number];
export type PauseReason = (typeof pauseReasons)[number];
export type RolloutGate = v.InferOutput<typeof gateSchema>;
export type LogGate = v.InferOutput<typeof logGate>;
export type QueryGate = v.InferOutput<typeof queryGate>;
/** A query as it was asked, with its answer. */
export type AskedQuery = v.InferOutput<typeof askedQuery>;
/** The one shape in which every source of gates answers. */
export type GateCheck = v.InferOutput<typeof checkSchema>;

/** Whether the rollout has not ended. */
export const isOpen = ({ state }: RolloutRecord): boolean => state !== 'succeeded' && state !== 'aborted';

/** The step that a rollout is in. */
export const currentStep = ({ steps, step }: RolloutRecord): RolloutStep => {
  const found = steps[step];
  if (!found) throw new TypeError('A rollout has the step that it is in.');
  return found;
};
