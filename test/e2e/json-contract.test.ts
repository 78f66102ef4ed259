import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Command, checkFields, type Json } from '../helpers/json-fields.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { textPrompt } from '../helpers/work-in.ts';

const version = 'prompt version previousVersion bump impact tag commit contentHash path';
const difference = 'prompt from to impact changes patch metrics';
const logged =
  'prompt version tag commit date author message bump impact contentHash status environments meta';

/** Each runs where the ones before it have run. */
const changing: readonly Command[] = [
  { args: ['init'], fields: 'created skipped hooks advice dryRun warnings' },
  { args: ['new', 'fresh'], fields: 'prompt path dryRun warnings' },
  {
    args: ['save', '-m', 'One', '--meta', 'ticket=7'],
    fields: 'saved unchanged skipped pushed pushCommand dryRun warnings',
    parts: { saved: version },
    unlike: ['saved', 'pushCommand'],
  },
  { args: ['unsave', 'fresh@1.0.0'], fields: 'prompt version tag hasFile saveCommand dryRun warnings' },
  {
    args: ['rename', 'old', 'renamed'],
    fields: 'from to path commit updated pushed dryRun warnings',
    unlike: ['commit'],
  },
  { args: ['restore', 'a', '--force'], fields: 'prompt version path changed diffCommand dryRun warnings' },
  { args: ['sync'], fields: 'remote fetched renumbered conflicts dryRun warnings' },
  {
    args: ['doctor', '--fix'],
    fields: 'findings passed dryRun',
    parts: { findings: 'id severity message fix fixable fixed' },
    unlike: ['findings'],
  },
];

const reading: readonly Command[] = [
  {
    args: ['status'],
    fields: 'branch prompts rollouts warnings',
    parts: { prompts: 'prompt path state impact reason latest next refusal problems' },
  },
  {
    args: ['list'],
    fields: 'environments prompts warnings',
    parts: { prompts: 'prompt path type category tags description version state environments rollouts date' },
  },
  { args: ['log', 'a'], fields: 'prompt versions warnings', parts: { versions: logged } },
  { args: ['log'], fields: 'prompt versions warnings', parts: { versions: logged } },
  {
    args: ['show', 'a'],
    fields: 'prompt version contentHash document variables path saved',
    parts: { saved: 'date author message commit' },
  },
  { args: ['show', 'a@working'], fields: 'prompt version contentHash document variables path saved' },
  {
    args: ['diff', 'a', '1.0.0', 'git:HEAD'],
    fields: `${difference} diffs base unversioned warnings`,
    parts: { diffs: `${difference} before after` },
  },
  { args: ['diff'], fields: `${difference} diffs base unversioned warnings` },
  { args: ['render', 'a', '--var', 'x=1'], fields: 'prompt version contentHash text messages' },
  { args: ['config', 'show'], fields: 'path workspace config origins' },
  { args: ['completion', 'bash'], fields: 'shell script' },
];

const period = 'since until sinceLocal untilLocal';
const read = 'coverage warnings';
const side = 'label version since until records errors';

/** The verbs of the metrics log; they read one that was made beforehand. */
const metrics: readonly Command[] = [
  {
    args: ['metrics', 'summary', '--by', 'model,version'],
    fields: `${period} timeZone by groups models ${read}`,
    parts: {
      groups:
        'key count errors withoutStatus errorRate successRate totalCostUsd meanCostUsd firstSeen lastSeen status metrics',
      models: 'key fastest cheapest best mostReliable',
      coverage: 'segments records duplicates skipped problems',
    },
  },
  {
    args: ['metrics', 'errors'],
    fields: `${period} records errorCount withoutStatus errorRate errors ${read}`,
    parts: { errors: 'error count share firstSeen lastSeen prompts versions regions' },
  },
  {
    args: ['metrics', 'compare', 'm', '1.0.0', '1.1.0', '--distribution'],
    fields: `prompt environment confidence a b metrics ${read}`,
    parts: {
      a: side,
      metrics:
        'metric direction test a b change interval relativeChange relativeInterval p verdict reason distribution',
    },
  },
  {
    args: ['metrics', 'regress', 'm', '--baseline', '1.0.0', '--current', '1.1.0'],
    fields: `prompt environment confidence minEffect outlierThreshold baseline current verdict metrics recommendation ${read}`,
    parts: {
      current: side,
      metrics:
        'metric direction regressionDirection change interval cohensD hedgesG tests decidedBy agreement verdict recommendation values missing outliers sampled',
    },
  },
  {
    args: ['metrics', 'trend', 'm', '--metric', 'latency_ms', '--forecast', '1', '--since', '2026-01-01'],
    fields: `prompt metric bucket by timeZone ${period} series changes ${read}`,
    parts: {
      series: 'key points slope interval p r2 verdict forecast reason',
      changes: 'bucket version previousVersion kind comparison',
    },
  },
  { args: ['metrics', 'check'], fields: `environment alerts insufficient passed verdict ${read}` },
  {
    args: ['metrics', 'record', 'm@1.0.0', '--allow-unknown', '--metric', 'x=1', '--id', 'one'],
    fields: 'recorded ids computedCosts dryRun warnings',
  },
  {
    args: ['metrics', 'import', 'log.jsonl', '--format', 'jsonl', '--allow-unknown'],
    fields: 'format read imported duplicates refusedCount refused computedCosts dryRun warnings',
  },
  {
    args: ['metrics', 'prune', '--older-than', '1d', '--dry-run'],
    fields: 'directory before segments bytes removed dryRun warnings',
  },
];

