import { parseAnnotationPath } from '../core/annotation/annotation.ts';
import { parseApprovalPath } from '../core/approval/records.ts';
import type { AuditEntry } from '../core/audit.ts';
import type { EnvironmentState } from '../core/environment/state.ts';
import type { Experiment } from '../core/experiment/definition.ts';
import { parseExperimentPath } from '../core/experiment/paths.ts';
import type { RolloutEvent } from '../core/rollout/record.ts';
import { isPromptvError } from '../errors.ts';
import type { CommitChanges, FileChange } from '../git/path-history.ts';
import { parseAnnotation } from './annotations.ts';
import { parseDecision, parseRequest } from './approval/records.ts';
import { parseEnvironmentPath, parseEnvironmentState } from './environments.ts';
import { checkExperimentText } from './experiments.ts';
import { type Workspace, workspacePath } from './workspace.ts';

type Entry = Omit<AuditEntry, 'signature'>;

/** What a commit did, read from the files that it changed; what no command does comes back as `edit`. */
export const readChangeEntries = async (workspace: Workspace, commit: CommitChanges): Promise<Entry[]> => {
  const entries = await Promise.all(
    commit.changes.map((change) => readChange(workspace, { commit, change })),
  );
  return withoutRepeatedSubmissions(entries.flat());
};

/** One submission writes a file for every stage. */
const withoutRepeatedSubmissions = (entries: readonly Entry[]): Entry[] => {
  const isSame = (a: Entry, b: Entry): boolean =>
    a.prompt === b.prompt && a.version === b.version && a.environment === b.environment;
  return entries.filter(
    (entry, index) =>
      entry.what !== 'submit' ||
      index === entries.findIndex((other) => other.what === 'submit' && isSame(other, entry)),
  );
};

interface Changed {
  readonly commit: CommitChanges;
  readonly change: FileChange;
}

const readChange = async (workspace: Workspace, changed: Changed): Promise<Entry[]> => {
  const path = workspacePath(workspace, changed.change.path) ?? changed.change.path;
  const base = fromCommit(changed.commit);
  if (!path.startsWith('.promptv/')) return [{ ...base, what: 'configuration', why: changed.commit.subject }];
  const edit: Entry = { ...base, ...aboutOf(path), what: 'edit', why: `${path}: ${changed.commit.subject}` };
  const after = await readText(workspace, changed.change.after);
  if (after === null) return [{ ...edit, why: `${path} was removed: ${changed.commit.subject}` }];
  try {
    return (await readRecord(workspace, { ...changed, path, text: after })) ?? [edit];
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return [edit];
  }
};

const fromCommit = ({ commit, author, at }: CommitChanges) => ({
  at,
  by: author,
  prompt: null,
  version: null,
  environment: null,
  stage: null,
  commit,
});

/** What a path alone tells. */
const aboutOf = (path: string): Partial<Pick<Entry, 'prompt' | 'version' | 'environment'>> => {
  const approval = parseApprovalPath(path);
  if (approval)
    return { prompt: approval.prompt, version: approval.version, environment: approval.environment };
  const annotation = parseAnnotationPath(path);
  if (annotation) return { prompt: annotation.prompt, version: annotation.version };
  return parseEnvironmentPath(path) ?? {};
};

const readText = async ({ repository }: Workspace, oid: string | null): Promise<string | null> =>
  oid === null ? null : ((await repository.readObject(oid))?.content.toString('utf8') ?? null);

/** The entries of a file that a command wrote; null when no command writes that. @throws STATE_INVALID */
const readRecord = async (
  workspace: Workspace,
  { commit, change, path, text }: Changed & { readonly path: string; readonly text: string },
): Promise<Entry[] | null> => {
  const base = { commit: commit.commit, ...noPlace };
  const isNew = change.before.every((id) => id === null);
  const experiment = parseExperimentPath(path);
  if (experiment !== null)
    return readExperimentEntries(workspace, { commit, change, path, text, id: experiment });
  const approval = parseApprovalPath(path);
  if (approval?.slug === 'request') {
    const { at, by, prompt, version, environment, comment } = parseRequest(text, path, approval);
    return [{ ...base, at, by, what: 'submit', prompt, version, environment, why: comment }];
  }
  if (approval) {
    const { at, by, decision, prompt, version, environment, comment } = parseDecision(text, path, approval);
    const { stage } = approval;
    return [{ ...base, at, by, what: decision, prompt, version, environment, stage, why: comment }];
  }
  const annotation = parseAnnotationPath(path);
  if (annotation) {
    const { at, by, prompt, version, mark, text: remark } = parseAnnotation(text, path, annotation);
    if (!isNew) return null;
    const what = mark === null ? 'annotate' : 'mark';
    return [{ ...base, at, by, what, prompt, version, why: mark === null ? remark : `${mark}: ${remark}` }];
  }
  return readDeployments(workspace, { commit, change, path, text });
};

