import { describe, expect, it } from 'vitest';
import {
  evaluateStages,
  isAutomatic,
  isOwn,
  type RecordedDecision,
  type StagesInput,
} from '../../../../src/core/approval/evaluate.ts';
import type { SignatureState } from '../../../../src/core/approval/stage.ts';
import { resolveConfig } from '../../../../src/core/config/resolve-config.ts';
import type { EnvironmentConfig } from '../../../../src/core/config/schema.ts';

const hash = `sha256:${'a'.repeat(64)}`;
const otherHash = `sha256:${'b'.repeat(64)}`;
const about = { schemaVersion: 1 as const, prompt: 'greet', version: '1.0.0', environment: 'production' };

/** An environment with one stage `review` for ada and grace, and what else is said. */
const environmentOf = (settings: object = {}): EnvironmentConfig => {
  const approvals = [{ name: 'review', approvers: ['ada@x.org', 'grace@x.org'], required: 1 }];
  const { config } = resolveConfig({ environments: [{ name: 'production', approvals, ...settings }] });
  const [environment] = config?.environments ?? [];
  if (!environment) throw new Error('the configuration is wrong');
  return environment;
};

const request = {
  ...about,
  stage: 'review',
  id: 'r1',
  contentHash: hash,
  at: '2026-01-01T00:00:00.000Z',
  by: 'Sam <sam@x.org>',
  comment: null,
};

interface Given {
  readonly email?: string;
  readonly decision?: 'approve' | 'reject';
  readonly request?: string;
  readonly contentHash?: string;
  readonly at?: string;
  readonly signature?: SignatureState;
  readonly mapped?: string;
}

const given = ({
  email = 'ada@x.org',
  signature = 'unsigned',
  mapped = email,
  ...said
}: Given = {}): RecordedDecision => ({
  decision: {
    ...about,
    stage: 'review',
    request: 'r1',
    decision: 'approve',
    contentHash: hash,
    at: '2026-01-01T01:00:00.000Z',
    by: `Somebody <${email}>`,
    comment: null,
    ...said,
  },
  signature,
  emails: [email, mapped],
});

const inputOf = (
  decisions: readonly RecordedDecision[],
  changed: Partial<StagesInput> = {},
): StagesInput => ({
  environment: environmentOf(),
  prompt: 'greet',
  version: '1.0.0',
  contentHash: hash,
  authors: ['Sam <sam@x.org>'],
  impact: 'minor',
  records: new Map([['review', { request, decisions }]]),
  now: new Date('2026-01-01T02:00:00.000Z'),
  ...changed,
});

describe('a decision', () => {
  const signed = environmentOf({ signed: true });
  it.each<[string, Given, Partial<StagesInput>, string | null]>([
    ['of an approver counts', {}, {}, null],
    ['counts whatever the case of the address', { email: 'ADA@X.org' }, {}, null],
    ['counts for an address that the mailmap knows', { email: 'old@x.org', mapped: 'ada@x.org' }, {}, null],
    ['of somebody else does not', { email: 'eve@x.org' }, {}, 'they are no approver of this stage'],
    ['about another content does not', { contentHash: otherHash }, {}, 'it was given to another content'],
    ['about an earlier request does not', { request: 'r0' }, {}, 'it answers an earlier request'],
    ['about own work does not', {}, { authors: ['Ada <ADA@x.org>'] }, 'the version is their own'],
    ['about the work of nobody known does not', {}, { authors: [] }, 'the version is their own'],
    [
      'about the work of somebody without address does not',
      {},
      { authors: ['Ada'] },
      'the version is their own',
    ],
    [
      'about own work, when that is allowed, counts',
      {},
      { authors: ['Ada <ada@x.org>'], environment: environmentOf({ allowSelfApproval: true }) },
      null,
    ],
    ['against own work counts', { decision: 'reject' }, { authors: ['Ada <ada@x.org>'] }, null],
    ['signed by the approver counts', { signature: 'valid' }, { environment: signed }, null],
    ['unsigned does not where it must be', {}, { environment: signed }, 'its commit is not signed'],
    [
      "signed by another's key does not",
      { signature: 'other' },
      { environment: signed },
      "its commit is not signed by the approver's own key",
    ],
    [
      'with an unchecked signature does not',
      { signature: 'unknown' },
      { environment: signed },
      'its signature cannot be checked here',
    ],
    [
      'of a signer whom only the mailmap makes an approver does not',
      { email: 'old@x.org', mapped: 'ada@x.org', signature: 'valid' },
      { environment: signed },
      'they are no approver of this stage',
    ],
  ])('%s', (_, decision, changed, ignored) => {
    const [stage] = evaluateStages(inputOf([given(decision)], changed));
    expect(stage?.approvals).toMatchObject([{ ignored, counts: ignored === null }]);
    const state = ignored !== null ? 'pending' : decision.decision === 'reject' ? 'rejected' : 'approved';
    expect(stage?.state).toBe(state);
  });
});

