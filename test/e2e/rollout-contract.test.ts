import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryRepo, environmentsConfig, promoteIn } from '../helpers/delivery.ts';
import { type Command, checkFields } from '../helpers/json-fields.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';

const view =
  'id prompt environment strategy state pause stable candidate step steps weight attempt since holdUntil reason';
const check = 'gate source verdict stable candidate value interval bound detail queries';
const promotion = 'prompt environment version previousVersion unchanged deployment gates rollout samples';
const tick = 'prompt environment outcome changed why rollout checks ratio nextAt commit pushed pushCommand';
const event = 'seq at by action state attempt step weight pause reason checks';

const changed: Pick<Command, 'fields' | 'parts'> = {
  fields:
    'prompt environment verb rollout unchanged deployment notices commit pushed pushCommand dryRun warnings',
  parts: { rollout: view },
};

const place = ['greet', '--env', 'production'];
const verb = (...args: readonly string[]): Command => ({ args: ['rollout', ...args], ...changed });

/** Each runs where the ones before it have run. */
const commands: readonly (Command & { readonly exitCode?: number })[] = [
  {
    args: ['promote', 'greet@1.0.1', '--env', 'production', '--strategy', 'canary'],
    fields: `${promotion} promotions refused monitors notices commit pushed pushCommand dryRun warnings`,
    parts: { promotions: promotion, rollout: view, samples: 'gate candidate reason' },
  },
  { args: ['status'], fields: 'branch prompts rollouts warnings', parts: { rollouts: view } },
  { args: ['rollout', 'list'], fields: 'rollouts warnings', parts: { rollouts: view } },
  {
    args: ['rollout', 'status', ...place],
    fields: 'rollout checks ratio drift next lastEvent warnings',
    parts: {
      rollout: view,
      checks: check,
      ratio: 'units p mismatch detail',
      next: 'outcome why',
      lastEvent: event,
    },
  },
  {
    args: ['rollout', 'tick'],
    fields: `${tick} ticks halted dryRun warnings`,
    parts: { ticks: `${tick} notices warnings`, rollout: view, checks: check },
  },
  verb('set-weight', 'greet', '7', '--env', 'production'),
  verb('pause', ...place),
  verb('resume', ...place),
  verb('promote', ...place),
  verb('abort', ...place),
  verb('abort', ...place),
  {
    args: ['rollout', 'tick', ...place],
    fields: `${tick} ticks halted dryRun warnings`,
    exitCode: 3,
  },
  verb('retry', ...place),
  verb('promote', ...place, '--full', '--reason', 'Now'),
  {
    args: ['rollout', 'history', ...place],
    fields: 'prompt environment rollouts warnings',
    parts: { rollouts: 'rollout deployment events' },
  },
];

let repo: TempRepo;
beforeAll(async () => {
  const files = { ...environmentsConfig(), '.gitignore': '.promptv/cache/\n.promptv/metrics/\n' };
  repo = await createDeliveryRepo({ files, versions: 2 });
  await promoteIn(repo, 'greet@1.0.0');
}, 60_000);
afterAll(() => repo.remove());

describe('--json of a rollout, from its beginning to its end', () => {
  for (const command of commands)
    it(`${command.args.join(' ')} has all of its fields`, async () => {
      const run = await repo.promptv([...command.args, '--json']);
      expect([run.exitCode, run.stderr]).toEqual([command.exitCode ?? 0, '']);
      checkFields(run.json(), command);
    });

  it.each([
    { args: ['run', ...place], fields: `${tick} notices warnings` },
    { args: ['status', ...place, '--watch'], fields: 'rollout checks ratio drift next lastEvent warnings' },
  ])('rollout $args.0 is a stream of such objects, that ends with the rollout', async ({ args, fields }) => {
    const run = await repo.promptv(['rollout', ...args, '--json']);
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(Object.keys(JSON.parse(lines[0] ?? '')).sort()).toEqual(fields.split(' ').sort());
  });
});

describe('an emergency while the configuration is being edited', () => {
  it.each([
    { args: ['rollout', 'abort', ...place], field: 'verb', is: 'abort' },
    { args: ['rollback', ...place, '--to', '1.0.0'], field: 'to', is: '1.0.0' },
  ])('$args.0 goes by the one last committed, and says so', async ({ args, field, is }) => {
    await promoteIn(repo, 'greet@1.0.0');
    await promoteIn(repo, 'greet@1.0.1', args[0] === 'rollback' ? {} : { strategy: 'canary' });
    repo.write('.promptrc.yaml', 'environments: [');
    const refused = await repo.promptv(args);
    const run = await repo.promptv([...args, '--emergency', '--json']);
    repo.git('checkout', '--', '.promptrc.yaml');
    expect([refused.exitCode, run.exitCode]).toEqual([2, 0]);
    expect(run.stderr).toMatch(
      /^warning: The configuration \S+ is not valid; the one last committed is used\.\n$/,
    );
    expect(run.json()).toMatchObject({ [field]: is });
  });
});
