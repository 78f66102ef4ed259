import type { Config, EnvironmentConfig } from './schema.ts';

const environment = (name: string, autoApprove: boolean): EnvironmentConfig => ({
  name,
  from: null,
  approvals: [],
  autoApprove,
  approvalAge: '24h',
  allowSelfApproval: false,
  deployers: [],
  requires: [],
  signed: false,
  freeze: [],
  strategy: 'immediate',
  sla: '30s',
  test: { provider: null, model: null },
});

const defaultMetric = (name: string, direction: 'higher' | 'lower'): Config['abtest']['metrics'][number] => ({
  name,
  direction,
  kind: null,
  weight: null,
  target: null,
  quantile: null,
  denominator: null,
});

const freezeDeep = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freezeDeep);
  return value;
};

/**
 * What is in force without a configuration file, frozen. It repeats the schema's defaults, so that a workspace
 * without a file need not load the schema and its library; a test compares the two.
 */
export const defaultConfig: Config = freezeDeep<Config>({
  prompts: { dir: 'prompts', include: [], exclude: [] },
  tagPrefix: 'prompts',
  bump: { branches: {}, strict: false, preid: 'rc' },
  releaseBranches: [],
  requireMessage: false,
  commit: { subject: 'Save {prompts}', signoff: false },
  push: { auto: false, remote: 'origin' },
  state: { branch: null },
  environments: [
    environment('development', true),
    environment('staging', false),
    environment('production', false),
  ],
  metrics: {
    dir: '.promptv/metrics',
    writer: null,
    fsync: false,
    directions: {},
    capture: false,
    mask: [],
    budgets: {},
  },
  prices: {},
  alerts: {},
  abtest: {
    metrics: [defaultMetric('quality', 'higher'), defaultMetric('latency_ms', 'lower')],
    alpha: 0.05,
    power: 0.8,
    maxDuration: '7d',
    unit: 'user',
    minUnits: { show: 30, recommend: 100 },
    autoStop: false,
  },
  rollouts: {
    presets: {},
    gates: null,
    previewGates: null,
    prometheus: { url: null, tokenEnv: null, tokenFile: null, timeout: '10s' },
    queries: {},
    previewHold: '0s',
    minSamples: 100,
    maxRunning: 3,
    mode: 'sequential',
    alpha: 0.05,
    onFail: 'abort',
    onInconclusive: 'pause',
    onNoData: 'pause',
    maxWait: '1d',
    settle: '0s',
    emergency: { errorRate: 0.2, minSamples: 20 },
  },
  lint: {
    rules: {},
    minLength: 10,
    maxLength: 20_000,
    contextTokens: {},
    allowedWords: [],
    exceptions: [],
  },
  test: { provider: null, providers: {}, commands: {}, parallel: 4, timeout: '30s' },
  hooks: { saveBranches: [] },
  network: { timeout: '30s', retries: 2, breaker: { failures: 5, cooldown: '60s', successes: 3 } },
  notify: {},
});
