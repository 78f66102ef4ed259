import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { canonicalJson } from '../prompt/content-hash.ts';
import type { DocumentPath } from '../prompt/document.ts';
import { rolloutSchema } from '../rollout/record.ts';
import { hashSchema, versionSchema } from '../value-schemas.ts';

const text = v.string();
const moment = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value)) && value.endsWith('Z'), 'must be a time in UTC'),
);

/** An approval that a promotion rested on. */
const usedApproval = v.strictObject({ stage: text, by: text, at: moment });

const ciRun = v.strictObject({ provider: text, run: v.nullable(text), url: v.nullable(text) });

const deploymentSchema = v.strictObject({
  id: text,
  // `abort`: a rollout went back, so what ran before goes on.
  action: v.picklist(['promote', 'rollback', 'abort']),
  version: versionSchema,
  previousVersion: v.nullable(versionSchema),
  contentHash: hashSchema,
  at: moment,
  by: text,
  reason: v.nullable(text),
  approvals: v.array(usedApproval),
  ci: v.nullable(ciRun),
  // Only of a rollback or an abort.
  trigger: v.optional(v.picklist(['manual', 'emergency', 'automatic'])),
  triggeredBy: v.optional(text),
  undoes: v.optional(v.nullable(text)),
  // Of what a rollout brought, or did not: the whole of it.
  rollout: v.optional(rolloutSchema),
});

/** The pointer file of one prompt in one environment. */
export const environmentStateSchema = v.strictObject({
  schemaVersion: v.literal(1),
  prompt: text,
  environment: text,
  current: v.nullable(versionSchema),
  deployments: v.array(deploymentSchema),
  /** The one under way. */
  rollout: v.optional(rolloutSchema),
});

/** One move of the pointer. `at` is ISO 8601 UTC; `by` is `Name <mail>`. Entries are never changed, only added. */
export type Deployment = v.InferOutput<typeof deploymentSchema>;
export type EnvironmentState = v.InferOutput<typeof environmentStateSchema>;
export type DeploymentRecord = Omit<Deployment, 'id'>;

/** A move with every field that tells how it came about; in a promotion they are null. */
export type CompleteDeployment = Omit<Deployment, 'trigger' | 'triggeredBy' | 'undoes'> & {
  readonly trigger: NonNullable<Deployment['trigger']> | null;
  readonly triggeredBy: string | null;
  /** The id of the deployment that a rollback undid. */
  readonly undoes: string | null;
};

export const completeDeployment = (deployment: Deployment): CompleteDeployment => ({
  ...deployment,
  trigger: deployment.trigger ?? null,
  triggeredBy: deployment.triggeredBy ?? null,
  undoes: deployment.undoes ?? null,
});

/** A prompt that was never promoted to the environment. */
export const emptyState = (prompt: string, environment: string): EnvironmentState => ({
  schemaVersion: 1,
  prompt,
  environment,
  current: null,
  deployments: [],
});

/**
 * The state after one more deployment. Its id is its number and a digest of what it says and of the entry before it, so
 * that an edited history shows.
 */
export const addDeployment = (state: EnvironmentState, record: DeploymentRecord): EnvironmentState => {
  const id = deploymentId(state.deployments.length, record, state.deployments.at(-1)?.id ?? null);
  return { ...state, current: record.version, deployments: [...state.deployments, { id, ...record }] };
};

const deploymentId = (index: number, record: DeploymentRecord, previousId: string | null): string => {
  const digest = createHash('sha256')
    .update(canonicalJson({ ...record, previousId }))
    .digest('hex');
  return `${index + 1}-${digest.slice(0, 12)}`;
};

/** The file's text: two-space JSON with a final newline. */
export const formatEnvironmentState = (state: EnvironmentState): string =>
  `${JSON.stringify(state, null, 2)}\n`;

/** What is wrong with a state, and where in it. */
export interface StateProblem {
  readonly message: string;
  readonly path: DocumentPath;
}

/** Checks parsed data against the shape, and the history against itself. */
export const validateState = (
  data: unknown,
  expected: { readonly prompt: string; readonly environment: string },
): { readonly state: EnvironmentState | null; readonly problems: readonly StateProblem[] } => {
  const parsed = v.safeParse(environmentStateSchema, data);
  if (!parsed.success) return { state: null, problems: parsed.issues.map(shapeProblem) };
  const problems = historyProblems(parsed.output, expected);
  return { state: problems.length === 0 ? parsed.output : null, problems };
};

const shapeProblem = (issue: v.BaseIssue<unknown>): StateProblem => ({
  message: issue.message,
  path: (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
});

const historyProblems = (
  state: EnvironmentState,
  { prompt, environment }: { readonly prompt: string; readonly environment: string },
): StateProblem[] => {
  const problems: StateProblem[] = [];
  if (state.prompt !== prompt)
    problems.push({ message: `is the state of ${state.prompt}`, path: ['prompt'] });
  if (state.environment !== environment)
    problems.push({ message: `is the state of ${state.environment}`, path: ['environment'] });
  const last = state.deployments.at(-1)?.version ?? null;
  if (state.current !== last)
    problems.push({
      message: `current is ${state.current}, the last deployment is of ${last}`,
      path: ['current'],
    });
  return [
    ...problems,
    ...state.deployments.flatMap((deployment, index) => entryProblems(state, deployment, index)),
  ];
};

const entryProblems = (state: EnvironmentState, deployment: Deployment, index: number): StateProblem[] => {
  const path = ['deployments', index];
  const before = state.deployments[index - 1];
  const { id, ...record } = deployment;
  if (deployment.previousVersion !== (before?.version ?? null))
    return [{ message: 'does not continue from the entry before it', path: [...path, 'previousVersion'] }];
  if (id !== deploymentId(index, record, before?.id ?? null))
    return [{ message: 'was changed after it was written', path }];
  return [];
};
