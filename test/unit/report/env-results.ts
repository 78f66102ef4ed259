import type { EnvDiffResult } from '../../../src/operations/env/diff.ts';
import type { EnvHistoryResult } from '../../../src/operations/env/history.ts';
import type { EnvListResult } from '../../../src/operations/env/list.ts';
import type { EnvReportResult } from '../../../src/operations/env/report.ts';
import type { EnvShowResult } from '../../../src/operations/env/show.ts';

const by = 'Ada Lovelace <ada@example.com>';
const damage = {
  environment: 'production',
  prompt: 'rag/answer',
  path: '.promptv/environments/production/rag/answer.json',
  line: 7,
  message: 'was changed after it was written',
};

export const envList: EnvListResult = {
  environments: [
    {
      environment: 'development',
      from: null,
      isProduction: false,
      running: 0,
      lastDeployment: null,
    },
    {
      environment: 'production',
      from: 'development',
      isProduction: true,
      running: 2,
      lastDeployment: '2026-01-10T09:00:00.000Z',
    },
  ],
  prompts: [
    {
      prompt: 'a-team/with/a/name/that/is/longer/than/most/people/would/ever/choose/for/a/prompt',
      latest: '1.10.0',
      environments: {
        development: { version: '1.10.0', since: '2026-01-09T09:00:00.000Z', by, drift: null },
        production: { version: '1.9.0', since: '2026-01-03T09:00:00.000Z', by, drift: null },
      },
    },
    {
      prompt: 'support/triage',
      latest: null,
      environments: {
        development: null,
        production: { version: '2.0.0', since: '2026-01-01T09:00:00.000Z', by, drift: 'missing' },
      },
    },
  ],
  damaged: [damage],
  warnings: [],
};

export const envShow: EnvShowResult = {
  environment: 'production',
  at: '2026-01-09T12:00:00.000Z',
  atLocal: '2026-01-09T13:00:00+01:00',
  prompts: [
    {
      prompt: 'support/triage',
      version: '2.0.0',
      contentHash: `sha256:${'a'.repeat(64)}`,
      since: '2026-01-01T09:00:00.000Z',
      by,
      action: 'rollback',
      reason: 'Wrong labels\nfor enterprise customers',
      deployment: '3-aaaaaaaaaaaa',
      drift: 'changed',
      detail: 'the tag has another content than was promoted',
      rollout: { candidate: '2.1.0', weight: 10, state: 'paused' },
    },
  ],
  damaged: [damage],
  upstream: {
    branch: 'origin/main',
    behind: 2,
    differences: [{ prompt: 'support/triage', a: '2.0.0', b: null, ahead: 'a' }],
  },
  warnings: [],
};

export const envHistory: EnvHistoryResult = {
  environment: 'production',
  prompt: null,
  deployments: [
    {
      prompt: 'support/triage',
      id: '2-bbbbbbbbbbbb',
      action: 'rollback',
      version: '1.0.0',
      previousVersion: '1.1.0',
      contentHash: `sha256:${'a'.repeat(64)}`,
      at: '2026-01-09T09:00:00.000Z',
      by,
      reason: 'Error rate\nabove 5 %',
      approvals: [],
      ci: null,
      trigger: 'automatic',
      triggeredBy: 'Error-rate alarm',
      undoes: '1-aaaaaaaaaaaa',
      rollout: null,
    },
    {
      prompt: 'support/triage',
      id: '1-aaaaaaaaaaaa',
      action: 'promote',
      version: '1.1.0',
      previousVersion: null,
      contentHash: `sha256:${'b'.repeat(64)}`,
      at: '2026-01-08T09:00:00.000Z',
      by,
      reason: null,
      approvals: [],
      ci: null,
      trigger: null,
      triggeredBy: null,
      undoes: null,
      rollout: null,
    },
  ],
  damaged: [],
  warnings: [],
};

export const envDiff: EnvDiffResult = {
  a: 'staging',
  b: 'production',
  differences: [
    { prompt: 'rag/answer', a: '1.0.0', b: null, ahead: 'a' },
    { prompt: 'support/triage', a: '1.9.0', b: '1.10.0', ahead: 'b' },
  ],
  same: 4,
  damaged: [],
  warnings: [],
};

export const envReport: EnvReportResult = {
  since: '2026-01-01T00:00:00.000Z',
  versioned: { prompts: 3, versioned: 2, share: 2 / 3 },
  environments: [
    {
      environment: 'production',
      running: 2,
      deployments: { count: 8, rolledBack: 1, successRate: 7 / 8 },
      rollbacks: { count: 1, emergencies: 1, held: 1, successRate: 1 },
      betweenDeployments: { count: 6, medianMs: 3.2 * 86_400_000, longestMs: 9 * 86_400_000 },
      timeToRollBack: { count: 1, medianMs: 11 * 60_000, longestMs: 11 * 60_000 },
    },
    {
      environment: 'development',
      running: 0,
      deployments: { count: 0, rolledBack: 0, successRate: null },
      rollbacks: { count: 0, emergencies: 0, held: 0, successRate: null },
      betweenDeployments: { count: 0, medianMs: null, longestMs: null },
      timeToRollBack: { count: 0, medianMs: null, longestMs: null },
    },
  ],
  damaged: [],
  warnings: [],
};
