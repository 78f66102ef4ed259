import type { AbtestAssignRequest, AbtestAssignResult } from '../../../operations/abtest/assign.ts';
import type { AbtestCreateRequest, AbtestCreateResult } from '../../../operations/abtest/create.ts';
import type { AbtestListRequest, AbtestListResult } from '../../../operations/abtest/list.ts';
import type { AbtestResultsRequest, AbtestResultsResult } from '../../../operations/abtest/results.ts';
import type {
  AbtestSampleSizeRequest,
  AbtestSampleSizeResult,
} from '../../../operations/abtest/sample-size.ts';
import type { AbtestShowRequest, AbtestShowResult } from '../../../operations/abtest/show.ts';
import type { AbtestSimulateRequest, AbtestSimulateResult } from '../../../operations/abtest/simulate.ts';
import type { AbtestStartRequest, AbtestStartResult } from '../../../operations/abtest/start.ts';
import type { AbtestStopRequest, AbtestStopResult } from '../../../operations/abtest/stop.ts';
import type { AbtestTickRequest, AbtestTickResult } from '../../../operations/abtest/tick.ts';
import type { AbtestWatchRequest } from '../../../operations/abtest/watch.ts';
import type { Decided } from '../../../operations/decide-state.ts';
import type { Run, RunAnywhere } from '../../operations.ts';
import type { LoadFormat } from '../../reports.ts';

interface AbtestOperations {
  readonly create: Run<AbtestCreateRequest, Decided<AbtestCreateResult>>;
  readonly start: Run<AbtestStartRequest, Decided<AbtestStartResult>>;
  readonly stop: Run<AbtestStopRequest, Decided<AbtestStopResult>>;
  readonly list: Run<AbtestListRequest, AbtestListResult>;
  readonly show: Run<AbtestShowRequest, AbtestShowResult>;
  readonly assign: Run<AbtestAssignRequest, AbtestAssignResult>;
  readonly results: Run<AbtestResultsRequest, AbtestResultsResult>;
  readonly watch: Run<AbtestWatchRequest, void>;
  readonly tick: Run<AbtestTickRequest, AbtestTickResult>;
  readonly sampleSize: RunAnywhere<AbtestSampleSizeRequest, AbtestSampleSizeResult>;
  readonly simulate: RunAnywhere<AbtestSimulateRequest, AbtestSimulateResult>;
}

interface AbtestReports {
  readonly create: LoadFormat<Decided<AbtestCreateResult>>;
  readonly start: LoadFormat<Decided<AbtestStartResult>>;
  readonly stop: LoadFormat<Decided<AbtestStopResult>>;
  readonly list: LoadFormat<AbtestListResult>;
  readonly show: LoadFormat<AbtestShowResult>;
  readonly assign: LoadFormat<AbtestAssignResult>;
  readonly results: LoadFormat<AbtestResultsResult>;
  readonly tick: LoadFormat<AbtestTickResult>;
  readonly sampleSize: LoadFormat<AbtestSampleSizeResult>;
  readonly simulate: LoadFormat<AbtestSimulateResult>;
}

/** The operations on experiments; each module is imported when it is called. */
export const abtestOperations: AbtestOperations = {
  create: async (workspace, request) =>
    (await import('../../../operations/abtest/create.ts')).createExperiment(workspace, request),
  start: async (workspace, request) =>
    (await import('../../../operations/abtest/start.ts')).startExperiment(workspace, request),
  stop: async (workspace, request) =>
    (await import('../../../operations/abtest/stop.ts')).stopExperiment(workspace, request),
  list: async (workspace, request) =>
    (await import('../../../operations/abtest/list.ts')).listExperiments(workspace, request),
  show: async (workspace, request) =>
    (await import('../../../operations/abtest/show.ts')).showExperiment(workspace, request),
  assign: async (workspace, request) =>
    (await import('../../../operations/abtest/assign.ts')).assignUnit(workspace, request),
  results: async (workspace, request) =>
    (await import('../../../operations/abtest/results.ts')).readResults(workspace, request),
  watch: async (workspace, request) =>
    (await import('../../../operations/abtest/watch.ts')).watchResults(workspace, request),
  tick: async (workspace, request) =>
    (await import('../../../operations/abtest/tick.ts')).tickExperiments(workspace, request),
  sampleSize: async (workspace, request) =>
    (await import('../../../operations/abtest/sample-size.ts')).computeSampleSize(workspace, request),
  simulate: async (workspace, request) =>
    (await import('../../../operations/abtest/simulate.ts')).simulateAbtest(workspace, request),
};

/** Their reports. */
export const abtestReports: AbtestReports = {
  create: async () => (await import('../../../report/abtest/change.ts')).formatCreate,
  start: async () => (await import('../../../report/abtest/change.ts')).formatStart,
  stop: async () => (await import('../../../report/abtest/change.ts')).formatStop,
  list: async () => (await import('../../../report/abtest/list.ts')).formatAbtestList,
  show: async () => (await import('../../../report/abtest/show.ts')).formatAbtestShow,
  assign: async () => (await import('../../../report/abtest/assign.ts')).formatAssign,
  results: async () => (await import('../../../report/abtest/results.ts')).formatAbtestResults,
  tick: async () => (await import('../../../report/abtest/tick.ts')).formatTick,
  sampleSize: async () => (await import('../../../report/abtest/plan.ts')).formatSampleSize,
  simulate: async () => (await import('../../../report/abtest/plan.ts')).formatSimulation,
};