const noPlace = { prompt: null, version: null, environment: null, stage: null };

/** What a command did to an experiment, or that it was edited by hand; null of a file that cannot be read. */
const readExperimentEntries = async (
  workspace: Workspace,
  {
    commit,
    change,
    path,
    text,
    id,
  }: Changed & { readonly path: string; readonly text: string; readonly id: string },
): Promise<Entry[] | null> => {
  const parse = async (content: string | null): Promise<Experiment | null> =>
    content === null ? null : (await checkExperimentText(workspace, { id, path, text: content })).experiment;
  const after = await parse(text);
  if (!after) return null;
  const [before = null] = await Promise.all(
    change.before.map(async (oid) => parse(await readText(workspace, oid))),
  );
  const why = describeChange(before, after);
  const { prompt, environment, decision } = after;
  if (why === null)
    return [{ ...fromCommit(commit), what: 'edit', prompt, environment, why: `${path}: ${commit.subject}` }];
  const decided =
    decision && decision.at !== before?.decision?.at ? { at: decision.at, by: decision.by } : {};
  return [
    { ...fromCommit(commit), ...decided, what: 'experiment', prompt, environment, why: `${id}: ${why}` },
  ];
};

const describeChange = (before: Experiment | null, after: Experiment): string | null => {
  if (!before) return `defined, ${after.state}`;
  if (before.state !== after.state) {
    const { winner = null, reason = null } = after.decision ?? {};
    return [after.state, winner && `${winner} wins`, reason].filter(Boolean).join(', ');
  }
  const { weights } = after.phases.at(-1) ?? {};
  if (!weights || after.phases.length === before.phases.length) return null;
  return `weights ${Object.entries(weights)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(', ')}`;
};

/** The deployments that a commit added at the end of a pointer file's history; null when it did anything else to it. */
const readDeployments = async (
  workspace: Workspace,
  { commit, change, path, text }: Changed & { readonly path: string; readonly text: string },
): Promise<Entry[] | null> => {
  const place = parseEnvironmentPath(path);
  if (!place) return null;
  const { prompt, environment } = place;
  const parse = (content: string): EnvironmentState =>
    parseEnvironmentState(content, { path, prompt, environment });
  const next = parse(text);
  const after = next.deployments;
  const befores = await Promise.all(change.before.map((id) => readText(workspace, id)));
  const states = befores.flatMap((content) => (content === null ? [] : [parse(content)]));
  const before = states.flatMap(({ deployments }) => deployments);
  const known = new Set(before.map(({ id }) => id));
  if ([...known].some((id) => !after.some((each) => each.id === id))) return null;
  const deployed = after.filter(({ id }) => !known.has(id));
  const events = newEvents(states, next);
  if (deployed.length === 0 && events === null) return null;
  const entries = deployed.map(({ action, at, by, version, reason }) => ({
    ...{ at, by, what: action, prompt, version, environment, stage: null, why: reason },
    commit: commit.commit,
  }));
  const version = next.rollout?.candidate.version ?? null;
  const steps = (events ?? []).map(({ at, by, action, weight, reason }) => ({
    ...{ at, by, what: 'rollout' as const, prompt, version, environment, stage: null },
    why: `${action}, ${weight} %${reason === null ? '' : `: ${reason}`}`,
    commit: commit.commit,
  }));
  return [...steps, ...entries];
};

/** What happened to the rollout under way since; null when it was changed without saying so, none for the same one. */
const newEvents = (
  before: readonly EnvironmentState[],
  { rollout }: EnvironmentState,
): readonly RolloutEvent[] | null => {
  const texts = before.map((state) => JSON.stringify(state.rollout ?? null));
  if (texts.includes(JSON.stringify(rollout ?? null))) return [];
  const known = new Set(before.flatMap((state) => (state.rollout?.events ?? []).map(({ seq }) => seq)));
  const events = (rollout?.events ?? []).filter(({ seq }) => !known.has(seq));
  return events.length === 0 ? null : events;
};
