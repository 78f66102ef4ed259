import * as v from 'valibot';
import { count, duration, flag, key, line, lines } from './values.ts';

const finite = v.pipe(v.number(), v.finite('must be finite'));

/** What an alert looks at of the values of its metric. */
const alertStatistics = ['mean', 'sum', 'sd', 'min', 'p25', 'p50', 'p75', 'p95', 'p99', 'max'] as const;

const comparisons = ['previous-period', 'previous-version'] as const;

/** One entry of `alerts`; what is null comes from the built-in alert of that name. */
export const alertSchema = v.strictObject({
  enabled: key('False switches the alert off.', flag, true),
  metric: key('A metric, `error_rate` or `success_rate`.', v.nullable(line), null),
  statistic: key(
    'What of its values is looked at; `null`: their mean.',
    v.nullable(v.picklist(alertStatistics)),
    null,
  ),
  min: key('The alert fires below this value; a rate is a share of 1.', v.nullable(finite), null),
  max: key('The alert fires above this value.', v.nullable(finite), null),
  against: key(
    'What the mean is compared with: the bounds are then those of the relative change (0.5 is 50 % more).',
    v.nullable(v.picklist(comparisons)),
    null,
  ),
  rollback: key(
    'Whether `watch` rolls back what breaks it; `null`: as the built-in alert of that name says, else no.',
    v.nullable(flag),
    null,
  ),
  window: key('How far back records count; `null`: a day.', v.nullable(duration), null),
  severity: key('How bad it is; `null`: a warning.', v.nullable(v.picklist(['warning', 'critical'])), null),
  environments: key('Where it applies; none listed: everywhere.', lines, []),
  prompts: key('Globs of the prompts it applies to; none listed: all.', lines, []),
  minRecords: key(
    'With fewer values there is not enough data to judge; `null`: 20.',
    v.nullable(count),
    null,
  ),
});
