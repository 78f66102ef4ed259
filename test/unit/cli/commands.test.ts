import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotateCommand } from '../../../src/cli/commands/annotate.ts';
import { approveCommand, rejectCommand } from '../../../src/cli/commands/approval/decide.ts';
import { pendingCommand } from '../../../src/cli/commands/approval/pending.ts';
import { approvalStatusCommand } from '../../../src/cli/commands/approval/status.ts';
import { submitCommand } from '../../../src/cli/commands/approval/submit.ts';
import { auditCommand } from '../../../src/cli/commands/audit.ts';
import { bundleCommand } from '../../../src/cli/commands/bundle.ts';
import { configCommand } from '../../../src/cli/commands/config.ts';
import { diffCommand } from '../../../src/cli/commands/diff.ts';
import { doctorCommand } from '../../../src/cli/commands/doctor.ts';
import { envDiffCommand } from '../../../src/cli/commands/env/diff.ts';
import { envHistoryCommand } from '../../../src/cli/commands/env/history.ts';
import { envListCommand } from '../../../src/cli/commands/env/list.ts';
import { envReportCommand } from '../../../src/cli/commands/env/report.ts';
import { envShowCommand } from '../../../src/cli/commands/env/show.ts';
import { getCommand } from '../../../src/cli/commands/get.ts';
import { initCommand } from '../../../src/cli/commands/init.ts';
import { listCommand } from '../../../src/cli/commands/list.ts';
import { logCommand } from '../../../src/cli/commands/log.ts';
import { metricsCheckCommand } from '../../../src/cli/commands/metrics/check.ts';
import { metricsCompareCommand } from '../../../src/cli/commands/metrics/compare.ts';
import { metricsErrorsCommand } from '../../../src/cli/commands/metrics/errors.ts';
import { metricsImportCommand } from '../../../src/cli/commands/metrics/import.ts';
import { metricsPruneCommand } from '../../../src/cli/commands/metrics/prune.ts';
import { metricsRecordCommand } from '../../../src/cli/commands/metrics/record.ts';
import { metricsRegressCommand } from '../../../src/cli/commands/metrics/regress.ts';
import { metricsSummaryCommand } from '../../../src/cli/commands/metrics/summary.ts';
import { metricsTrendCommand } from '../../../src/cli/commands/metrics/trend.ts';
import { newCommand } from '../../../src/cli/commands/new.ts';
import { renameCommand } from '../../../src/cli/commands/rename.ts';
import { renderCommand } from '../../../src/cli/commands/render.ts';
import { restoreCommand } from '../../../src/cli/commands/restore.ts';
import { saveCommand } from '../../../src/cli/commands/save.ts';
import { showCommand } from '../../../src/cli/commands/show.ts';
import { statusCommand } from '../../../src/cli/commands/status.ts';
import { syncCommand } from '../../../src/cli/commands/sync.ts';
import { unsaveCommand } from '../../../src/cli/commands/unsave.ts';
import { verifyCommand } from '../../../src/cli/commands/verify.ts';
import { promptvError } from '../../../src/errors.ts';
import { createTestContext, parse } from './testing.ts';

/** Stops a command once it has made its request. */
class Asked extends Error {
  readonly request: unknown;
  constructor(request: unknown) {
    super('asked');
    this.request = request;
  }
}

const ask = async (_: object | null, request: unknown): Promise<never> => {
  throw new Asked(request);
};

const commands = {
  init: initCommand,
  new: newCommand,
  save: saveCommand,
  unsave: unsaveCommand,
  rename: renameCommand,
  sync: syncCommand,
  status: statusCommand,
  list: listCommand,
  log: logCommand,
  show: showCommand,
  diff: diffCommand,
  restore: restoreCommand,
  render: renderCommand,
  'approval submit': submitCommand,
  'approval approve': approveCommand,
  'approval reject': rejectCommand,
  'approval status': approvalStatusCommand,
  'approval pending': pendingCommand,
  annotate: annotateCommand,
  audit: auditCommand,
  'env list': envListCommand,
  'env show': envShowCommand,
  'env history': envHistoryCommand,
  'env diff': envDiffCommand,
  'env report': envReportCommand,
  'metrics check': metricsCheckCommand,
  'metrics compare': metricsCompareCommand,
  'metrics trend': metricsTrendCommand,
  'metrics regress': metricsRegressCommand,
  get: getCommand,
  bundle: bundleCommand,
  doctor: doctorCommand,
  config: configCommand,
  'metrics record': metricsRecordCommand,
  'metrics summary': metricsSummaryCommand,
  'metrics errors': metricsErrorsCommand,
  'metrics import': metricsImportCommand,
  'metrics prune': metricsPruneCommand,
};

