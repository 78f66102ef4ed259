import { evaluateStages, type RecordedDecision, type StageRecords } from '../core/approval/evaluate.ts';
import { emailOf } from '../core/approval/records.ts';
import type { SignatureState, StageStatus } from '../core/approval/stage.ts';
import type { EnvironmentConfig } from '../core/config/schema.ts';
import { type Impact, strongestImpact } from '../core/impact/grade.ts';
import { mapPeople } from '../git/identity.ts';
import { assertTrustedSigners, findLastChanges, readSignatures } from '../git/signatures.ts';
import { readApprovalRecords, type StoredDecision, type StoredRecords } from './approval/records.ts';
import { impactBetween } from './compare-prompts.ts';
import { readEnvironment } from './environments.ts';
import { resolveVersion } from './resolve-ref.ts';
import { judgeSignature } from './signature-state.ts';
import type { StateStore } from './state-store.ts';
import { type Version, Versions } from './versions.ts';
import { gitPath, type Workspace } from './workspace.ts';

export interface StagesRequest {
  readonly environment: EnvironmentConfig;
  readonly versions: readonly Version[];
  /** Also says how each decision is signed where that does not count. */
  readonly withSignatures?: boolean;
}

/**
 * How the stages of an environment stand for a version, in their order; none configured gives an empty list.
 * @throws STATE_INVALID, SIGNERS_UNTRUSTED, VERSION_CHANGED
 */
export const readStages = async (
  workspace: Workspace,
  state: StateStore,
  { version, ...request }: Omit<StagesRequest, 'versions'> & { readonly version: Version },
): Promise<readonly StageStatus[]> =>
  (await readStagesOfAll(workspace, state, { ...request, versions: [version] })).get(version) ?? [];

/** As `readStages`, for any number of versions with the git processes of one. @throws as `readStages` */
export const readStagesOfAll = async (
  workspace: Workspace,
  state: StateStore,
  request: StagesRequest,
): Promise<ReadonlyMap<Version, readonly StageStatus[]>> => {
  const { environment, versions } = request;
  if (environment.approvals.length === 0) return new Map();
  const stored = new Map<Version, StoredStages>();
  for (const version of versions) stored.set(version, await readStored(state, { environment, version }));
  const known = await examine(workspace, state, { request, stored });
  const stages = new Map<Version, readonly StageStatus[]>();
  for (const version of versions) {
    const evaluated = evaluateStages({
      environment,
      prompt: version.name,
      version: version.version,
      contentHash: version.contentHash,
      authors: version.record.authors.flatMap(known.people),
      impact: await feltImpact(workspace, state, { environment, version }),
      records: known.records.get(version) ?? new Map(),
      now: workspace.now(),
    });
    stages.set(version, evaluated);
  }
  return stages;
};

/** By stage. */
type StoredStages = ReadonlyMap<string, StoredRecords>;

interface Judged {
  readonly environment: EnvironmentConfig;
  readonly version: Version;
}

const readStored = async (state: StateStore, { environment, version }: Judged): Promise<StoredStages> => {
  const about = { prompt: version.name, version: version.version, environment: environment.name };
  const stored = new Map<string, StoredRecords>();
  for (const { name: stage } of environment.approvals)
    stored.set(stage, await readApprovalRecords(state, { ...about, stage }));
  return stored;
};

/**
 * What callers of the environment would feel: the impact recorded with the version, or, where another version runs
 * there, what differs from that one if it is more. Null for a first version where nothing runs: all of it is new.
 */
const feltImpact = async (
  workspace: Workspace,
  state: StateStore,
  { environment, version }: Judged,
): Promise<Impact | null> => {
  const { record, name } = version;
  if (typeof environment.autoApprove === 'boolean') return record.impact;
  const { current } = await readEnvironment(state, environment.name, name);
  if (current === null) return record.previousVersion === null ? null : record.impact;
  const versions = new Versions(workspace);
  const running = await resolveVersion(versions, await versions.get(name, current));
  const next = await resolveVersion(versions, version);
  return strongestImpact([record.impact, impactBetween(running, next)]);
};

/** Every decision with what git knows of it: its signature, and the mailmap's address of the person. */
const examine = async (
  workspace: Workspace,
  state: StateStore,
  {
    request: { environment, withSignatures = false },
    stored,
  }: { readonly request: StagesRequest; readonly stored: ReadonlyMap<Version, StoredStages> },
): Promise<{
  readonly records: ReadonlyMap<Version, ReadonlyMap<string, StageRecords>>;
  readonly people: People;
}> => {
  const people = await mapEverybody(workspace, stored);
  const decisions = [...stored.values()].flatMap(decisionsOf);
  const signatures =
    environment.signed || withSignatures
      ? await readDecisionSignatures(workspace, state, { decisions, mustTrust: environment.signed })
      : new Map<string, SignatureState>();
  const recorded = ({ path, decision }: StoredDecision): RecordedDecision => ({
    decision,
    signature: signatures.get(path) ?? 'unknown',
    emails: people(decision.by).map(emailOf),
  });
  const recordsOf = (stages: StoredStages): Map<string, StageRecords> =>
    new Map(
      [...stages].map(([stage, { request, decisions: given }]) => [
        stage,
        { request, decisions: given.map(recorded) },
      ]),
    );
  return { records: new Map([...stored].map(([version, stages]) => [version, recordsOf(stages)])), people };
};

const decisionsOf = (stages: StoredStages): StoredDecision[] =>
  [...stages.values()].flatMap(({ decisions }) => decisions);

/** A person as recorded and as the mailmap has them. */
type People = (person: string) => readonly string[];

/**
 * Co-authors are recorded as they were written, and a decision says what git said of its author. Where no decision was
 * made nobody is asked about, and no process is spent.
 */
const mapEverybody = async (
  { repository }: Workspace,
  stored: ReadonlyMap<Version, StoredStages>,
): Promise<People> => {
  const people = new Set<string>();
  for (const [version, stages] of stored) {
    const deciders = decisionsOf(stages).map(({ decision }) => decision.by);
    for (const person of deciders.length === 0 ? [] : [...deciders, ...version.record.authors])
      people.add(person);
  }
  const asked = [...people];
  const mapped = await mapPeople(repository, asked);
  const found = new Map(asked.map((person, index) => [person, mapped[index] ?? person]));
  return (person) => [...new Set([person, found.get(person) ?? person])];
};

/** How the commit that gave each decision its present content is signed, by the decision's path. */
const readDecisionSignatures = async (
  workspace: Workspace,
  state: StateStore,
  { decisions, mustTrust }: { readonly decisions: readonly StoredDecision[]; readonly mustTrust: boolean },
): Promise<ReadonlyMap<string, SignatureState>> => {
  const tip = await state.commitId();
  if (tip === null || decisions.length === 0) return new Map();
  const { repository } = workspace;
  const isTrusted = await assertTrustedSigners(repository).then(
    () => true,
    (error: unknown) => {
      if (mustTrust) throw error;
      return false;
    },
  );
  const files = decisions.map(({ path, oid }) => ({ path: gitPath(workspace, path), oid }));
  const commits = await findLastChanges(repository, { tip, files });
  const known = [...commits.values()].filter((commit) => commit !== null);
  const checked = await readSignatures(repository, [...new Set(known)]);
  return new Map(
    decisions.map(({ path, decision }) => {
      const signature = checked.get(commits.get(gitPath(workspace, path)) ?? '');
      return [path, judgeSignature(signature, { by: decision.by, isTrusted })];
    }),
  );
};
