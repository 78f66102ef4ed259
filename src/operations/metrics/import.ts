import {
  formatRecordLine,
  type MetricRecord,
  maxLineBytes,
  refusalToWrite,
} from '../../core/metrics/record.ts';
import { isPromptvError } from '../../errors.ts';
import { openImport } from '../../store/metrics-log/import-source.ts';
import { momentOf } from '../env/time.ts';
import { environmentNamed } from '../environments.ts';
import { resolveSavedVersion } from '../resolve-ref.ts';
import type { OperationOptions, Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { type ImportEntry, type ImportFormat, readEntries } from './import-formats.ts';
import { type KnownIds, openKnownIds } from './known-ids.ts';
import { createUnknownFinder, type FindUnknown } from './known-prompts.ts';
import { completeRecord, storeRecords } from './store-records.ts';

export interface MetricsImportRequest extends OperationOptions {
  /** A file's path, absolute, or a stream. */
  readonly source: string | AsyncIterable<string | Uint8Array>;
  readonly format: ImportFormat;
  /** `NAME[@SELECTOR]` of what names no prompt. */
  readonly ref?: string;
  /** Of what names none. */
  readonly environment?: string;
  /** The moment of what names none; default: now. */
  readonly at?: string;
  readonly allowUnknown?: boolean;
  readonly dryRun?: boolean;
}

export interface MetricsImportResult {
  readonly format: ImportFormat;
  /** What was found: runs, not lines. */
  readonly read: number;
  readonly imported: number;
  /** Ids that the log has on their day, or that came twice. */
  readonly duplicates: number;
  readonly refusedCount: number;
  /** The first hundred, and why. */
  readonly refused: readonly { readonly place: string; readonly reason: string }[];
  readonly computedCosts: number;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

const batchSize = 2000;
const namedRefusals = 100;

/**
 * Adds runs that were recorded elsewhere, in batches; what cannot be stored is refused and named. Importing again adds
 * nothing twice. @throws METRICS_IMPORT_INVALID, FILE_NOT_FOUND, PROMPT_NOT_FOUND, VERSION_NOT_FOUND, TIME_INVALID
 */
export const importMetrics = async (
  workspace: Workspace,
  request: MetricsImportRequest,
): Promise<MetricsImportResult> => {
  const { format, dryRun = false, onProgress } = request;
  const run = await startImport(workspace, request);
  let bytesRead = 0;
  const { bytes, size } = await openImport(request.source, (count) => {
    bytesRead += count;
  });
  const now = momentOf(request.at)?.utc ?? workspace.now().toISOString();
  let batch: MetricRecord[] = [];
  const flush = async (): Promise<void> => {
    await storeRecords(workspace, batch, { dryRun });
    batch = [];
    const kibibytes = (count: number): number => Math.ceil(count / 1024);
    onProgress?.({
      stage: 'importing',
      unit: 'KiB',
      done: kibibytes(bytesRead),
      total: size === null ? null : kibibytes(size),
    });
  };
  for await (const entry of readEntries(format, bytes, now)) {
    const record = await run.accept(entry);
    if (record !== null) batch.push(record);
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  return { format, ...run.report(), dryRun, warnings: [] };
};

type ImportReport = Omit<MetricsImportResult, 'format' | 'dryRun' | 'warnings'>;

interface ImportRun {
  /** The record to store; null for one that is known or refused. */
  readonly accept: (entry: ImportEntry) => Promise<MetricRecord | null>;
  readonly report: () => ImportReport;
}

const startImport = async (workspace: Workspace, request: MetricsImportRequest): Promise<ImportRun> => {
  const checks = await openChecks(workspace, request);
  const counts = { read: 0, imported: 0, duplicates: 0, refusedCount: 0, computedCosts: 0 };
  const refused: { place: string; reason: string }[] = [];
  const accept = async (entry: ImportEntry): Promise<MetricRecord | null> => {
    counts.read += 1;
    const judged = await judgeEntry(workspace, entry, checks);
    if ('reason' in judged) {
      counts.refusedCount += 1;
      if (refused.length < namedRefusals) refused.push({ place: entry.place, reason: judged.reason });
      return null;
    }
    if (!(await checks.ids.add(judged))) {
      counts.duplicates += 1;
      return null;
    }
    counts.imported += 1;
    if (judged.computed?.includes('cost_usd')) counts.computedCosts += 1;
    return judged;
  };
  return { accept, report: () => ({ ...counts, refused }) };
};

interface Checks {
  readonly ids: KnownIds;
  readonly findUnknown: FindUnknown | null;
  readonly named: { readonly prompt?: string; readonly version?: string };
  readonly environment: string | undefined;
}

const openChecks = async (
  workspace: Workspace,
  { ref, environment, allowUnknown = false }: MetricsImportRequest,
): Promise<Checks> => {
  if (environment !== undefined && !allowUnknown) environmentNamed(workspace, environment);
  const versions = new Versions(workspace);
  if (!allowUnknown) await versions.listAll();
  const found = ref === undefined ? null : await resolveSavedVersion(workspace, versions, { ref });
  return {
    ids: openKnownIds(workspace),
    findUnknown: allowUnknown ? null : await createUnknownFinder(workspace, versions, []),
    named: found === null ? {} : { prompt: found.name, version: found.version },
    environment,
  };
};

const judgeEntry = async (
  workspace: Workspace,
  entry: ImportEntry,
  { findUnknown, named, environment }: Checks,
): Promise<MetricRecord | { readonly reason: string }> => {
  if ('reason' in entry) return { reason: entry.reason };
  const { value } = entry;
  const isNamed = value.prompt === undefined || value.prompt === named.prompt;
  const given = { environment, ...(isNamed ? named : {}), ...value };
  try {
    const record = completeRecord(workspace, given, 1);
    const refusal = refusalToWrite(
      { ok: true, record, time: Date.parse(record.ts) },
      workspace.now().getTime(),
    );
    if (refusal !== null) return { reason: refusal };
    const bytes = Buffer.byteLength(formatRecordLine(record));
    if (bytes > maxLineBytes) return { reason: `${bytes} bytes as a line, more than ${maxLineBytes}` };
    const unknown = findUnknown === null ? null : await findUnknown(record);
    return unknown === null ? record : { reason: unknown.message };
  } catch (error) {
    if (!isPromptvError(error) || error.code !== 'METRICS_RECORD_INVALID') throw error;
    return { reason: String(error.details.reason) };
  }
};
