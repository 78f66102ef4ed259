import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNetworkEdge } from '../../../../src/calls/network-edge.ts';
import { askPrometheus } from '../../../../src/calls/prometheus.ts';
import { fillQuery } from '../../../../src/core/prometheus/query.ts';
import { tickRollouts } from '../../../../src/operations/rollout/tick.ts';
import { inPlace, pointerOf } from '../../../helpers/delivery.ts';
import { type LoopbackServer, sendJson, startServer } from '../../../helpers/loopback-server.ts';
import {
  hasProgram,
  type MetricsServer,
  startPrometheus,
  startVictoriaMetrics,
} from '../../../helpers/metrics-servers.ts';
import {
  atHour,
  beginIn,
  createRolloutRepo,
  rolloutStart,
  tickIn,
  verbIn,
} from '../../../helpers/rollout-in.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const repo of repos.splice(0)) repo.remove();
  for (const server of servers.splice(0)) await server.close();
});

type Answer = Parameters<typeof startServer>[0];

const serve = async (answer: Answer): Promise<LoopbackServer> => {
  const server = await startServer(answer);
  servers.push(server);
  return server;
};

/** A repository whose rollouts ask a server for the p95 of both versions. */
const make = async (url: string, more = ''): Promise<TempRepo> => {
  const repo = await createRolloutRepo(`network: {retries: 0}
rollouts:
  prometheus: {url: "${url}", timeout: 100ms${more}}
  queries:
    p95:
      query: 't_p95{prompt="{{prompt}}",version="{{version}}",env="{{environment}}"}'
      relativeTo: stable
      max: 0.2
    seen: {query: 'sum(increase(t_runs[{{window}}]))', min: 1}
`);
  repos.push(repo);
  await beginIn(repo, { rollout: { gates: ['query:p95'] } });
  return repo;
};

const vector = (...values: readonly string[]) => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
});

describe('a gate that asks a Prometheus', () => {
  it('lets the rollout go on while the candidate keeps its bound, and keeps what was asked and answered', async () => {
    const server = await serve(({ path }, response) =>
      sendJson(response, vector(path.includes('1.0.1') ? '900' : '800')),
    );
    const repo = await make(`${server.url}/prom/`);
    expect(await tickIn(repo, 0.5)).toMatchObject({ outcome: 'waiting', why: 'its hold is not over' });
    const tick = await tickIn(repo, 1);
    expect(tick).toMatchObject({ outcome: 'advanced' });
    const [check] = pointerOf(repo).rollout?.events.at(-1)?.checks ?? [];
    expect(check).toEqual(tick.checks[0]);
    expect(check).toMatchObject({
      ...{ gate: 'query:p95 <= +20%', source: 'prometheus', verdict: 'pass', value: 0.125, bound: 0.2 },
      queries: [
        {
          of: 'candidate',
          query: 't_p95{prompt="greet",version="1.0.1",env="production"}',
          outcome: 'value',
          value: 900,
        },
        { of: 'stable', value: 800 },
      ],
    });
    const asked = new URL(server.requests[0]?.path ?? '', server.url);
    expect(asked.pathname).toBe('/prom/api/v1/query');
    expect(Number(asked.searchParams.get('time'))).toBe(rolloutStart / 1000 + 1800);
  });

  it('aborts when the candidate breaks it, before the hold is over', async () => {
    const server = await serve(({ path }, response) =>
      sendJson(response, vector(path.includes('1.0.1') ? '1000' : '800')),
    );
    const repo = await make(server.url);
    expect(await tickIn(repo, 0.1)).toMatchObject({
      outcome: 'aborted',
      why: expect.stringMatching(/^failed: query:p95 <= \+20% \(measured \+\d[\d.]*%\)$/),
    });
  });

  const faults: readonly (readonly [outcome: string, verdict: string, answer: Answer])[] = [
    ['no-series', 'no-data', (_, response) => sendJson(response, vector())],
    ['nan', 'no-data', (_, response) => sendJson(response, vector('NaN'))],
    ['several-series', 'error', (_, response) => sendJson(response, vector('1', '1'))],
    ['infinite', 'error', (_, response) => sendJson(response, vector('+Inf'))],
    ['warning', 'error', (_, response) => sendJson(response, { ...vector('1'), warnings: ['half of it'] })],
    ['refused', 'error', (_, response) => sendJson(response, { status: 'error', error: 'parse error' })],
    ['http-error', 'error', (_, response) => sendJson(response, { status: 'error', error: 'no' }, 422)],
    ['http-error', 'error', (_, response) => sendJson(response, vector('1'), 503)],
    ['http-error', 'error', (_, response) => sendJson(response, vector('1'), 404)],
    ['unreachable', 'error', (_, response) => response.destroy()],
    ['timeout', 'error', () => {}],
    [
      'malformed',
      'error',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"status": "succ'),
    ],
    [
      'malformed',
      'error',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>1</h1>'),
    ],
  ];
  it.each(faults)('never takes %s for healthy: %s', async (outcome, verdict, answer) => {
    const server = await serve(answer);
    const repo = await make(server.url);
    const tick = await tickIn(repo, 2);
    expect(tick).toMatchObject({ outcome: 'waiting', changed: false });
    expect(tick.checks).toMatchObject([{ verdict, value: null, queries: [{ outcome }, { outcome }] }]);
  });

  it('says that it has no server or no token, and asks nobody', async () => {
    const server = await serve((_, response) => sendJson(response, vector('1')));
    const repo = await make(server.url, ', tokenEnv: PROM_TOKEN');
    const tick = await tickIn(repo, 2);
    expect(tick.checks[0]).toMatchObject({ verdict: 'error', detail: expect.stringContaining('PROM_TOKEN') });
    expect(server.requests).toEqual([]);
  });

  it('pauses at the fifth look in a row that met an error, and counts anew after a good one and a resumption', async () => {
    let isWell = false;
    const server = await serve((_, response) => sendJson(response, vector('1'), isWell ? 200 : 500));
    const repo = await make(server.url);
    const tick = async (hour: number): Promise<string> => {
      const { outcome, rollout } = await tickIn(repo, hour);
      return rollout.pause?.reason ?? outcome;
    };
    const looks: string[] = [];
    for (const at of [1, 2, 3, 4]) looks.push(await tick(at * 0.1));
    isWell = true;
    looks.push(await tick(0.5));
    isWell = false;
    for (const at of [6, 7, 8, 9, 9.5]) looks.push(await tick(at * 0.1));
    expect(looks).toEqual([...Array(9).fill('waiting'), 'error']);
    await verbIn(repo, 'resume', { hour: 1 });
    expect(await tick(1.1)).toBe('waiting');
  });

  it('holds no lock while it asks: an abort in the meantime is done, and found done', async () => {
    let repo: TempRepo | undefined;
    const server = await serve(async (_, response, number) => {
      if (repo && number === 0) await verbIn(repo, 'abort', { hour: 0.5, emergency: true });
      sendJson(response, vector('1'));
    });
    repo = await make(server.url);
    expect(await tickIn(repo, 0.5)).toMatchObject({ outcome: 'aborted', changed: false });
    expect(pointerOf(repo).deployments.at(-1)).toMatchObject({ action: 'abort', trigger: 'emergency' });
  });

  it.each([
    ['tokenEnv: PROM_TOKEN', { PROM_TOKEN: 'very-secret-token' }],
    ['tokenFile: ../token', {}],
  ])('sends its token, of %s, and shows it nowhere', async (more, env) => {
    const server = await serve(({ headers }, response) =>
      sendJson(response, { status: 'error', error: `not ${headers.authorization}` }, 401),
    );
    const repo = await make(server.url, `, ${more}`);
    repo.write('../token', 'very-secret-token\n');
    const { ticks } = await inPlace(repo, (workspace) => tickRollouts(workspace, {}), { ...atHour(2), env });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer very-secret-token');
    expect(ticks[0]?.checks[0]?.detail).toContain('not Bearer ***');
    const log = repo
      .git('ls-files', '--others')
      .split('\n')
      .map((file) => repo.read(file));
    expect(JSON.stringify([ticks, log, repo.git('show')])).not.toContain('very-secret');
  });
});

