import type { StageStatus } from '../approval/stage.ts';
import type { EnvironmentConfig } from '../config/schema.ts';
import { matchesBranchGlob } from '../version/branch-glob.ts';

/** One condition of a promotion. `satisfy` are the commands that would make it pass. */
export interface Gate {
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'skipped';
  readonly detail: string;
  readonly satisfy: readonly string[];
}

/** What the gates of a promotion look at. */
export interface PromotionFacts {
  readonly prompt: string;
  readonly version: string;
  readonly environment: EnvironmentConfig;
  readonly isArchived: boolean;
  /** What runs in the environment named by `from`; null when nothing does. */
  readonly fromVersion: string | null;
  readonly stages: readonly StageStatus[];
  /** The checks of `requires`, as they were judged. */
  readonly checks: readonly Gate[];
  /** E-mail of who promotes. */
  readonly deployer: string;
  /** ISO 8601 UTC. */
  readonly now: string;
}

/** Every gate of the environment with its verdict, in the order in which a person would mend them. */
export const evaluateGates = (facts: PromotionFacts): Gate[] => [
  freezeGate(facts),
  archivedGate(facts),
  ...deployerGate(facts),
  ...fromGate(facts),
  ...facts.checks,
  ...facts.stages.map((stage) => approvalGate(facts, stage)),
];

const pass = (name: string, detail: string): Gate => ({ name, verdict: 'pass', detail, satisfy: [] });
const fail = (name: string, detail: string, satisfy: readonly string[]): Gate => ({
  name,
  verdict: 'fail',
  detail,
  satisfy,
});

const freezeGate = ({ environment, now }: PromotionFacts): Gate => {
  const frozen = environment.freeze.find(
    ({ from, until }) =>
      Date.parse(from) <= Date.parse(now) && (until === null || Date.parse(now) < Date.parse(until)),
  );
  if (!frozen) return pass('freeze', 'no freeze');
  const end = frozen.until === null ? 'until it is lifted' : `until ${frozen.until}`;
  const detail = `${environment.name} is frozen ${end}${frozen.reason === null ? '' : `: ${frozen.reason}`}`;
  return fail('freeze', detail, []);
};

const archivedGate = ({ prompt, version, isArchived }: PromotionFacts): Gate =>
  isArchived
    ? fail('archived', `${version} is archived`, [`promptv annotate ${prompt}@${version} REASON --mark none`])
    : pass('archived', 'not archived');

const deployerGate = ({ environment, deployer }: PromotionFacts): Gate[] => {
  if (environment.deployers.length === 0) return [];
  const isAllowed = environment.deployers.some((pattern) =>
    matchesBranchGlob(pattern.toLowerCase(), deployer.toLowerCase()),
  );
  const detail = isAllowed
    ? `${deployer} may deploy`
    : `${deployer} is none of ${environment.deployers.join(', ')}`;
  return [isAllowed ? pass('deployers', detail) : fail('deployers', detail, [])];
};

const fromGate = ({ prompt, version, environment, fromVersion }: PromotionFacts): Gate[] => {
  const { from } = environment;
  if (from === null) return [];
  if (fromVersion === version) return [pass('from', `${version} runs in ${from}`)];
  const running = fromVersion === null ? 'nothing' : fromVersion;
  const detail = `${from} runs ${running}, not ${version}`;
  return [fail('from', detail, [`promptv promote ${prompt}@${version} --env ${from}`])];
};

const approvalGate = ({ prompt, version, environment }: PromotionFacts, stage: StageStatus): Gate => {
  const name = `approval:${stage.stage}`;
  const given = stage.approvals.filter(({ decision, counts }) => counts && decision === 'approve').length;
  const count = `${given} of ${stage.required} ${stage.required === 1 ? 'approval' : 'approvals'}`;
  if (stage.state === 'approved') return pass(name, count);
  if (stage.state === 'automatic') return pass(name, 'automatic');
  const ref = `${prompt}@${version} --env ${environment.name}`;
  const isOpen = stage.requestedAt !== null && stage.state !== 'rejected' && stage.state !== 'invalid';
  return fail(name, `${stage.state}: ${count}`, [
    ...(isOpen ? [] : [`promptv approval submit ${ref}`]),
    `promptv approval approve ${ref} --stage ${stage.stage}`,
  ]);
};
