import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMetrics, type MetricsCheckRequest } from '../../../../src/operations/metrics/check.ts';
import { makeApprovalRepo, submitIn, twoStages } from '../../../helpers/approvals.ts';
import { saveIn } from '../../../helpers/in-workspace.ts';
import { logNow, logRuns } from '../../../helpers/metric-log.ts';
import { promoteIn } from '../../../helpers/promote-in.ts';
import { createTempRepo, type TempRepo } from '../../../helpers/temp-repo.ts';
import { call, textPrompt } from '../../../helpers/work-in.ts';

let repo: TempRepo;

const check = (request: MetricsCheckRequest = {}) => call(repo, checkMetrics, request, { now: () => logNow });

const configure = (text: string) => repo.write('.promptrc.yaml', text);

beforeAll(async () => {
  repo = createTempRepo({
    files: { 'prompts/greet.yaml': textPrompt('Hello'), 'prompts/quiet.yaml': textPrompt('Hush') },
  });
  await saveIn(repo, {});
  const latency = { latency_ms: [900, 50], cost_usd: [0.02, 0.001] } as const;
  await logRuns(
    repo,
    { version: '1.0.0', environment: 'staging', count: 100, metrics: latency },
    {
      version: '1.0.0',
      environment: 'production',
      day: '2026-03-14',
      count: 200,
      errors: 2,
      metrics: latency,
    },
    { version: '1.1.0', environment: 'production', count: 200, errors: 14, metrics: latency },
  );
});
afterAll(() => repo.remove());

describe('metrics check', () => {
  it('passes where every alert was judged and none fired', async () => {
    const result = await check({ environment: 'staging' });
    expect(result).toMatchObject({ verdict: 'passed', alerts: [], insufficient: [], passed: 4 });
  });

  it('names the alerts that fire, also against the day before', async () => {
    const { verdict, alerts } = await check();
    expect(verdict).toBe('alert');
    expect(alerts.map(({ name, prompt, environment, type }) => [name, prompt, environment, type])).toEqual([
      ['success-rate', 'greet', 'production', 'threshold'],
      ['error-rate-rise', 'greet', 'production', 'rise'],
    ]);
    expect(alerts[1]).toMatchObject({ metric: 'error_rate', value: 6, threshold: 0.5, severity: 'warning' });
  });

  it('sums the day of all prompts for a budget', async () => {
    configure('metrics: {budgets: {cost_usd: {max: 3}}}\n');
    expect((await check({ environment: 'staging' })).verdict).toBe('passed');
    const { alerts } = await check();
    expect(alerts[0]).toMatchObject({
      type: 'budget',
      prompt: null,
      environment: null,
      severity: 'critical',
    });
    expect(alerts[0]?.value).toBeCloseTo(6, 0);
    configure('metrics: {budgets: {cost_usd: {max: 3}}}\nalerts: {daily-budget: {enabled: false}}\n');
    expect((await check()).alerts.some(({ type }) => type === 'budget')).toBe(false);
    configure('alerts: {}\n');
  });

  it('does not pass an alert of the user that finds no values', async () => {
    configure('alerts: {good: {metric: quality, min: 0.5, environments: [staging]}}\n');
    expect(await check({ environment: 'staging' })).toMatchObject({
      verdict: 'insufficient',
      insufficient: [{ name: 'good', prompt: 'greet', values: 0, needed: 20 }],
    });
    configure('alerts: {}\n');
  });

  it('does not pass a prompt that runs without a record', async () => {
    await promoteIn(repo, { prompt: 'quiet', version: '1.0.0', environment: 'staging' });
    const result = await check({ environment: 'staging' });
    expect(result.verdict).toBe('insufficient');
    expect(new Set(result.insufficient.map(({ prompt }) => prompt))).toEqual(new Set(['quiet']));
  });

  it('says that there is no log', async () => {
    repo.write('empty.jsonl', '');
    expect(await check({ metrics: 'empty.jsonl' })).toMatchObject({ verdict: 'no log', passed: 0 });
  });

  it('judges only the records that conditions leave', async () => {
    const eu = { where: [{ field: 'environment', value: 'staging' }] };
    expect(await check(eu)).toMatchObject({ environment: null, verdict: 'passed', alerts: [] });
    const nobody = await check({ where: [{ field: 'region', value: 'nowhere' }] });
    expect(nobody.verdict).toBe('insufficient');
  });
});

describe('an alert on a rise', () => {
  it('compares the running version with the one that ran before', async () => {
    const place = createTempRepo({ files: { 'prompts/greet.yaml': textPrompt('Hello') } });
    await saveIn(place, {});
    place.write('prompts/greet.yaml', textPrompt('Hello!'));
    await saveIn(place, {});
    const [first, second] = ['1.0.0', '1.0.1'];
    for (const version of [first, second])
      await promoteIn(place, { prompt: 'greet', version, environment: 'production' });
    const runs = { environment: 'production', count: 400 } as const;
    await logRuns(
      place,
      { ...runs, version: first, day: '2026-03-02', errors: 4 },
      { ...runs, version: second, errors: 16 },
    );
    const { alerts } = await call(place, checkMetrics, {}, { now: () => logNow });
    expect(alerts).toMatchObject([
      { name: 'error-rate-rise-version', prompt: 'greet', type: 'rise', value: 3, threshold: 0.5 },
    ]);
    place.remove();
  });
});

describe('an alert on approvals', () => {
  it('fires when a stage waits for longer than approvalAge, also without a log', async () => {
    const place = await makeApprovalRepo(twoStages('    approvalAge: 24h\n'));
    await submitIn(place);
    const hoursLater = (hours: number) =>
      call(place, checkMetrics, {}, { now: () => new Date(Date.now() + hours * 3_600_000) });
    expect((await hoursLater(23)).alerts).toEqual([]);
    const { verdict, alerts } = await hoursLater(25);
    expect(verdict).toBe('alert');
    expect(alerts).toMatchObject([
      {
        type: 'approval',
        name: 'pending-approvals',
        prompt: 'greet',
        environment: 'production',
        threshold: 24,
        severity: 'warning',
      },
    ]);
    expect(alerts[0]?.value).toBeCloseTo(25, 0);
    place.remove();
  });
});