type Name = keyof typeof commands;

/** The request that a command line makes of its operation. */
const requestOf = async (name: Name, words: readonly string[]): Promise<unknown> => {
  try {
    await parse(commands[name](createTestContext(), ask), words);
  } catch (error) {
    if (error instanceof Asked) return error.request;
    throw error;
  }
  return undefined;
};

const requests: readonly (readonly [Name, readonly string[], object])[] = [
  ['init', [], {}],
  [
    'metrics record',
    [
      'a@1.0.0',
      '--metric',
      'latency_ms=-1.5e3',
      '--metric',
      'x=0x1',
      '--env',
      'production',
      '--meta',
      'k=v=w',
    ],
    {
      ref: 'a@1.0.0',
      environment: 'production',
      fields: {},
      metrics: { latency_ms: -1500, x: Number.NaN },
      meta: { k: 'v=w' },
    },
  ],
  [
    'metrics record',
    [
      'a',
      '--error',
      'timeout',
      '--unit',
      'u',
      '--id',
      'i',
      '--at',
      '2026-03-01',
      '--allow-unknown',
      '--dry-run',
    ],
    {
      ref: 'a',
      at: '2026-03-01',
      fields: { error: 'timeout', unit: 'u', id: 'i' },
      allowUnknown: true,
      dryRun: true,
    },
  ],
  ['metrics record', ['--stdin'], { fields: {}, lines: '' }],
  ['metrics summary', [], { prompts: [] }],
  [
    'metrics summary',
    [
      'a',
      '--by',
      'version,day',
      '--by',
      'region',
      '--metric',
      'x',
      '--tz',
      'UTC',
      '--where',
      'model=',
      '--since',
      '7d',
    ],
    {
      prompts: ['a'],
      by: ['version', 'day', 'region'],
      only: ['x'],
      timeZone: 'UTC',
      where: [{ field: 'model', value: null }],
      since: '7d',
    },
  ],
  [
    'metrics errors',
    ['--where', 'meta.a=b=c', '--where', 'region=eu', '--metrics', 'log.jsonl'],
    {
      prompts: [],
      where: [
        { field: 'meta.a', value: 'b=c' },
        { field: 'region', value: 'eu' },
      ],
      metrics: 'log.jsonl',
    },
  ],
  [
    'metrics import',
    ['x.csv', '--format', 'csv', '--prompt', 'a@1.0.0', '--env', 'production'],
    { source: resolve('/start', 'x.csv'), format: 'csv', ref: 'a@1.0.0', environment: 'production' },
  ],
  ['metrics prune', ['--older-than', '90d', '--force'], { olderThan: '90d', force: true }],
  ['init', ['--example', '--dry-run'], { example: true, dryRun: true }],
  ['new', ['a/b'], { name: 'a/b' }],
  ['new', ['a', '--from', 'x.txt', '--dry-run'], { name: 'a', from: 'x.txt', dryRun: true }],
  ['save', [], { names: [], verify: true }],
  [
    'save',
    ['a', 'b', '--bump', 'prerelease', '--preid', 'rc'],
    { names: ['a', 'b'], bump: 'prerelease', preid: 'rc', verify: true },
  ],
  [
    'save',
    ['a', '--set-version', '2.0.0', '--no-verify'],
    { names: ['a'], setVersion: '2.0.0', verify: false },
  ],
  ['save', ['-m', 'One', '-m', 'Two'], { names: [], message: 'One\n\nTwo', verify: true }],
  [
    'save',
    ['-m', '-quieter tone', '--author', 'A <a@b.c>'],
    { names: [], message: '-quieter tone', author: 'A <a@b.c>', verify: true },
  ],
  [
    'save',
    ['--meta', 'ticket=A=1', '--meta', 'note='],
    { names: [], meta: { ticket: 'A=1', note: '' }, verify: true },
  ],
  [
    'save',
    ['--push', 'a', '--remote', 'up', '--dry-run'],
    { names: ['a'], push: true, remote: 'up', dryRun: true, verify: true },
  ],
  ['save', ['--remote', 'up'], { names: [], remote: 'up', verify: true }],
  ['save', ['--', '--push'], { names: ['--push'], verify: true }],
  ['unsave', ['a@1.0.0', '--remote', 'up', '--dry-run'], { ref: 'a@1.0.0', remote: 'up', dryRun: true }],
  [
    'rename',
    ['a', 'b', '-m', 'why', '--push', '--no-verify', '--dry-run'],
    { from: 'a', to: 'b', message: 'why', push: true, verify: false, dryRun: true },
  ],
  ['sync', [], {}],
  ['sync', ['--tags', '--remote', 'up', '--dry-run'], { tagsOnly: true, remote: 'up', dryRun: true }],
  ['status', [], { names: [] }],
  ['status', ['a', 'b.yaml', '--staged'], { names: ['a', 'b.yaml'], staged: true }],
  ['list', [], {}],
  [
    'list',
    ['--type', 't', '--category', 'c', '--tag', 'x', '--env', 'prod'],
    { type: 't', category: 'c', tag: 'x', environment: 'prod' },
  ],
  ['log', [], {}],
  [
    'log',
    ['a', '1.0.0..2.0.0', '-n', '5', '--format', 'markdown'],
    { name: 'a', range: '1.0.0..2.0.0', limit: 5 },
  ],
  ['log', ['../prompts/a.yaml'], { name: '../prompts/a.yaml' }],
  ['show', ['a@latest'], { ref: 'a@latest' }],
  ['show', ['a', '--raw'], { ref: 'a' }],
  ['diff', [], { operands: [] }],
  ['diff', ['a', '1.0.0', '--staged', '--word', '--exit-code'], { operands: ['a', '1.0.0'], staged: true }],
  ['diff', ['a@1.0.0', 'b@2.0.0', '--side-by-side'], { operands: ['a@1.0.0', 'b@2.0.0'] }],
  ['restore', ['a@1.0.0', '--force', '--dry-run'], { ref: 'a@1.0.0', force: true, dryRun: true }],
  ['render', ['a'], { ref: 'a' }],
  [
    'render',
    ['a', '--var', 'x=1=2', '--var', 'y=', '--vars', 'v.json'],
    { ref: 'a', textVariables: { x: '1=2', y: '' }, variablesFile: 'v.json' },
  ],
  [
    'approval submit',
    [
      'a@1.0.0',
      '--env',
      'prod',
      '--comment',
      'why',
      '--push',
      '--remote',
      'up',
      '--branch',
      'b',
      '--dry-run',
    ],
    {
      ref: 'a@1.0.0',
      environment: 'prod',
      comment: 'why',
      push: true,
      remote: 'up',
      branch: 'b',
      dryRun: true,
    },
  ],
  [
    'approval approve',
    ['a', '--env', 'prod', '--stage', 's', '--comment', '-1'],
    { ref: 'a', environment: 'prod', stage: 's', decision: 'approve', comment: '-1' },
  ],
  [
    'approval reject',
    ['a', '--env', 'prod', '--stage', 's'],
    { ref: 'a', environment: 'prod', stage: 's', decision: 'reject' },
  ],
  [
    'approval status',
    ['a', '--env', 'prod', '--branch', 'b'],
    { ref: 'a', environment: 'prod', branch: 'b' },
  ],
  ['approval pending', [], {}],
  ['approval pending', ['--approver', 'a@b.c', '--env', 'prod'], { approver: 'a@b.c', environment: 'prod' }],
  ['annotate', ['a@1.0.0', 'why', '--mark', 'none'], { ref: 'a@1.0.0', text: 'why', mark: 'none' }],
  ['audit', [], {}],
  [
    'audit',
    ['a', '--since', '7d', '--by', 'ada', '--branch', 'b', '--format', 'csv'],
    { name: 'a', since: '7d', by: 'ada', branch: 'b' },
  ],
  ['env list', [], {}],
  ['env show', ['prod'], { environment: 'prod' }],
  ['env show', ['prod', '--at', '2026-01-02'], { environment: 'prod', at: '2026-01-02' }],
  ['env history', ['prod', 'a', '-n', '3'], { environment: 'prod', name: 'a', limit: 3 }],
  ['env diff', ['x', 'y'], { a: 'x', b: 'y' }],
  [
    'metrics regress',
    [...['p', '--baseline', '1.0.0', '--current', '7d', '--test', 'welch'], ...['--min-effect', '0.2']],
    { name: 'p', baseline: '1.0.0', current: '7d', tests: ['welch'], minEffect: 0.2 },
  ],
  [
    'metrics trend',
    ['p', '--metric', 'm', '--forecast', '2', '--tz', 'UTC', '--by', 'version'],
    { name: 'p', metric: 'm', bucket: 'day', forecast: 2, timeZone: 'UTC', by: 'version' },
  ],
  ['metrics check', ['--env', 'prod'], { environment: 'prod' }],
  [
    'metrics compare',
    ['p', '1.0.0', '7d', '--metric', 'x', '--metric', 'y', '--env', 'prod', '--confidence', '0.9'],
    { name: 'p', a: '1.0.0', b: '7d', metric: ['x', 'y'], environment: 'prod', confidence: 0.9 },
  ],
  ['env report', ['--since', '2026-01-02'], { since: '2026-01-02' }],
  [
    'get',
    ['a', '--env', 'production', '--var', 'x=1=2'],
    { prompt: 'a', environment: 'production', textVariables: { x: '1=2' } },
  ],
  ['bundle', ['-o', 'b.json'], { output: 'b.json' }],
  [
    'bundle',
    ['--env', 'a', '--env', 'b', '--prompt', 'x/**', '-o', '-', '--dry-run'],
    { environments: ['a', 'b'], prompts: ['x/**'], dryRun: true },
  ],
  ['doctor', [], {}],
  ['doctor', ['--fix', '--dry-run'], { fix: true, dryRun: true }],
  ['config', ['show'], {}],
];

