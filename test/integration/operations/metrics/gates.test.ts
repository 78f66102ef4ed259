import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../../../src/operations/diff.ts';
import { promote } from '../../../../src/operations/promote.ts';
import { saveIn } from '../../../helpers/in-workspace.ts';
import { logNow, logRuns } from '../../../helpers/metric-log.ts';
import { promoteIn } from '../../../helpers/promote-in.ts';
import { createTempRepo, type TempRepo } from '../../../helpers/temp-repo.ts';
import { call, textPrompt } from '../../../helpers/work-in.ts';

let repo: TempRepo;

/** The gates of the metrics log that a promotion to production meets. */
const gatesOf = async (version: string) => {
  const request = { refs: [`greet@${version}`], environment: 'production', dryRun: true };
  const { promotions, refused } = await call(repo, promote, request, { now: () => logNow });
  const gates = promotions.flatMap((promotion) => promotion.gates);
  const found = gates.filter(({ name }) => name === 'alerts' || name === 'regression');
  return {
    refused,
    verdicts: found.map(({ verdict }) => verdict),
    details: found.map(({ detail }) => detail),
    found,
  };
};

const config = `environments:
  - {name: staging, autoApprove: true}
  - {name: production, autoApprove: true, requires: [alerts, regression]}
`;

beforeAll(async () => {
  repo = createTempRepo({ files: { '.promptrc.yaml': config, 'prompts/greet.yaml': textPrompt('Hello') } });
  for (const text of ['Hello', 'Hello!', 'Hello!!', 'Hello!!!']) {
    repo.write('prompts/greet.yaml', textPrompt(text));
    await saveIn(repo, { names: ['greet'] });
  }
  repo.write('prompts/other.yaml', textPrompt('Bye'));
  await saveIn(repo, { names: ['other'] });
});
afterAll(() => repo.remove());

describe('the gates alerts and regression', () => {
  it('fail where there is no log and where the version has no record', async () => {
    const noLog = await gatesOf('1.0.0');
    expect([noLog.refused, noLog.verdicts]).toEqual([true, ['fail', 'fail']]);
    expect(noLog.details[0]).toBe('there is no metrics log, or it has no record');
    await logRuns(repo, { version: '1.0.0', count: 100, metrics: { latency_ms: [500, 50] } });
    const noRecord = await gatesOf('1.0.1');
    expect([noRecord.refused, noRecord.verdicts]).toEqual([true, ['fail', 'fail']]);
    expect(noRecord.details[1]).toBe('the metrics log has no record of 1.0.1');
    expect(noRecord.found[0]?.satisfy[0]).toMatch(/^promptv metrics record greet@1\.0\.1 /);
  });

  it('pass a good version, the second one without a baseline', async () => {
    const { refused, verdicts } = await gatesOf('1.0.0');
    expect([refused, verdicts]).toEqual([false, ['pass', 'skipped']]);
  });

  it('refuse a version that fires an alert, got worse, or has too few records', async () => {
    await promoteIn(repo, { prompt: 'greet', version: '1.0.0', environment: 'production' });
    await logRuns(
      repo,
      { version: '1.0.1', count: 100, metrics: { latency_ms: [505, 50] } },
      { version: '1.0.2', count: 100, errors: 30, metrics: { latency_ms: [900, 50] } },
      { version: '1.0.3', count: 5, metrics: { latency_ms: [500, 50] } },
    );
    expect((await gatesOf('1.0.1')).verdicts).toEqual(['pass', 'pass']);
    const worse = await gatesOf('1.0.2');
    expect([worse.refused, worse.verdicts]).toEqual([true, ['fail', 'fail']]);
    expect(worse.details[0]).toContain('error-rate (0.3, allowed 0.1)');
    expect(worse.details[1]).toContain('latency_ms rose beyond chance');
    expect(worse.found[1]?.satisfy).toEqual([
      'promptv metrics regress greet --baseline 1.0.0 --current 1.0.2',
    ]);
    const few = await gatesOf('1.0.3');
    expect([few.refused, few.verdicts]).toEqual([true, ['fail', 'fail']]);
    expect(few.details[0]).toContain('too few values');
  });
});

describe('diff --metrics', () => {
  it("shows both versions' figures, and says why not for a text that is no version", async () => {
    const compare = (...operands: string[]) => call(repo, diff, { operands, metrics: true });
    const { diffs } = await compare('greet', '1.0.0', '1.0.2');
    expect(diffs[0]?.metrics).toMatchObject({ a: { records: 100 }, b: { records: 100, errors: 30 } });
    expect(diffs[0]?.metrics?.metrics.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['error_rate', 'worse'],
      ['latency_ms', 'worse'],
    ]);
    const others = await compare('greet@1.0.2', 'other@1.0.0');
    expect(others.diffs[0]?.metrics).toMatchObject({ a: { records: 100, errors: 30 }, b: { records: 0 } });
    const unsaved = await compare('greet', '1.0.0', 'working');
    expect([unsaved.diffs[0]?.metrics, unsaved.warnings[0]?.code]).toEqual([null, 'METRICS_NEED_VERSIONS']);
  });
});
