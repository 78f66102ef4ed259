import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignUnit, exportMetrics, type Workspace } from '../../../../src/index.ts';
import { type MetricsRecordRequest, recordFromFlags } from '../../../../src/operations/metrics/record.ts';
import { createIn, createTestedRepo, startIn, stopIn } from '../../../helpers/experiments.ts';
import { codeOf } from '../../../helpers/in-workspace.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';
import { call, workIn } from '../../../helpers/work-in.ts';

let repo: TempRepo;
beforeAll(async () => {
  repo = await createTestedRepo();
  await createIn(repo);
  await createIn(repo, { id: 'later' });
  await startIn(repo, {}, { now: () => new Date('2026-01-02T00:00:00Z') });
});
afterAll(() => repo.remove());

const record = (request: MetricsRecordRequest, at: string) =>
  workIn(repo, (workspace) => recordFromFlags(workspace, { metrics: { quality: 0.5 }, ...request }), {
    now: () => new Date(at),
  });
const readAll = async (workspace: Workspace): Promise<unknown[]> => {
  let text = '';
  await exportMetrics(workspace, {
    format: 'jsonl',
    write: (piece) => {
      text += piece;
    },
  });
  return text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
};

describe('recording what a unit of an experiment did', () => {
  it('tells prompt, version, variant and environment from the key', async () => {
    for (const key of ['user-1', 'user-2']) {
      await record({ fields: { experiment: 'tone' }, key }, '2026-01-03T00:00:00Z');
      const { variant, version } = await call(
        repo,
        assignUnit,
        { id: 'tone', key },
        { now: () => new Date('2026-01-03T00:00:00Z') },
      );
      const records = await workIn(repo, readAll);
      expect(records.at(-1)).toMatchObject({
        ...{ prompt: 'greet', version, variant, unit: key, experiment: 'tone', environment: 'production' },
        metrics: { quality: 0.5 },
      });
    }
  });

  it('refuses a moment at which the experiment enrolled nobody', async () => {
    const fields = { experiment: 'tone' };
    for (const at of ['2026-01-01T23:59:59Z', '2026-01-09T00:00:00Z'])
      expect(await codeOf(record({ fields, key: 'u' }, at))).toBe('NOT_ENROLLED');
    expect(await codeOf(record({ fields, key: '' }, '2026-01-03T00:00:00Z'))).toBe('UNIT_INVALID');
    expect(await codeOf(record({ fields: { experiment: 'later' }, key: 'u' }, '2026-01-03T00:00:00Z'))).toBe(
      'NOT_ENROLLED',
    );
  });

  it('takes a late record with the moment at which the unit was served', async () => {
    await stopIn(repo, {}, { now: () => new Date('2026-01-05T00:00:00Z') });
    const late = { fields: { experiment: 'tone' }, key: 'u' };
    expect(await codeOf(record(late, '2026-01-06T00:00:00Z'))).toBe('NOT_ENROLLED');
    expect(await record({ ...late, at: '2026-01-04T12:00:00Z' }, '2026-01-06T00:00:00Z')).toMatchObject({
      recorded: 1,
    });
  });
});
