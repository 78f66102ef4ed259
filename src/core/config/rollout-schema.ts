import * as v from 'valibot';
import { parseGate } from '../rollout/gate.ts';
import { count, duration, flag, key, line, recordOf, requiredKey } from './values.ts';

const gate = v.pipe(
  line,
  v.check(
    (text) => parseGate(text) !== null,
    'must be a gate such as "latency_ms.p95 <= +20%", "error_rate <= 10%" or "quality >= 0.85"',
  ),
);
const gates = v.nullable(v.array(gate));

const weight = v.pipe(
  v.number(),
  v.safeInteger('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(100, 'must be at most 100'),
);

const step = v.strictObject({
  weight: requiredKey('Per cent of the units that get the candidate.', weight),
  hold: key('How long the step lasts at least.', duration, '1h'),
  minSamples: key(
    'Fewest samples of each version; `null`: as `rollouts.minSamples`.',
    v.nullable(count),
    null,
  ),
  approve: key('A person must let it go on from here: `rollout promote`.', flag, false),
  gates: key('Gates of this step alone; `null`: those of the preset.', gates, null),
});

const preset = v.strictObject({
  steps: requiredKey(
    'Steps of growing weight; the last one is 100, and is added where it is missing.',
    v.pipe(v.array(step), v.minLength(1, 'must have at least one step')),
  ),
  gates: key('Gates; `null`: those of `rollouts.gates`.', gates, null),
});

const rate = v.pipe(v.number(), v.minValue(0, 'must not be negative'), v.maxValue(1, 'must be at most 1'));

/** The key `rollouts`. */
export const rolloutsSchema = v.strictObject({
  presets: key('Name → steps, for `promote --strategy NAME`.', recordOf(preset), {}),
  gates: key(
    'What a candidate must keep; `null`: quality ≥ -5 %, latency ≤ +20 %, error rate ≤ +2 points and ≤ 10 %.',
    gates,
    null,
  ),
  previewGates: key(
    'The same of a blue-green switch; `null`: latency ≤ 500 ms, error rate ≤ 2 %, quality ≥ 0.85.',
    gates,
    null,
  ),
  previewHold: key('How long a blue-green candidate is previewed at least.', duration, '0s'),
  minSamples: key('Fewest samples of each version in a step.', count, 100),
  maxRunning: key(
    'So many rollouts run at once; others wait.',
    v.pipe(count, v.minValue(1, 'must be at least 1')),
    3,
  ),
  mode: key(
    'How gates are judged: by an interval that holds at every look, or by a test for one look at the end of the hold.',
    v.picklist(['sequential', 'fixed']),
    'sequential',
  ),
  alpha: key(
    'How often a gate may be wrong, on each side.',
    v.pipe(v.number(), v.gtValue(0, 'must be above 0'), v.ltValue(0.5, 'must be below 0.5')),
    0.05,
  ),
  onFail: key('What a failed gate does.', v.picklist(['abort', 'pause']), 'abort'),
  onInconclusive: key(
    'What happens when gates are still undecided `maxWait` after the hold.',
    v.picklist(['wait', 'pause']),
    'pause',
  ),
  onNoData: key('The same for gates without any data.', v.picklist(['wait', 'pause']), 'pause'),
  maxWait: key('How long after its hold a step may stay undecided.', duration, '1d'),
  settle: key(
    'How long after a change of weight records do not count: clients still read the old one.',
    duration,
    '0s',
  ),
  emergency: key(
    'Above this error rate of the candidate a rollout is aborted at once.',
    v.strictObject({
      errorRate: key('A share of 1.', rate, 0.2),
      minSamples: key(
        'Fewest runs of the candidate to say so.',
        v.pipe(count, v.minValue(1, 'must be at least 1')),
        20,
      ),
    }),
    {},
  ),
});
