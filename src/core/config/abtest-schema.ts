import * as v from 'valibot';
import { count, duration, flag, key, line, requiredKey } from './values.ts';

const finite = v.pipe(v.number(), v.finite('must be finite'));

/** A probability that is neither 0 nor 1. */
export const probability = v.pipe(
  v.number(),
  v.check((value) => value > 0 && value < 1, 'must be between 0 and 1'),
);

/** How the values of a metric become one number of a variant. */
export const metricKinds = ['mean', 'rate', 'ratio', 'quantile'] as const;

/** One metric of an experiment. */
export const experimentMetricSchema = v.strictObject({
  name: requiredKey('A metric of the log, or `error_rate` or `success_rate`.', line),
  direction: requiredKey('Which values are better.', v.picklist(['higher', 'lower'])),
  kind: key(
    'What is compared; `null`: `rate` for `error_rate` and `success_rate`, else `mean`.',
    v.nullable(v.picklist(metricKinds)),
    null,
  ),
  weight: key(
    'Its share of the weighted score; `null`: it has none.',
    v.nullable(v.pipe(finite, v.minValue(0, 'must not be negative'))),
    null,
  ),
  target: key('The value to reach, shown beside the results.', v.nullable(finite), null),
  quantile: key('The quantile of kind `quantile`: 0.95 is p95.', v.nullable(probability), null),
  denominator: key('The metric that kind `ratio` divides by.', v.nullable(line), null),
});

/** The keys below `abtest`: what an experiment has that does not say otherwise. */
export const abtestSchema = v.strictObject({
  metrics: key('The metrics of an experiment that names none.', v.array(experimentMetricSchema), [
    { name: 'quality', direction: 'higher' },
    { name: 'latency_ms', direction: 'lower' },
  ]),
  alpha: key('How often a difference may be claimed that is none.', probability, 0.05),
  power: key('How often a difference of the planned size is to be found.', probability, 0.8),
  maxDuration: key('After this time everybody gets control again.', duration, '7d'),
  unit: key('What is assigned: a user, a session, a request.', line, 'user'),
  minUnits: key(
    'How many units every variant needs.',
    v.strictObject({
      show: key('Before tests are shown.', count, 30),
      recommend: key('Before a verdict is given.', count, 100),
    }),
    {},
  ),
  autoStop: key(
    'Whether `abtest tick` stops an experiment whose verdict stands or whose time is over.',
    flag,
    false,
  ),
});