/** Two versions of `m` on two days each, twelve runs a day, a third of them failed. */
const metricsLog = Array.from({ length: 48 }, (_, index) => {
  const day = Math.floor(index / 12) + 1;
  return JSON.stringify({
    ts: `2026-03-0${day}T10:00:${String(index % 12).padStart(2, '0')}Z`,
    prompt: 'm',
    version: day < 3 ? '1.0.0' : '1.1.0',
    id: `r${index}`,
    model: index % 2 === 0 ? 'm1' : 'm2',
    ...(index % 3 === 0 ? { status: 'error', error: 'timeout' } : { status: 'success' }),
    metrics: { latency_ms: 100 + index, quality: 0.5 },
  });
}).join('\n');

const entry =
  'id action version previousVersion contentHash at by reason approvals ci trigger triggeredBy undoes';
const promotion = 'prompt environment version previousVersion unchanged deployment gates rollout samples';
const moved = 'prompt environment from to unchanged impact changes deployment gates';
const written = 'monitors notices commit pushed pushCommand dryRun warnings';
const inProduction = ['--env', 'production', '--reason', 'Now'];

/** The same entry and the same end, whichever way a pointer moves. */
const delivery: readonly Command[] = ['1.0.0', '1.0.1'].map((number) => ({
  args: ['promote', `p@${number}`, ...inProduction],
  fields: `${promotion} promotions refused ${written}`,
  parts: { promotions: promotion, deployment: entry },
}));
const wayBack: Command = {
  args: ['rollback', 'p', ...inProduction],
  fields: `${moved} rollbacks trigger toTime toTimeLocal since refused durationMs slaMet slaMs ${written}`,
  parts: { rollbacks: moved, deployment: entry },
};

/** The object on stdout, once its fields are seen to be those. */
const answer = async (repo: TempRepo, command: Command, ...more: string[]): Promise<Json> => {
  const run = await repo.promptv([...command.args, '--json', ...more]);
  expect([run.exitCode, run.stderr]).toEqual([0, expect.not.stringContaining('error')]);
  return checkFields(run.json(), command);
};

/** Refs, index and every file, byte by byte; the derived cache apart. */
const snapshot = (repo: TempRepo): Json => {
  const files = readdirSync(repo.dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[\\/]\.git[\\/]|[\\/]\.promptv[\\/]cache[\\/]/.test(path));
  return {
    refs: repo.git('for-each-ref'),
    head: repo.git('rev-parse', 'HEAD'),
    index: repo.git('ls-files', '--stage', '--debug').replace(/^ {2}(?!size).*$/gm, ''),
    files: Object.fromEntries(files.map((path) => [path, readFileSync(path, 'base64')])),
  };
};

const without = (result: Json, fields: readonly string[]): Json =>
  Object.fromEntries(Object.entries(result).filter(([field]) => !fields.includes(field)));

let repo: TempRepo;
const dry = new Map<Command, { readonly result: Json; readonly isUntouched: boolean }>();
const real = new Map<Command, Json>();

beforeAll(async () => {
  repo = createTempRepo({
    remote: true,
    files: { 'prompts/a.yaml': textPrompt('{{x}}'), 'prompts/old.yaml': textPrompt('Old') },
  });
  for (const command of changing) {
    if (command.args[0] === 'restore') repo.write('prompts/a.yaml', textPrompt('{{x}}, edited'));
    if (command.args[0] === 'doctor') repo.write('prompts/a.yaml.1234567890', 'torn');
    const before = snapshot(repo);
    const result = await answer(repo, command, '--dry-run');
    dry.set(command, { result, isUntouched: JSON.stringify(snapshot(repo)) === JSON.stringify(before) });
    real.set(command, await answer(repo, command));
  }
}, 60_000);
afterAll(() => repo.remove());

