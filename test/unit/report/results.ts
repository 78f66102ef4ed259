import { defaultConfig } from '../../../src/core/config/default-config.ts';
import { unifiedPatch } from '../../../src/core/diff/text-diff.ts';
import { impactOfChanges } from '../../../src/core/impact/change.ts';
import { compareDocuments } from '../../../src/core/impact/compare-documents.ts';
import type { PromptDocument } from '../../../src/core/prompt/document.ts';
import { estimateTokens } from '../../../src/core/tokens.ts';
import type { ConfigShowResult } from '../../../src/operations/config-show.ts';
import type { DiffResult } from '../../../src/operations/diff.ts';
import type { PromptDiff } from '../../../src/operations/diff-pair.ts';
import type { DoctorResult } from '../../../src/operations/doctor.ts';
import type { InitResult } from '../../../src/operations/init.ts';
import type { ListResult } from '../../../src/operations/list.ts';
import type { LoggedVersion, LogResult } from '../../../src/operations/log.ts';
import type { RenderResult } from '../../../src/operations/render.ts';
import type { RolloutView } from '../../../src/operations/rollout/rollout-view.ts';
import type { SaveResult } from '../../../src/operations/save.ts';
import type { ShowResult } from '../../../src/operations/show.ts';
import type { StatusResult } from '../../../src/operations/status.ts';
import type { SyncResult } from '../../../src/operations/sync.ts';
import type { Display } from '../../../src/report/display.ts';

export const now = new Date('2026-01-10T12:00:00Z');
export const narrow: Display = { color: true, columns: 80, now };
export const broad: Display = { color: true, columns: 200, now };
export const plain: Display = { color: false, columns: 80, now };
export const pipe: Display = { color: false, columns: null, now };

const version = (given: Partial<LoggedVersion>): LoggedVersion => ({
  prompt: 'support/triage',
  version: '1.0.0',
  tag: 'prompts/support/triage@1.0.0',
  commit: 'abc1234def5678',
  date: '2026-01-02T09:30:00Z',
  author: { name: 'Ann Lee', email: 'ann@example.com' },
  message: 'First version',
  bump: 'minor',
  impact: 'minor',
  contentHash: 'sha256:00',
  status: 'draft',
  environments: [],
  meta: {},
  ...given,
});

export const logResult: LogResult = {
  prompt: 'support/triage',
  versions: [
    version({
      version: '2.0.0-rc.1',
      date: '2026-01-10T11:20:00Z',
      impact: 'major',
      message: 'Ask for the order number first\n\nThe rest of the message.',
      status: 'testing',
      environments: ['staging'],
    }),
    version({
      version: '1.10.0',
      date: '2026-01-07T12:00:00Z',
      impact: 'minor',
      status: 'production',
      environments: ['canary', 'production'],
      message: 'Warmer model, shorter answers and a friendlier way to say that a parcel is late',
    }),
    version({ version: '1.9.1', date: '2025-12-24T12:00:00Z', impact: 'patch', status: 'superseded' }),
    version({
      bump: 'initial',
      impact: 'none',
      author: { name: '李小龙', email: 'li@example.com' },
      message: '東京からの苦情 🫡 を分類する',
    }),
  ],
  warnings: [],
};

export const listResult: ListResult = {
  environments: ['development', 'staging', 'production'],
  prompts: [
    {
      prompt: 'support/triage',
      path: 'prompts/support/triage.yaml',
      type: 'chat',
      category: 'support',
      tags: ['triage', 'orders'],
      description: 'Sorts what customers write into queues and says how urgent each message is',
      version: '1.10.0',
      state: 'modified',
      environments: { staging: '2.0.0-rc.1', production: '1.10.0' },
      rollouts: { production: { candidate: '1.11.0', weight: 25, state: 'running' } },
      date: '2026-01-07T12:00:00Z',
    },
    {
      prompt: 'data/text-to-sql',
      path: 'prompts/data/text-to-sql.yaml',
      type: null,
      category: null,
      tags: [],
      description: null,
      version: null,
      state: 'new',
      environments: {},
      rollouts: {},
      date: null,
    },
  ],
  warnings: [],
};

const rolloutView: RolloutView = {
  id: 'r-1',
  prompt: 'support/triage',
  environment: 'production',
  strategy: 'canary',
  state: 'paused',
  pause: { reason: 'drift', at: '2026-01-08T11:00:00.000Z' },
  stable: '1.1.0',
  candidate: '1.2.0',
  step: 2,
  steps: [5, 10, 100].map((weight) => ({ weight, holdMs: 3_600_000, approve: false })),
  weight: 10,
  attempt: 1,
  since: '2026-01-08T10:00:00.000Z',
  holdUntil: null,
  reason: null,
};