const hostile = 'a"} or vector(1) #\\';

const samples = `t_p95{prompt="greet",version="1.0.0",env="production"} 800
t_p95{prompt="greet",version="1.0.1",env="production"} 880
t_twice{at="a"} 1
t_twice{at="b"} 2
t_named{prompt="a\\"} or vector(1) #\\\\"} 7
t_zero 0
`;

const questions: readonly (readonly [query: string, outcome: string, value: number | null])[] = [
  ['t_p95{prompt="greet",version="{{version}}"}', 'value', 880],
  ['t_p95{version=~"{{version}}|x"}', 'value', 880],
  ['t_named{prompt="{{prompt}}"}', 'value', 7],
  ["t_named{prompt='{{prompt}}'}", 'value', 7],
  ['t_named{prompt=~"{{prompt}}"}', 'value', 7],
  ['scalar(t_zero)', 'value', 0],
  ['t_missing', 'no-series', null],
  ['t_twice', 'several-series', null],
  ['t_zero / t_zero', 'nan', null],
  ['1 / t_zero', 'infinite', null],
  ['sum(t_twice', 'http-error', null],
];

describe.each([
  ['prometheus', startPrometheus, 'nan'],
  // VictoriaMetrics answers no series where Prometheus answers NaN.
  ['victoria-metrics', startVictoriaMetrics, 'no-series'],
] as const)('a real %s', (program, start, nan) => {
  const isThere = hasProgram(program);
  let server: MetricsServer;
  beforeAll(async () => {
    if (isThere) server = await start(samples);
  }, 40_000);
  afterAll(() => server?.stop());

  it.runIf(isThere)('answers each question as it should be understood', async () => {
    const edge = createNetworkEdge({
      timeoutMs: 10_000,
      retries: 0,
      breaker: { failures: 50, cooldownMs: 1, successes: 1 },
    });
    const values = { prompt: hostile, version: '1.0.1', environment: 'production', windowMs: 60_000 };
    const answers = await Promise.all(
      questions.map(async ([query]) => {
        const { outcome, value } = await askPrometheus(edge, {
          ...{ url: server.url, token: null, query: fillQuery(query, values) },
          ...{ at: new Date().toISOString(), mask: (text: string) => text },
        });
        return [query, outcome, value];
      }),
    );
    const expected = questions.map(([query, outcome, value]) => [
      query,
      outcome === 'nan' ? nan : outcome,
      value,
    ]);
    expect(answers).toEqual(expected);
  });

  it.runIf(isThere)('carries a rollout on, gated on both versions', async () => {
    const repo = await make(server.url);
    const { ticks } = await inPlace(repo, (workspace) => tickRollouts(workspace, {}), {
      now: () => new Date(),
    });
    expect(ticks).toMatchObject([
      { outcome: 'advanced', checks: [{ verdict: 'pass', value: 0.1, stable: { value: 800 } }] },
    ]);
  });
});