describe('--json of a command that changes something', () => {
  for (const command of changing) {
    it(`${command.args.join(' ')} has all of its fields`, () => {
      expect(Object.keys(real.get(command) ?? {})).toContain('dryRun');
      expect(real.get(command)?.dryRun).toBe(false);
    });

    it(`${command.args.join(' ')} says the same with --dry-run and changes nothing`, () => {
      const { result, isUntouched } = dry.get(command) ?? {};
      const unlike = ['dryRun', ...(command.unlike ?? [])];
      expect(result?.dryRun).toBe(true);
      expect(isUntouched).toBe(true);
      expect(without(result ?? {}, unlike)).toEqual(without(real.get(command) ?? {}, unlike));
    });
  }

  it('save tells the same versions in a dry run, without the commit', () => {
    const [command] = changing.filter(({ args }) => args[0] === 'save');
    const versions = (result: Json | undefined) =>
      (Array.isArray(result?.saved) ? result.saved : []).map((saved: Json) => without(saved, ['commit']));
    if (!command) throw new Error('no save');
    expect(versions(dry.get(command)?.result)).toEqual(versions(real.get(command)));
    expect(versions(real.get(command))).toHaveLength(3);
  });
});

describe('--json of a command that moves a pointer', () => {
  it('has the same entry and the same end for promote and rollback', async () => {
    const place = createTempRepo({ remote: true, files: { 'prompts/p.yaml': textPrompt('One') } });
    try {
      await place.promptv(['save']);
      place.write('prompts/p.yaml', textPrompt('Two'));
      await place.promptv(['save']);
      for (const command of [...delivery, wayBack]) {
        const { deployment, pushCommand } = await answer(place, command);
        expect(deployment).toMatchObject(
          command === wayBack
            ? { trigger: 'manual', triggeredBy: expect.any(String), undoes: expect.any(String) }
            : { trigger: null, triggeredBy: null, undoes: null },
        );
        expect(pushCommand).toBe('git push --atomic origin refs/heads/main');
      }
      place.git('push', '--atomic', 'origin', 'refs/heads/main');
    } finally {
      place.remove();
    }
  });
});

describe('--json of the metrics log', () => {
  let place: TempRepo;
  beforeAll(() => {
    const log = `\n${metricsLog}\n`;
    place = createTempRepo({
      files: {
        'prompts/m.yaml': textPrompt('m'),
        'log.jsonl': log,
        '.promptv/metrics/2026-03-01.jsonl': log,
      },
    });
  });
  afterAll(() => place.remove());

  for (const command of metrics) {
    it(`${command.args.join(' ')} has all of its fields`, async () => {
      const run = await place.promptv([...command.args, '--json']);
      expect([0, 3]).toContain(run.exitCode);
      checkFields(run.json(), command);
    });
  }

  it('tail and export print the records themselves', async () => {
    for (const args of [
      ['metrics', 'tail', '-n', '48'],
      ['metrics', 'export'],
    ]) {
      const { stdout } = await place.promptv([...args, '--where', 'version=1.1.0', '--json']);
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(records).toHaveLength(24);
      expect(records[0]).toMatchObject({ prompt: 'm', version: '1.1.0', metrics: { quality: 0.5 } });
    }
  });
});

describe('--json of a command that reads', () => {
  for (const command of reading) {
    it.concurrent(`${command.args.join(' ')} has all of its fields`, async () => {
      const result = await answer(repo, command);
      for (const value of Object.values(result)) expect(value).not.toBeUndefined();
    });
  }

  it.concurrent('is null where there is no value', async () => {
    const shown = await answer(repo, reading[5] ?? { args: [], fields: '' });
    expect(shown).toMatchObject({ version: null, saved: null });
    const several = await answer(repo, reading[7] ?? { args: [], fields: '' });
    expect(several).toMatchObject({ prompt: null, patch: null, diffs: [] });
  });
});

describe('the ends of a command', () => {
  it.concurrent('a difference is 3 only with --exit-code', async () => {
    const operands = ['a@1.0.0', 'renamed@working'];
    expect((await repo.promptv(['diff', ...operands])).exitCode).toBe(0);
    const checked = await repo.promptv(['diff', ...operands, '--exit-code', '--json']);
    expect([checked.exitCode, checked.json().ok]).toEqual([3, true]);
    expect((await repo.promptv(['diff', 'a', '--exit-code'])).exitCode).toBe(0);
  });

  it.concurrent('show --raw writes exact bytes', async () => {
    expect((await repo.promptv(['show', 'a', '--raw'])).stdout).toBe(textPrompt('{{x}}'));
  });

  it.concurrent('a failure leaves stdout empty and ends stderr with its code', async () => {
    const run = await repo.promptv(['show', 'nowhere', '--json']);
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.error()).toMatchObject({
      code: 'PROMPT_NOT_FOUND',
      hint: expect.stringContaining('promptv list'),
    });
  });

  it.concurrent('--quiet keeps the answer that was asked for', async () => {
    const [saved, rendered] = await Promise.all([
      repo.promptv(['save', '--quiet', '--dry-run']),
      repo.promptv(['render', 'a', '--var', 'x=1', '--quiet']),
    ]);
    expect([saved.exitCode, saved.stdout, saved.stderr]).toEqual([0, '', '']);
    expect(rendered.stdout).toBe('1\n');
  });
});
