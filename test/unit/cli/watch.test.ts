import { describe, expect, it } from 'vitest';
import { watchCommand } from '../../../src/cli/commands/watch.ts';
import type { Run } from '../../../src/cli/operations.ts';
import type { WatchPass, WatchRequest } from '../../../src/operations/delivery/watch.ts';
import { createTestContext, createTestIo, parse } from './testing.ts';

const figures = {
  ...{ version: '1.0.1', since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T00:02:00.000Z' },
  ...{ records: 100, errorRate: 0.25, latencyMeanMs: 900, latencyP95Ms: 1200, costUsd: null },
};
const pass: WatchPass = {
  ...{ environment: 'production', at: '2026-01-01T00:00:00.000Z', report: false },
  prompts: [
    {
      ...{ prompt: 'greet', version: '1.0.1', verdict: 'unwell', figures, insufficient: [] },
      alerts: [
        {
          ...{ type: 'threshold', name: 'error-rate', prompt: 'greet', environment: 'production' },
          ...{ metric: 'error_rate', statistic: 'mean', value: 0.25, threshold: 0.1, bound: 'max' },
          severity: 'critical',
        },
      ],
      ...{ action: 'held', why: 'there is no version to go back to', rollback: null },
    },
  ],
  ...{ alerts: 1, rolledBack: 0, notices: [], told: [], dryRun: false },
  warnings: [{ code: 'STATE_BEHIND', message: 'The branch is behind.' }],
};

/** Three looks that find the same. */
const run: Run<WatchRequest, { readonly hasAlerts: boolean }> = async (_, { onPass }) => {
  for (let look = 0; look < 3; look++) await onPass(pass);
  return { hasAlerts: true };
};

const watch = async (json: boolean) => {
  const io = createTestIo();
  const context = { ...createTestContext(io), json };
  await parse(watchCommand(context, run), ['production']);
  return { out: io.out().trimEnd().split('\n'), err: io.err(), exitCode: context.exitCode };
};

describe('watch', () => {
  it('says what fires on, and a warning, once', async () => {
    const counts = '2026-01-01T00:00:00.000Z  production: 0 well, 1 not well, 0 with too few records';
    expect(await watch(false)).toEqual({
      out: [
        counts,
        'greet 1.0.1 not rolled back: there is no version to go back to',
        '  error-rate: error_rate is 0.25, above 0.1',
        counts,
        counts,
      ],
      err: 'warning: The branch is behind.\n',
      exitCode: 3,
    });
  });

  it('gives programs all of it at every look', async () => {
    const { out } = await watch(true);
    const { told: _, ...fields } = pass;
    expect(out.map((line) => JSON.parse(line))).toEqual([fields, fields, fields]);
  });
});
