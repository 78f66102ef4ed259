import { runLimited, WorkTimeout } from '../../calls/limited-work.ts';
import type { ProviderAnswer, ProviderRequest } from '../../calls/provider.ts';
import type { CaseOutcome, CheckProblem } from '../../core/checks/report.ts';
import { addCost } from '../../core/metrics/complete-record.ts';
import { compileDocument, type RenderedPrompt } from '../../core/template/render.ts';
import type { JudgedText } from '../../core/testing/judge.ts';
import { responseFormatOf } from '../../core/testing/response-format.ts';
import { isPromptvError } from '../../errors.ts';
import type { ResolvedPrompt } from '../resolve-ref.ts';
import type { Workspace } from '../workspace.ts';
import { judgeCase, placeProblem } from './judge-case.ts';
import type { LocatedCase } from './read-cases.ts';
import type { SnapshotBook } from './snapshots.ts';
import type { TestTarget } from './targets.ts';

/** One case of one text, to be run against one target. */
export interface PlannedCase {
  readonly prompt: ResolvedPrompt;
  readonly testCase: LocatedCase;
  readonly target: TestTarget;
  readonly snapshots: SnapshotBook;
}

/** What became of it. Figures are null where nothing was measured. */
export interface CaseRun {
  readonly outcome: CaseOutcome;
  readonly durationMs: number;
  readonly problems: readonly CheckProblem[];
  readonly model: string | null;
  readonly latencyMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly similarity: number | null;
  readonly output: string | null;
  /** The code of the error that kept it from being run to its end. */
  readonly error: string | null;
}

const nothing = {
  model: null,
  latencyMs: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  similarity: null,
  output: null,
  error: null,
} as const;

/** Runs a case within its time limit; whatever goes wrong is its outcome. */
export const runCase = async (
  workspace: Workspace,
  planned: PlannedCase,
  timeoutMs: number,
): Promise<CaseRun> => {
  const { target } = planned;
  if (target.provider === null) return runWithin(workspace, planned, timeoutMs);
  return target.provider.gate(() => runWithin(workspace, planned, timeoutMs));
};

const runWithin = async (workspace: Workspace, planned: PlannedCase, timeoutMs: number): Promise<CaseRun> => {
  const start = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new WorkTimeout('time is up')), timeoutMs);
  try {
    const run = await runAndJudge(workspace, planned, { signal: limit.signal, timeoutMs });
    return { ...run, durationMs: performance.now() - start };
  } catch (error) {
    return { ...nothing, ...explain(error, planned, timeoutMs), durationMs: performance.now() - start };
  } finally {
    clearTimeout(timer);
  }
};

/** What could not be rendered failed; what could not be asked did not run. */
const explain = (
  error: unknown,
  { testCase }: PlannedCase,
  timeoutMs: number,
): Pick<CaseRun, 'outcome' | 'problems' | 'error'> => {
  const at = (ruleId: string, message: string) => [
    placeProblem(testCase, testCase.path, { ruleId, message }),
  ];
  if (error instanceof WorkTimeout)
    return {
      outcome: 'errored',
      problems: at('timeout', `not done within ${timeoutMs} ms`),
      error: 'TIMEOUT',
    };
  if (!isPromptvError(error)) throw error;
  const { code, message } = error;
  return renderCodes.has(code)
    ? { outcome: 'failed', problems: at('render', message), error: code }
    : { outcome: 'errored', problems: at('provider', message), error: code };
};

const renderCodes: ReadonlySet<string> = new Set([
  'VARIABLES_INVALID',
  'TEMPLATE_INVALID',
  'DEPENDENCY_NOT_FOUND',
  'DEPENDENCY_CYCLE',
]);

const runAndJudge = async (
  workspace: Workspace,
  planned: PlannedCase,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Omit<CaseRun, 'durationMs'>> => {
  const { prompt, testCase, target, snapshots } = planned;
  // A variable's pattern may be endless too.
  const rendered = runLimited(timeoutMs, () => renderCase(prompt, testCase));
  const request = buildRequest(rendered, planned);
  const answer = target.provider === null ? null : await target.provider.ask(request, signal);
  const model = request.model ?? answer?.model ?? null;
  const figures = answer === null ? nothing : { ...measure(workspace, planned, { answer, model }), model };
  const judged = await judgeCase(testCase, {
    workspace,
    document: prompt.document,
    snapshots,
    label: target.label,
    prompt: { text: rendered.text, noun: 'prompt', latencyMs: null, costUsd: null, tokens: null },
    output: answer && outputOf(answer, figures.costUsd),
    signal,
  });
  const isUnchecked = judged.checked === 0 && judged.unchecked > 0;
  const problems =
    judged.unchecked > 0 ? [...judged.problems, uncheckedNote(testCase, judged.unchecked)] : judged.problems;
  return {
    ...nothing,
    ...figures,
    output: answer?.text ?? null,
    similarity: judged.similarity,
    problems,
    outcome: judged.problems.length > 0 ? 'failed' : isUnchecked ? 'skipped' : 'passed',
  };
};

const uncheckedNote = (testCase: LocatedCase, count: number): CheckProblem =>
  placeProblem(testCase, testCase.path, {
    ruleId: 'not-run',
    severity: 'note',
    message: `${count === 1 ? '1 assertion needs' : `${count} assertions need`} the answer of a provider`,
  });

/** Renders a text with the variables of a case. */
export const renderCase = (
  { name, document, partials }: ResolvedPrompt,
  { variables }: LocatedCase,
): RenderedPrompt =>
  compileDocument(document, { name, partialOf: (partial) => partials.get(partial) })(variables);

const buildRequest = (rendered: RenderedPrompt, { prompt, target }: PlannedCase): ProviderRequest => ({
  text: rendered.text,
  messages: rendered.messages ?? [{ role: 'user', content: rendered.text }],
  model: target.model ?? prompt.document.model ?? null,
  parameters: prompt.document.modelParameters ?? {},
  responseFormat: responseFormatOf(prompt.document),
  tools: prompt.document.tools ?? null,
});

const measure = (
  { config }: Workspace,
  { prompt }: PlannedCase,
  { answer, model }: { readonly answer: ProviderAnswer; readonly model: string | null },
): Pick<CaseRun, 'latencyMs' | 'inputTokens' | 'outputTokens' | 'costUsd'> => {
  const { latencyMs, inputTokens, outputTokens } = answer;
  const metrics = {
    ...(inputTokens === null ? {} : { input_tokens: inputTokens }),
    ...(outputTokens === null ? {} : { output_tokens: outputTokens }),
  };
  const record = { ts: '', prompt: prompt.name, ...(model === null ? {} : { model }), metrics };
  const costUsd = addCost(record, config.prices).metrics.cost_usd ?? null;
  return { latencyMs, inputTokens, outputTokens, costUsd };
};

const outputOf = ({ text, latencyMs, outputTokens }: ProviderAnswer, costUsd: number | null): JudgedText => ({
  text,
  noun: 'answer',
  latencyMs,
  costUsd,
  tokens: outputTokens,
});
