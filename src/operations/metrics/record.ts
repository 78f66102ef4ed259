import type { MetricRecord } from '../../core/metrics/record.ts';
import { parseStrictJson } from '../../core/metrics/strict-json.ts';
import { parseReference } from '../../core/version/reference.ts';
import { isPromptvError, promptvError } from '../../errors.ts';
import { momentOf } from '../env/time.ts';
import { environmentNamed } from '../environments.ts';
import { resolveSavedVersion } from '../resolve-ref.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { readExperimentFields } from './experiment-fields.ts';
import { createUnknownFinder, isKnownHere, rememberKnown } from './known-prompts.ts';
import { assertKnown, completeRecord, storeRecords } from './store-records.ts';

/** What the flags of `metrics record` say; each of them counts for every line of `lines` that does not say otherwise. */
export interface MetricsRecordRequest {
  /** `NAME[@SELECTOR]`, by default the latest version. */
  readonly ref?: string;
  readonly environment?: string;
  /** With `fields.experiment`: the unit, from which prompt, version and variant follow. */
  readonly key?: string;
  /** A moment, local without an offset; default: now. */
  readonly at?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly meta?: Readonly<Record<string, string>>;
  /** JSON lines, one record each. */
  readonly lines?: string;
  /** Takes prompts and versions that this clone does not know. */
  readonly allowUnknown?: boolean;
  readonly dryRun?: boolean;
}

export interface MetricsRecordResult {
  readonly recorded: number;
  /** In the order given. */
  readonly ids: readonly string[];
  /** How many costs were computed from tokens and prices. */
  readonly computedCosts: number;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Appends one record, or those of JSON lines: all of them, or none when one may not be stored.
 * @throws METRICS_RECORD_INVALID, METRICS_RECORD_TOO_LARGE, PROMPT_NOT_FOUND, VERSION_NOT_FOUND, TIME_INVALID,
 * NOT_ENROLLED, UNIT_INVALID, EXPERIMENT_NOT_FOUND
 */
export const recordFromFlags = async (
  workspace: Workspace,
  request: MetricsRecordRequest,
): Promise<MetricsRecordResult> => {
  const versions = new Versions(workspace);
  const shared = await readShared(workspace, versions, request);
  const values =
    request.lines === undefined ? [shared] : parseLines(request.lines).map((line) => mergeLine(shared, line));
  return recordValues(workspace, values, { ...request, versions });
};

/** A record as a caller gives it: time and id are filled in, a missing cost is computed. */
export interface NewMetricRecord extends Omit<MetricRecord, 'ts' | 'metrics'> {
  readonly ts?: string;
  readonly metrics?: Readonly<Record<string, number>>;
}

/** Appends records to the metrics log: all of them, or none. Throws as the command `metrics record` fails. */
export const recordMetrics = (
  workspace: Workspace,
  records: readonly NewMetricRecord[],
  options: Pick<MetricsRecordRequest, 'allowUnknown' | 'dryRun'> = {},
): Promise<MetricsRecordResult> =>
  recordValues(workspace, records, { ...options, versions: new Versions(workspace) });

const recordValues = async (
  workspace: Workspace,
  values: readonly unknown[],
  {
    versions,
    allowUnknown = false,
    dryRun = false,
  }: Pick<MetricsRecordRequest, 'allowUnknown' | 'dryRun'> & { readonly versions: Versions },
): Promise<MetricsRecordResult> => {
  const records = values.map((value, index) => completeRecord(workspace, value, index + 1));
  const unchecked = allowUnknown ? [] : records.filter((record) => !isKnownHere(workspace, record));
  if (unchecked.length > 0) {
    const names = unchecked.map(({ prompt }) => prompt);
    await assertKnown(unchecked, await createUnknownFinder(workspace, versions, names));
    rememberKnown(workspace, unchecked);
  }
  await storeRecords(workspace, records, { dryRun });
  return {
    recorded: records.length,
    ids: records.map(({ id = '' }) => id),
    computedCosts: records.filter(({ computed = [] }) => computed.includes('cost_usd')).length,
    dryRun,
    warnings: [],
  };
};

type Fields = Readonly<Record<string, unknown>>;

const readShared = async (
  workspace: Workspace,
  versions: Versions,
  { ref, environment, key, at, fields, metrics, meta, allowUnknown = false }: MetricsRecordRequest,
): Promise<Fields> => {
  if (environment !== undefined && !allowUnknown) environmentNamed(workspace, environment);
  const named = ref === undefined ? {} : await readNamed(workspace, versions, { ref, allowUnknown });
  const ts = momentOf(at)?.utc;
  const tested =
    key === undefined
      ? {}
      : await readExperimentFields(workspace, {
          id: fields?.experiment ?? '',
          key,
          at: ts ?? workspace.now().toISOString(),
        });
  return {
    ...(ts === undefined ? {} : { ts }),
    ...tested,
    ...named,
    ...fields,
    ...(environment === undefined ? {} : { environment }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(meta === undefined ? {} : { meta }),
  };
};

/** The prompt and version of a reference; one to an environment says that the run was there. */
const readNamed = async (
  workspace: Workspace,
  versions: Versions,
  { ref, allowUnknown }: { readonly ref: string; readonly allowUnknown: boolean },
): Promise<Fields> => {
  const { name, selector } = parseReference(ref);
  const environment =
    selector?.kind === 'word' && workspace.config.environments.some((each) => each.name === selector.text)
      ? { environment: selector.text }
      : {};
  if (selector?.kind === 'version') {
    const named = { prompt: promptNameFrom(workspace, name), version: selector.version };
    if (isKnownHere(workspace, named)) return named;
  }
  try {
    const found = await resolveSavedVersion(workspace, versions, { ref });
    return { prompt: found.name, version: found.version, ...environment };
  } catch (error) {
    if (!allowUnknown || !isPromptvError(error) || !unknownCodes.has(error.code)) throw error;
    const version = selector?.kind === 'version' ? { version: selector.version } : {};
    return { prompt: promptNameFrom(workspace, name), ...version };
  }
};

const unknownCodes: ReadonlySet<string> = new Set(['PROMPT_NOT_FOUND', 'VERSION_NOT_FOUND', 'NO_VERSION']);

const parseLines = (text: string): Fields[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const parsed = parseStrictJson(line);
      const reason = parsed.ok ? 'not a JSON object' : parsed.reason;
      if (parsed.ok && isFields(parsed.value)) return parsed.value;
      throw promptvError('METRICS_RECORD_INVALID', { number: index + 1, reason });
    });

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mergeLine = (shared: Fields, line: Fields): Fields => ({
  ...shared,
  ...line,
  // A version belongs to its own prompt.
  ...(line.prompt !== undefined && line.prompt !== shared.prompt ? { version: line.version } : {}),
  ...mergeInner(shared, line, 'metrics'),
  ...mergeInner(shared, line, 'meta'),
});

const mergeInner = (shared: Fields, line: Fields, field: string): Fields => {
  const [before, after] = [shared[field], line[field]];
  return isFields(before) && isFields(after) ? { [field]: { ...before, ...after } } : {};
};
