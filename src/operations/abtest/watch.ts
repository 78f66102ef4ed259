import { pause } from '../pause.ts';
import type { Workspace } from '../workspace.ts';
import { type AbtestResultsRequest, type AbtestResultsResult, readResults } from './results.ts';

export interface AbtestWatchRequest extends AbtestResultsRequest {
  /** Ends the watch. */
  readonly until: AbortSignal;
  /** How often to look; default: every 2 s. */
  readonly intervalMs?: number;
  readonly onResult: (result: AbtestResultsResult) => void;
}

/** Hands over the results now, and again each time that new observations or the clock have changed them. */
export const watchResults = async (workspace: Workspace, request: AbtestWatchRequest): Promise<void> => {
  let last = '';
  while (!request.until.aborted) {
    const result = await readResults(workspace, request);
    const seen = JSON.stringify([result.variants, result.metrics, result.verdict, result.sentence]);
    if (seen !== last) request.onResult(result);
    last = seen;
    await pause(request.intervalMs ?? 2000, request.until);
  }
};