export const statusResult: StatusResult = {
  branch: 'main',
  rollouts: [rolloutView],
  prompts: [
    {
      prompt: 'support/triage',
      path: 'prompts/support/triage.yaml',
      state: 'modified',
      impact: 'minor',
      reason: null,
      latest: '1.2.0',
      next: '1.3.0',
      refusal: null,
      problems: [],
    },
    {
      prompt: 'support/summary',
      path: 'prompts/support/summary.yaml',
      state: 'modified',
      impact: 'major',
      reason: 'dependency',
      latest: '1.0.0',
      next: '2.0.0',
      refusal: null,
      problems: [],
    },
    {
      prompt: 'data/text-to-sql',
      path: 'prompts/data/text-to-sql.yaml',
      state: 'new',
      impact: 'none',
      reason: null,
      latest: null,
      next: '1.0.0',
      refusal: null,
      problems: [],
    },
    {
      prompt: 'reports/weekly',
      path: 'prompts/reports/weekly.yaml',
      state: 'clean',
      impact: null,
      reason: null,
      latest: '1.0.0',
      next: null,
      refusal: null,
      problems: [],
    },
    {
      prompt: 'rag/answer',
      path: null,
      state: 'deleted',
      impact: null,
      reason: 'production runs it',
      latest: '3.1.0',
      next: null,
      refusal: null,
      problems: [],
    },
  ],
  warnings: [],
};

export const invalidStatus: StatusResult = {
  ...statusResult,
  prompts: [
    ...statusResult.prompts,
    {
      prompt: 'broken',
      path: 'prompts/broken.yaml',
      state: 'invalid',
      impact: null,
      reason: 'two keys "model"',
      latest: null,
      next: null,
      refusal: null,
      problems: [
        { severity: 'error', message: 'The key "model" stands twice.', path: ['model'], line: 7, column: 1 },
      ],
    },
  ],
};

export const saveResult: SaveResult = {
  saved: [
    {
      prompt: 'support/triage',
      version: '1.3.0',
      previousVersion: '1.2.0',
      bump: 'minor',
      impact: 'minor',
      tag: 'prompts/support/triage@1.3.0',
      commit: 'abc1234def5678',
      contentHash: 'sha256:00',
      path: 'prompts/support/triage.yaml',
    },
    {
      prompt: 'data/text-to-sql',
      version: '1.0.0',
      previousVersion: null,
      bump: 'initial',
      impact: 'none',
      tag: 'prompts/data/text-to-sql@1.0.0',
      commit: 'abc1234def5678',
      contentHash: 'sha256:00',
      path: 'prompts/data/text-to-sql.yaml',
    },
  ],
  unchanged: [{ prompt: 'reports/weekly', version: '1.0.0' }],
  skipped: [{ prompt: 'rag/answer', reason: 'behind' }],
  pushed: false,
  pushCommand: 'git push --atomic origin main refs/tags/prompts/support/triage@1.3.0',
  dryRun: false,
  warnings: [],
};

const documentBefore: PromptDocument = {
  name: 'Support triage',
  description: 'Sorts what customers write.',
  model: 'openai/gpt-4o',
  modelParameters: { temperature: 0.2 },
  variables: [{ name: 'message' }],
  messages: [
    { role: 'system', content: 'You sort messages of customers.\nBe brief.\n' },
    { role: 'user', content: '{{message}}' },
  ],
};

const documentAfter: PromptDocument = {
  ...documentBefore,
  modelParameters: { temperature: 0.7 },
  variables: [{ name: 'message' }, { name: 'tone', default: 'calm', enum: ['calm', 'cheerful'] }],
  messages: [
    { role: 'system', content: 'You sort the messages of our customers.\nBe brief and {{tone}}.\n' },
    { role: 'user', content: '{{message}}' },
  ],
};

const textBefore = `name: Support triage
description: Sorts what customers write.
model: openai/gpt-4o
modelParameters:
  temperature: 0.2
variables:
  - name: message
messages:
  - role: system
    content: |
      You sort messages of customers.
      Be brief.
  - role: user
    content: "{{message}}"
`;

