import { promptNameProblem } from '../../prompt/name.ts';
import {
  collectMetrics,
  compact,
  type Fields,
  type ImportedItem,
  idOfContent,
  isFields,
  objectsOf,
  pick,
  textOf,
} from './imported.ts';

/** Where the figures of an evaluation are from: its time where it names none. */
interface Origin {
  readonly ts: string;
}

/**
 * The results of a promptfoo evaluation (`promptfoo eval --output results.json` or `promptfoo export`; EvaluateSummary of
 * versions 2 and 3). A failed assertion is no error of the run: it counts in `quality` and `passed`. An answer from
 * promptfoo's own cache says nothing of the model's latency and cost.
 */
export const readPromptfoo = (file: unknown, { ts }: Origin): ImportedItem[] => {
  const inner = pick(file, 'results');
  const results = objectsOf(Array.isArray(inner) ? inner : pick(inner, 'results'));
  const at = textOf(pick(inner, 'timestamp'), pick(file, 'createdAt')) ?? ts;
  const run = textOf(pick(file, 'evalId')) ?? idOfContent(file);
  return results.map((result, index) => ({
    place: `result ${index + 1}`,
    value: readPromptfooResult(result, { at, id: `${run}:${index}` }),
  }));
};

const readPromptfooResult = (
  result: Fields,
  { at, id }: { readonly at: string; readonly id: string },
): Fields => {
  const label = textOf(pick(result, 'prompt', 'label'));
  const usage = result.tokenUsage ?? pick(result, 'response', 'tokenUsage');
  const { provider, model } = readProvider(textOf(pick(result, 'provider', 'id'), result.provider) ?? '');
  const isError =
    result.failureReason === 2 ||
    (result.failureReason === undefined && textOf(pick(result, 'response', 'error')) !== undefined);
  const isCached = pick(result, 'response', 'cached') === true;
  const named = isFields(result.namedScores) ? Object.entries(result.namedScores) : [];
  return compact({
    ts: at,
    id,
    prompt: label !== undefined && promptNameProblem(label) === null ? label : undefined,
    provider,
    model,
    case: textOf(pick(result, 'testCase', 'description')) ?? indexText(result.testIdx),
    status: isError ? 'error' : 'success',
    error: isError ? 'provider' : undefined,
    metrics: collectMetrics([
      ['latency_ms', isCached ? undefined : result.latencyMs],
      ['cost_usd', isCached ? undefined : (result.cost ?? pick(result, 'response', 'cost'))],
      ['quality', isError ? undefined : result.score],
      ['passed', typeof result.success === 'boolean' && !isError ? Number(result.success) : undefined],
      ['input_tokens', pick(usage, 'prompt')],
      ['output_tokens', pick(usage, 'completion')],
      ['total_tokens', pick(usage, 'total')],
      ['cached_input_tokens', pick(usage, 'completionDetails', 'cacheReadInputTokens')],
      ...named,
    ]),
    meta: compact({ evaluation: id.split(':')[0], source: 'promptfoo', cached: isCached || undefined }),
  });
};

const kinds = [
  'chat',
  'completion',
  'messages',
  'responses',
  'embedding',
  'embeddings',
  'assistant',
  'realtime',
];

/** `openai:chat:gpt-4.1`, `bedrock:anthropic.claude-3-5-sonnet-20241022-v2:0`: a provider, perhaps a kind of call, a model. */
const readProvider = (id: string): { readonly provider?: string; readonly model?: string } => {
  const [provider, ...rest] = id.split(':');
  const model = (kinds.includes(rest[0] ?? '') ? rest.slice(1) : rest).join(':');
  return { ...(provider ? { provider } : {}), ...(model ? { model } : {}) };
};

const indexText = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : undefined;

/** The results of `gh models eval --json`: one record a test, `quality` is the mean of its evaluators' scores. */
export const readGhModels = (file: unknown, { ts }: Origin): ImportedItem[] => {
  const name = textOf(pick(file, 'name'));
  const model = textOf(pick(file, 'model'));
  const run = idOfContent(file);
  return objectsOf(pick(file, 'testResults')).map((result, index) => ({
    place: `test ${index + 1}`,
    value: compact({
      ts,
      id: `${run}:${index}`,
      prompt: name !== undefined && promptNameProblem(name) === null ? name : undefined,
      model,
      provider: model?.includes('/') ? model.split('/')[0] : undefined,
      case: textOf(pick(result, 'testCase', 'name')) ?? String(index),
      status: 'success',
      metrics: readScores(objectsOf(result.evaluationResults)),
      meta: compact({ evaluation: run, source: 'gh-models' }),
    }),
  }));
};

const readScores = (evaluations: readonly Fields[]): Record<string, unknown> => {
  const scores = evaluations.map(({ score }) => score).filter((score) => typeof score === 'number');
  const mean =
    scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const passed =
    evaluations.length === 0 ? undefined : Number(evaluations.every((each) => each.passed === true));
  return collectMetrics([
    ['quality', mean],
    ['passed', passed],
    ...evaluations.map(({ evaluatorName, score }) => [`score.${String(evaluatorName)}`, score] as const),
  ]);
};
