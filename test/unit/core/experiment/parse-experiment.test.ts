import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../../src/core/config/default-config.ts';
import { parseExperiment } from '../../../../src/core/experiment/parse-experiment.ts';

const variants = [
  { name: 'control', version: '1.3.0' },
  { name: 'treatment', version: '1.4.0' },
];
const file = { prompt: 'greet', variants };
const defaults = { abtest: defaultConfig.abtest, environment: 'production' };
const parse = (data: unknown) => parseExperiment(data, { id: 'tone', defaults });
const problemsOf = (more: object) =>
  parse({ ...file, ...more }).problems.map(({ path, message }) => `${path.join('.')} ${message}`);

describe('the file of an experiment', () => {
  it('needs no more than a prompt and two versions; the rest is the configuration’s', () => {
    expect(parse(file)).toEqual({
      problems: [],
      experiment: {
        id: 'tone',
        prompt: 'greet',
        hypothesis: null,
        environment: 'production',
        unit: 'user',
        design: 'units',
        variants: variants.map((each) => ({ ...each, weight: 1, contentHash: null })),
        metrics: [
          {
            ...{ name: 'quality', kind: 'mean', direction: 'higher', weight: null },
            ...{ target: null, quantile: null, denominator: null },
          },
          {
            ...{ name: 'latency_ms', kind: 'mean', direction: 'lower', weight: null },
            ...{ target: null, quantile: null, denominator: null },
          },
        ],
        guardrails: [],
        mde: null,
        alpha: 0.05,
        power: 0.8,
        plannedN: null,
        maxDurationMs: 7 * 86_400_000,
        startAt: null,
        minUnits: { show: 30, recommend: 100 },
        autoStop: false,
        salt: null,
        state: 'draft',
        startedAt: null,
        endedAt: null,
        phases: [],
        decision: null,
      },
    });
  });

  it.each([
    ['+2pp', { kind: 'absolute', by: 0.02 }],
    ['+20%', { kind: 'relative', by: 0.2 }],
    ['-0.05', { kind: 'absolute', by: -0.05 }],
    ['-.5%', { kind: 'relative', by: -0.005 }],
  ])('reads the guardrail %s', (bound, expected) => {
    const { experiment } = parse({ ...file, guardrails: [{ metric: 'error_rate', bound }] });
    expect(experiment?.guardrails).toEqual([{ metric: 'error_rate', bound: expected }]);
  });

  it.each([
    ['5%', { value: 0.05, relative: true }],
    ['2pp', { value: 0.02, relative: false }],
    [0.3, { value: 0.3, relative: false }],
  ])('reads the minimum detectable effect %s', (mde, expected) => {
    expect(parse({ ...file, mde }).experiment?.mde).toEqual(expected);
  });

  it('refuses a quantile of the configuration in a paired design too', () => {
    const metric = { name: 'latency_ms', direction: 'lower', kind: 'quantile', quantile: 0.95 } as const;
    const abtest = {
      ...defaultConfig.abtest,
      metrics: [{ weight: null, target: null, denominator: null, ...metric }],
    };
    const parseWith = (design: string) =>
      parseExperiment({ ...file, design }, { id: 'tone', defaults: { ...defaults, abtest } }).problems;
    expect(parseWith('paired')).toMatchObject([{ path: ['metrics', 0, 'kind'] }]);
    expect(parseWith('units')).toEqual([]);
  });

  it('takes error and success rates for rates', () => {
    const metrics = [
      { name: 'error_rate', direction: 'lower' },
      { name: 'latency_ms', direction: 'lower', kind: 'quantile', quantile: 0.95 },
    ];
    expect(parse({ ...file, metrics }).experiment?.metrics.map(({ kind }) => kind)).toEqual([
      'rate',
      'quantile',
    ]);
  });

  it('names everything that is wrong at once', () => {
    const found = parse({
      varients: [],
      variants: [{ name: 'Control', version: 'one', weight: 0.5 }],
      metrics: [{ name: 'quality' }],
      guardrails: [{ metric: 'error_rate', bound: '2pp' }],
    }).problems.map(({ path, message }) => `${path.join('.')} ${message}`);
    expect(found).toEqual([
      'varients is no key; did you mean "variants"?',
      'prompt is missing',
      'variants.0.name is no name: the character "C" is not allowed',
      'variants.0.version must be a semantic version',
      'variants.0.weight must be a whole number from 1',
      'metrics.0.direction is missing',
      'guardrails.0.bound must have a sign and a number: +2pp, +20% or -0.05',
    ]);
  });

  it.each<[string, object, string]>([
    ['one variant', { variants: [variants[0]] }, 'variants must have 2 to 10 entries, not 1'],
    [
      'eleven variants',
      { variants: Array.from({ length: 11 }, (_, at) => ({ name: `v-${at}`, version: '1.0.0' })) },
      'variants must have 2 to 10 entries, not 11',
    ],
    ['a name twice', { variants: [variants[0], variants[0]] }, 'variants.1.name "control" is there twice'],
    [
      'a quantile of a mean',
      { metrics: [{ name: 'x', direction: 'lower', quantile: 0.9 }] },
      'metrics.0.quantile belongs to kind "quantile", which needs it',
    ],
    [
      'a running test that was never started',
      { state: 'running' },
      'state is "running", and nothing says since when: use promptv abtest start',
    ],
    [
      'phases of other variants',
      {
        salt: 's',
        state: 'running',
        startedAt: '2026-01-01T00:00:00Z',
        phases: [
          {
            startedAt: '2026-01-01T00:00:00Z',
            weights: { treatment: 1, control: 1 },
            versions: { control: '1.3.0', treatment: '1.4.0' },
          },
        ],
      },
      'phases.0.weights must have the variants in their order',
    ],
    [
      'another version than a started test has',
      {
        salt: 's',
        state: 'running',
        startedAt: '2026-01-01T00:00:00Z',
        phases: [
          {
            startedAt: '2026-01-01T00:00:00Z',
            weights: { control: 1, treatment: 1 },
            versions: { control: '1.3.0', treatment: '1.5.0' },
          },
        ],
      },
      'phases.0.versions are not those of "variants": a test that was started keeps its versions; stop it and create another',
    ],
    [
      'a quantile in a paired design',
      {
        design: 'paired',
        metrics: [{ name: 'latency_ms', direction: 'lower', kind: 'quantile', quantile: 0.95 }],
      },
      'metrics.0.kind "quantile" of latency_ms cannot be compared within a case: use "mean", or design "units"',
    ],
    ['a list', [], ' must be a mapping, not a list'],
  ])('refuses %s', (_, more, problem) => {
    const found = Array.isArray(more)
      ? parse(more).problems.map(({ path, message }) => `${path.join('.')} ${message}`)
      : problemsOf(more);
    expect(found).toContain(problem);
  });
});