const textAfter = textBefore
  .replace('0.2', '0.7')
  .replace(
    '- name: message\n',
    '- name: message\n  - name: tone\n    default: calm\n    enum: [calm, cheerful]\n',
  )
  .replace('sort messages of', 'sort the messages of our')
  .replace('Be brief', 'Be brief and {{tone}}');

/** A diff of two texts as the operation would return it. */
export const promptDiff = (before: string, after: string, given: Partial<PromptDiff> = {}): PromptDiff => ({
  prompt: 'support/triage',
  from: '1.2.0',
  to: 'working',
  impact: 'patch',
  changes: [],
  patch: unifiedPatch(before, after, { from: '1.2.0', to: 'working', path: 'prompts/support/triage.yaml' }),
  metrics: null,
  before: {
    prompt: 'support/triage',
    label: '1.2.0',
    version: '1.2.0',
    text: before,
    tokens: estimateTokens(before),
  },
  after: {
    prompt: 'support/triage',
    label: 'working',
    version: null,
    text: after,
    tokens: estimateTokens(after),
  },
  ...given,
});

const changes = compareDocuments(
  { document: documentBefore, usedVariables: ['message'] },
  { document: documentAfter, usedVariables: ['message', 'tone'] },
);

export const diffResult: DiffResult = {
  diffs: [promptDiff(textBefore, textAfter, { changes, impact: impactOfChanges(changes) })],
  unversioned: [],
  base: null,
  warnings: [],
};

export const showResult: ShowResult = {
  prompt: 'support/triage',
  version: '1.3.0',
  contentHash: 'sha256:0123456789abcdef',
  document: documentAfter,
  path: 'prompts/support/triage.yaml',
  variables: documentAfter.variables ?? [],
  raw: new Uint8Array(),
  saved: {
    date: '2026-01-07T12:00:00Z',
    author: 'Ann Lee',
    message: 'Warmer model',
    commit: 'abc1234def5678',
  },
};

export const renderResult: RenderResult = {
  prompt: 'support/triage',
  version: '1.3.0',
  contentHash: 'sha256:00',
  text: 'You sort messages.\n\nWhere is my parcel?\n',
  messages: [
    { role: 'system', content: 'You sort messages.\n' },
    { role: 'user', content: 'Where is my parcel?' },
  ],
};

export const syncResult: SyncResult = {
  remote: 'origin',
  fetched: ['prompts/support/triage@1.2.0'],
  renumbered: [{ prompt: 'support/triage', from: '1.2.0', to: '1.2.1' }],
  conflicts: [{ prompt: 'rag/answer', version: '3.1.0', reason: 'the remote has another text' }],
  dryRun: false,
  warnings: [],
};

export const initResult: InitResult = {
  created: ['.promptrc.yaml', 'prompts/'],
  skipped: [{ path: '.gitignore', reason: 'it has these lines already' }],
  advice: ['Protect the tags prompts/** from deletion.', "Exclude them: git describe --match 'v*'"],
  hooks: null,
  dryRun: false,
  warnings: [],
};

export const doctorResult: DoctorResult = {
  findings: [
    {
      id: 'LOOSE_TAGS',
      severity: 'info',
      message: 'There are 2,400 loose tags.',
      fix: 'git pack-refs --all',
      fixable: false,
      fixed: false,
    },
    {
      id: 'STALE_LOCK',
      severity: 'warning',
      message: 'A lock was left behind.',
      fix: 'promptv doctor --fix',
      fixable: true,
      fixed: true,
    },
    {
      id: 'TAG_INVALID',
      severity: 'error',
      message: 'prompts/support/triage@1.1.0 is no version:\nit is not annotated.',
      fix: null,
      fixable: false,
      fixed: false,
    },
  ],
  passed: false,
  dryRun: false,
};

export const configResult: ConfigShowResult = {
  path: '.promptrc.yaml',
  workspace: '/home/ann/shop',
  config: {
    ...defaultConfig,
    bump: { ...defaultConfig.bump, branches: { main: 'patch', 'release/1.x': 'minor' } },
  },
  origins: {
    tagPrefix: 'default',
    prompts: 'default',
    'prompts.dir': 'file',
    bump: 'file',
    'bump.strict': 'default',
  },
};

/** `bump.strict` stands in the way of one of them. */
export const refusedStatus: StatusResult = {
  ...statusResult,
  prompts: statusResult.prompts.map((prompt) =>
    prompt.impact === 'major'
      ? { ...prompt, refusal: { code: 'BUMP_TOO_SMALL', message: 'Too small.', hint: 'Say the bump.' } }
      : prompt,
  ),
};
