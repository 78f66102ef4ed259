import { testSampleRatio } from '../stats/sample-ratio.ts';

/** Whether the units that came are split as the weight says. */
export interface SampleRatio {
  /** Units that got each version in the window, of very many a sample; null when records name no units or all get one version. */
  readonly units: { readonly stable: number; readonly candidate: number } | null;
  readonly p: number | null;
  readonly mismatch: boolean;
  /** In words for a reader; null without a test. */
  readonly detail: string | null;
}

/** What is known where nothing can be tested. */
export const noRatio: SampleRatio = { units: null, p: null, mismatch: false, detail: null };

/** Tests units, not records: one unit may come often. At 0 and 100 per cent there is no split to test. */
export const judgeRatio = (
  units: { readonly stable: number; readonly candidate: number },
  weight: number,
): SampleRatio => {
  if (weight <= 0 || weight >= 100 || units.stable + units.candidate === 0) return noRatio;
  const test = testSampleRatio([units.candidate, units.stable], [weight, 100 - weight]);
  const all = units.candidate + units.stable;
  const detail = `${units.candidate} of ${all} units had the candidate, which gets ${weight} %`;
  return { units, p: test.p, mismatch: test.mismatch, detail };
};
