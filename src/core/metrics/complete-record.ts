import { computeCostUsd, type MetricRecord } from './record.ts';

/** What a model's tokens cost, in US dollars for a million, as the configuration has it. */
interface Price {
  readonly inputUsdPerMillionTokens: number;
  readonly outputUsdPerMillionTokens: number;
  readonly cachedInputUsdPerMillionTokens: number | null;
}

export type Prices = Readonly<Record<string, Price>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown): boolean => value === null || value === undefined;

/** Fills in what a writer may leave out: the time, the id, and the status of a record with an error class. */
export const fillRecord = (value: unknown, given: { readonly ts: string; readonly id: string }): unknown => {
  if (!isObject(value)) return value;
  return {
    ...value,
    ts: isAbsent(value.ts) ? given.ts : value.ts,
    id: isAbsent(value.id) ? given.id : value.id,
    status: isAbsent(value.status) && !isAbsent(value.error) ? 'error' : value.status,
  };
};

/** Adds a missing `cost_usd` from tokens and the model's price, and names it in `computed`. */
export const addCost = (record: MetricRecord, prices: Prices): MetricRecord => {
  const { model, metrics, computed = [] } = record;
  if (model === undefined || metrics.cost_usd !== undefined || !Object.hasOwn(prices, model)) return record;
  const price = prices[model];
  if (price === undefined) return record;
  const cost = computeCostUsd(metrics, {
    input: price.inputUsdPerMillionTokens,
    output: price.outputUsdPerMillionTokens,
    cachedInput: price.cachedInputUsdPerMillionTokens,
  });
  if (cost === null) return record;
  return { ...record, metrics: { ...metrics, cost_usd: cost }, computed: [...computed, 'cost_usd'] };
};

/** Which texts a record keeps; what the patterns match in them becomes `***`. */
interface CaptureRules {
  readonly capture: boolean | readonly string[];
  readonly mask: readonly string[];
}

/** Leaves out `input` and `output` unless they are to be captured, and masks what is kept. */
export const captureTexts = (record: MetricRecord, { capture, mask }: CaptureRules): MetricRecord => {
  const { input, output, ...rest } = record;
  const patterns = mask.map((source) => new RegExp(source, 'gu'));
  const isKept = (field: string): boolean =>
    typeof capture === 'boolean' ? capture : capture.includes(field);
  return {
    ...rest,
    ...(input !== undefined && isKept('input') ? { input: maskTexts(input, patterns) } : {}),
    ...(output !== undefined && isKept('output') ? { output: maskTexts(output, patterns) } : {}),
  };
};

const maskTexts = (value: unknown, patterns: readonly RegExp[]): unknown => {
  if (typeof value === 'string') return patterns.reduce((text, each) => text.replace(each, '***'), value);
  if (Array.isArray(value)) return value.map((each) => maskTexts(each, patterns));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskTexts(each, patterns)]));
};
