import type { Analysis } from '../../core/experiment/analysis.ts';
import { isStatusRate } from '../../core/experiment/observed-units.ts';
import type { MetricsFilter, MetricsSource } from '../../core/metrics/source.ts';
import { warnUnrecorded } from '../metrics/filter.ts';
import type { Warning } from '../types.ts';

/** A metric or guardrail of which there is no value at all may be a slip. */
export const warnNames = async (
  source: MetricsSource,
  filter: MetricsFilter,
  { metrics, guardrails }: Analysis,
): Promise<Warning[]> => {
  const rows = metrics.map((row) => [row.metric, row.control.value, row.treatment.value] as const);
  const guarded = guardrails.map((row) => [row.metric, row.control, row.treatment] as const);
  const seen = [...rows, ...guarded].filter(([, ...values]) => values.some((value) => value !== null));
  const names = new Set([...rows, ...guarded].map(([name]) => name));
  const unseen = [...names].filter((name) => !isStatusRate(name) && !seen.some(([one]) => one === name));
  return (await Promise.all(unseen.map((name) => warnUnrecorded(source, filter, name)))).flat();
};

/** Records that were left out, or that stand for a unit of their own. */
export const warnRecords = ({ validity, design }: Analysis): Warning[] => {
  const { recordsOfUnknownVariants: unknown, recordsWithoutUnit: alone } = validity;
  const what = design === 'paired' ? 'case' : 'unit';
  const treated = design === 'paired' ? 'were left out' : 'count as a unit each';
  return [
    ...(unknown === 0
      ? []
      : [
          {
            code: 'VARIANT_UNKNOWN',
            message: `${unknown} records name no variant of the experiment and were left out.`,
          },
        ]),
    ...(alone === 0
      ? []
      : [{ code: 'UNIT_MISSING', message: `${alone} records name no ${what} and ${treated}.` }]),
  ];
};