const refusals: readonly (readonly [Name, readonly string[], RegExp])[] = [
  ['new', [], /missing required argument 'name'/],
  ['new', ['a', '--from', ''], /It is empty/],
  ['save', ['-m', ''], /It is empty/],
  ['save', ['-m', '  '], /It is empty/],
  ['save', ['--bump', 'huge'], /Allowed choices/],
  ['save', ['a', '--set-version', '1.0.0', '--bump', 'patch'], /cannot be used with/],
  ['save', ['a', 'b', '--set-version', '1.0.0'], /exactly one prompt, and 2 are named/],
  ['save', ['--set-version', '1.0.0'], /exactly one prompt, and none is named/],
  ['save', ['--meta', 'ticket'], /it has no "="/],
  ['save', ['--meta', '=1'], /nothing stands before/],
  ['save', ['--meta', 'a=1', '--meta', 'a=2'], /"a" is given twice/],
  ['save', ['--meta', '__proto__=1'], /"__proto__" is no name/],
  ['save', ['--push=origin'], /unknown option '--push=origin'/],
  ['save', ['--remote', ''], /It is empty/],
  ['rename', ['a'], /missing required argument 'new'/],
  ['log', ['-n', '-1'], /whole number/],
  ['log', ['-n', '0'], /whole number/],
  ['log', ['-n', 'many'], /whole number/],
  ['log', ['-n', '1e3'], /whole number/],
  ['log', ['-n', '99999999999999999999'], /whole number/],
  ['log', ['1.0.0..2.0.0'], /stands where the prompt is named/],
  ['log', ['a', '--format', 'html'], /Allowed choices/],
  ['approval submit', ['a'], /required option '--env <environment>'/],
  ['approval approve', ['a', '--env', 'prod'], /required option '--stage <stage>'/],
  ['approval reject', ['a', '--env', 'prod', '--stage', ''], /It is empty/],
  ['annotate', ['a'], /missing required argument 'text'/],
  ['annotate', ['a', 'b', '--mark', 'old'], /Allowed choices/],
  ['audit', ['--format', 'xml'], /Allowed choices/],
  ['show', [], /missing required argument 'ref'/],
  ['show', ['a', 'b'], /too many arguments/],
  ['metrics record', [], /The prompt is missing/],
  ['metrics record', ['a'], /nothing to record/],
  ['metrics record', ['a', '--metric', 'latency'], /it has no "="/],
  ['metrics record', ['a', '--status', 'fine'], /Allowed choices/],
  ['metrics record', ['a', '--status', 'success', '--error', 'x'], /did not succeed/],
  ['metrics record', ['--stdin', '--id', 'x'], /cannot name every line/],
  ['metrics summary', ['--where', 'model'], /--where entry model is not valid/],
  ['metrics import', ['x'], /required option '--format/],
  ['metrics import', ['x', '--format', 'xml'], /Allowed choices/],
  ['metrics prune', [], /required option '--older-than/],
  ['env show', [], /missing required argument 'environment'/],
  ['env show', ['prod', '--at', ''], /It is empty/],
  ['env history', ['prod', 'a', 'b'], /too many arguments/],
  ['env diff', ['x'], /missing required argument 'other-environment'/],
  ['diff', ['a', '1', '2', '3'], /at most three operands, not 4/],
  ['diff', ['a', '1', '2', '--staged'], /TO is given too/],
  ['diff', ['--stat', '--word'], /cannot be used with/],
  ['diff', ['--stat', '--side-by-side'], /cannot be used with/],
  ['diff', ['--word', '--side-by-side'], /cannot be used with/],
  ['diff', ['a', '--metrics'], /--metrics needs two versions/],
  ['render', ['a', '--var', 'x'], /it has no "="/],
  ['render', ['a', '--var', '=x'], /nothing stands before/],
  ['render', ['a', '--var', 'x=1', '--var', 'x=1'], /"x" is given twice/],
  ['render', ['a', '--var', '__proto__=1'], /"__proto__" is no name/],
  ['get', ['a'], /required option '--env/],
  ['get', ['a', '--env', ''], /It is empty/],
  ['get', ['a', '--env', 'e', '--var', 'x'], /it has no "="/],
  ['get', ['a', '--env', 'e', '--bundle', ''], /It is empty/],
  ['get', ['--env', 'e'], /missing required argument/],
  ['bundle', [], /required option '-o/],
  ['bundle', ['--env', '', '-o', 'x'], /It is empty/],
  ['render', ['a', '--vars', ''], /It is empty/],
  ['render', ['a', '--format', 'xml'], /Allowed choices/],
];

const line = (name: Name, words: readonly string[]): string => ['promptv', name, ...words].join(' ');

describe('a command turns its flags into a request', () => {
  for (const [name, words, request] of requests) {
    it(line(name, words), async () => {
      expect(await requestOf(name, words)).toEqual(request);
    });
  }
});

describe('a command refuses before it asks for work', () => {
  for (const [name, words, reason] of refusals) {
    it(line(name, words), async () => {
      await expect(requestOf(name, words)).rejects.toThrow(reason);
    });
  }
});

describe('a nested run under our own commit', () => {
  it('looks but does not mend', async () => {
    const context = { ...createTestContext(), env: { PROMPTV_IN_COMMIT: '1' } };
    await parse(doctorCommand(context, ask), ['--fix']);
    await expect(parse(doctorCommand(context, ask), [])).rejects.toThrow('asked');
  });
});

describe('show', () => {
  it('refuses --raw beside --json', async () => {
    const context = { ...createTestContext(), json: true };
    await expect(parse(showCommand(context, ask), ['a', '--raw'])).rejects.toThrow(/exclude each other/);
  });
});

describe('get --bundle', () => {
  it('asks the bundle and opens no workspace', async () => {
    const context = { ...createTestContext(), openWorkspace: () => Promise.reject(new Error('opened')) };
    const asked = getCommand(context, ask, (path, request) => ask({}, { path, request }));
    const words = ['a', '--env', 'production', '--bundle', 'b.json'];
    await expect(parse(asked, words)).rejects.toMatchObject({
      request: {
        path: resolve(context.cwd, 'b.json'),
        request: { prompt: 'a', environment: 'production' },
      },
    });
  });
});

describe('bundle', () => {
  it('refuses stdout beside --json', async () => {
    const context = { ...createTestContext(), json: true };
    await expect(parse(bundleCommand(context, ask), ['-o', '-'])).rejects.toThrow(/cannot go to stdout/);
  });
});

describe('verify', () => {
  it('goes without a workspace where there is no repository, and nowhere else', async () => {
    const request = { file: resolve(createTestContext().cwd, 'b.json') };
    const without = { ...createTestContext(), openWorkspace: failWith('NOT_A_REPOSITORY') };
    const asked = verifyCommand(without, (workspace, request) => ask({}, { workspace, request }));
    await expect(parse(asked, ['b.json'])).rejects.toMatchObject({ request: { workspace: null, request } });
    const broken = { ...createTestContext(), openWorkspace: failWith('CONFIG_INVALID') };
    await expect(parse(verifyCommand(broken, ask), ['b.json'])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

const failWith = (code: 'NOT_A_REPOSITORY' | 'CONFIG_INVALID') => () => Promise.reject(promptvError(code));
