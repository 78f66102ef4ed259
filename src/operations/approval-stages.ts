import { evaluateStages, isAutomatic, type StageRecords } from '../core/approval/evaluate.ts';
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
  readonly version: Version;
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
  { environment, version, withSignatures = false }: StagesRequest,
): Promise<readonly StageStatus[]> => {
  if (environment.approvals.length === 0) return [];
  const impact = await feltImpact(workspace, state, { environment, version });
  const about = { prompt: version.name, version: version.version };
  const stored = new Map<string, StoredRecords>();
  if (!isAutomatic(environment, impact))
    for (const { name: stage } of environment.approvals)
      stored.set(stage, await readApprovalRecords(state, { ...about, environment: environment.name, stage }));
  const people = await mapEverybody(workspace, version, stored);
  return evaluateStages({
    environment,
    ...about,
    contentHash: version.contentHash,
    authors: version.record.authors.flatMap(people),
    impact,
    records: await examine(workspace, state, { stored, environment, withSignatures, people }),
    now: workspace.now(),
  });
};

/**
 * What callers of the environment would feel: the impact recorded with the version, or, where another version runs
 * there, what differs from that one if it is more. Null for a first version where nothing runs: all of it is new.
 */
const feltImpact = async (
  workspace: Workspace,
  state: StateStore,
  { environment, version }: StagesRequest,
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

interface Examination {
  readonly stored: ReadonlyMap<string, StoredRecords>;
  readonly environment: EnvironmentConfig;
  readonly withSignatures: boolean;
  readonly people: (person: string) => readonly string[];
}

/**
 * Gives a person as recorded and as the mailmap has them: co-authors are recorded as they were written, and a decision
 * says what git said of its author. Without a decision nobody is asked about, and no process is spent.
 */
const mapEverybody = async (
  { repository }: Workspace,
  version: Version,
  stored: ReadonlyMap<string, StoredRecords>,
): Promise<(person: string) => readonly string[]> => {
  const deciders = [...stored.values()].flatMap(({ decisions }) =>
    decisions.map(({ decision }) => decision.by),
  );
  const people = deciders.length === 0 ? [] : [...new Set([...deciders, ...version.record.authors])];
  const mapped = await mapPeople(repository, people);
  const found = new Map(people.map((person, index) => [person, mapped[index] ?? person]));
  return (person) => [...new Set([person, found.get(person) ?? person])];
};

/** Adds to each decision what git knows: its signature, and the mailmap's address of the person. */
const examine = async (
  workspace: Workspace,
  state: StateStore,
  { stored, environment, withSignatures, people }: Examination,
): Promise<ReadonlyMap<string, StageRecords>> => {
  const decisions = [...stored.values()].flatMap((stage) => stage.decisions);
  const signatures =
    environment.signed || withSignatures
      ? await readDecisionSignatures(workspace, state, { decisions, mustTrust: environment.signed })
      : new Map<string, SignatureState>();
  return new Map(
    [...stored].map(([stage, { request, decisions: given }]) => [
      stage,
      {
        request,
        decisions: given.map(({ path, decision }) => ({
          decision,
          signature: signatures.get(path) ?? 'unknown',
          emails: people(decision.by).map(emailOf),
        })),
      },
    ]),
  );
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