describe('a stage', () => {
  const two = environmentOf({
    approvals: [
      { name: 'review', approvers: ['*@x.org'], required: 2 },
      { name: 'safety', approvers: ['safe@x.org'], required: 1 },
    ],
  });
  const safety = { request: { ...request, stage: 'safety' }, decisions: [] };

  it('needs its number of approvals, and takes until the last of them', () => {
    const late = given({ email: 'b@x.org', at: '2026-01-01T01:30:00.000Z' });
    const records = (decisions: readonly RecordedDecision[]) =>
      new Map([
        ['review', { request, decisions }],
        ['safety', safety],
      ]);
    const evaluate = (decisions: readonly RecordedDecision[]) =>
      evaluateStages(inputOf([], { environment: two, records: records(decisions) })).map(
        ({ state, durationMs }) => [state, durationMs],
      );
    const hour = 3_600_000;
    expect(evaluate([given({ email: 'a@x.org' })])).toEqual([
      ['pending', 2 * hour],
      ['waiting', null],
    ]);
    expect(evaluate([late, given({ email: 'a@x.org' })])).toEqual([
      ['approved', 1.5 * hour],
      ['pending', 0.5 * hour],
    ]);
  });

  it('is rejected by one, however many approve', () => {
    const decisions = [given(), given({ email: 'grace@x.org', decision: 'reject' })];
    expect(evaluateStages(inputOf(decisions))[0]).toMatchObject({ state: 'rejected', overdue: false });
  });

  it.each([
    ['2026-01-02T00:00:00.000Z', false],
    ['2026-01-02T00:00:00.001Z', true],
  ])('is overdue after its age: at %s %s', (now, overdue) => {
    expect(evaluateStages(inputOf([], { now: new Date(now) }))[0]).toMatchObject({
      state: 'pending',
      overdue,
    });
  });

  it('is invalid when it was requested for another content, and pending without a request', () => {
    expect(evaluateStages(inputOf([given()], { contentHash: otherHash }))[0]?.state).toBe('invalid');
    expect(evaluateStages(inputOf([], { records: new Map() }))[0]).toMatchObject({
      state: 'pending',
      requestedAt: null,
      durationMs: null,
      detail: expect.stringContaining('promptv approval submit greet@1.0.0 --env production'),
    });
  });
});

describe('autoApprove', () => {
  const environment = environmentOf({ autoApprove: 'minor' });
  it.each<[string, readonly RecordedDecision[], string]>([
    ['what people approved is approved', [given()], 'approved'],
    ['what they rejected is rejected', [given({ decision: 'reject' })], 'rejected'],
    ['what does not count changes nothing', [given({ email: 'eve@x.org' })], 'automatic'],
    ['nobody was asked', [], 'automatic'],
  ])('says how a stage that needs no approval stands: %s', (_, decisions, state) => {
    const [stage] = evaluateStages(inputOf(decisions, { environment }));
    expect(stage).toMatchObject({ state, overdue: false });
    expect(stage?.approvals).toHaveLength(decisions.length);
    expect(stage?.detail === null).toBe(state !== 'rejected');
  });

  it('lets no stage wait for another', () => {
    const two = ['review', 'safety'].map((name) => ({ name, approvers: ['*@x.org'], required: 1 }));
    const safety = { ...request, stage: 'safety' };
    const records = new Map([
      ['review', { request, decisions: [] }],
      ['safety', { request: safety, decisions: [given()] }],
    ]);
    const both = environmentOf({ autoApprove: true, approvals: two });
    const states = evaluateStages(inputOf([], { environment: both, records })).map(({ state }) => state);
    expect(states).toEqual(['automatic', 'approved']);
  });

  it.each([
    [false, 'none', false],
    [true, 'major', true],
    [true, null, true],
    ['patch', 'none', true],
    ['patch', 'patch', true],
    ['patch', 'minor', false],
    ['minor', 'minor', true],
    ['minor', 'major', false],
    ['minor', null, false],
  ] as const)('%s lets an impact of %s pass: %s', (autoApprove, impact, passes) => {
    expect(isAutomatic(environmentOf({ autoApprove }), impact)).toBe(passes);
  });
});

describe('isOwn', () => {
  it('looks at every address of a person', () => {
    expect(isOwn(['A <a@x.org>'], ['b@x.org', 'A@X.ORG'])).toBe(true);
    expect(isOwn(['A <a@x.org>'], ['b@x.org'])).toBe(false);
  });
});
