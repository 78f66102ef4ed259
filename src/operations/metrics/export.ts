import { formatCsvHeader, formatCsvRecord } from '../../core/metrics/csv.ts';
import { formatRecordLine } from '../../core/metrics/record.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { assertPromptsKnown, type FilterRequest, readFilter, warnCoverage } from './filter.ts';
import { withLog } from './open.ts';

export interface MetricsExportRequest extends FilterRequest {
  readonly format: 'jsonl' | 'csv';
  /** Takes the text piece by piece; each ends with a line end. */
  readonly write: (text: string) => void;
}

/** What was written. */
export interface ExportedRecords {
  readonly exported: number;
  readonly format: 'jsonl' | 'csv';
  readonly skipped: number;
  readonly warnings: readonly Warning[];
}

const pieceLength = 1 << 16;

/** Writes the records that match, in the order of the log; a repeated id once. @throws as `summarizeMetrics` */
export const exportMetrics = async (
  workspace: Workspace,
  request: MetricsExportRequest,
): Promise<ExportedRecords> => {
  const { format, write } = request;
  const { filter } = readFilter(workspace, request);
  return withLog(workspace, request, async ({ source }) => {
    const { groups, coverage } = await source.summarize({
      ...filter,
      by: [],
      ...(format === 'jsonl' ? { metrics: [] } : {}),
    });
    if (groups.length === 0) await assertPromptsKnown(workspace, filter.prompts ?? []);
    const metrics = Object.keys(groups[0]?.metrics ?? {});
    let text = format === 'csv' ? `${formatCsvHeader(metrics)}\n` : '';
    let exported = 0;
    for await (const record of source.records(filter)) {
      text += `${format === 'csv' ? formatCsvRecord(record, metrics) : formatRecordLine(record)}\n`;
      exported += 1;
      if (text.length < pieceLength) continue;
      write(text);
      text = '';
    }
    if (text !== '') write(text);
    return { exported, format, skipped: coverage.skipped, warnings: warnCoverage(coverage, exported) };
  });
};
