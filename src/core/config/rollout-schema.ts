import * as v from 'valibot';
import { queryProblem } from '../prometheus/query.ts';
import { parseGate } from '../rollout/gate.ts';
import { isQueryName } from '../rollout/resolve-gate.ts';
import { address, count, duration, flag, key, line, recordOf, requiredKey, variableName } from './values.ts';

const gate = v.pipe(
  line,
  v.check(
    (text) => parseGate(text) !== null || isQueryName(text),
    'must be a gate such as "latency_ms.p95 <= +20%", "error_rate <= 10%", "quality >= 0.85" or "query:NAME"',
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

const finite = v.pipe(v.number(), v.finite('must be finite'));

const promQl = v.pipe(
  v.string(),
  v.maxLength(8000, 'must have at most 8000 characters'),
  v.check(
    (text) => queryProblem(text) === null,
    (issue) => queryProblem(issue.input) ?? '',
  ),
);

const query = v.strictObject({
  query: requiredKey(
    'PromQL for one value, with `{{prompt}}`, `{{version}}` and `{{environment}}` in quotes, and `{{window}}`.',
    promQl,
  ),
  relativeTo: key(
    '`stable`: asked for both versions, and the bound is that of the relative change (0.2 is 20 % more).',
    v.nullable(v.literal('stable')),
    null,
  ),
  min: key('The gate fails below this value.', v.nullable(finite), null),
  max: key('The gate fails above this value.', v.nullable(finite), null),
});

const prometheus = v.strictObject({
  url: key('Address of a Prometheus, or of what speaks its API; `null`: none.', v.nullable(address), null),
  tokenEnv: key('Environment variable with a bearer token.', v.nullable(variableName), null),
  tokenFile: key('File with a bearer token, from the workspace on.', v.nullable(line), null),
  timeout: key('How long one attempt may take.', duration, '10s'),
});

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
  prometheus: key('The server that gates with queries ask.', prometheus, {}),
  queries: key('Name → query with its bound, for the gate `query:NAME`.', recordOf(query), {}),
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
