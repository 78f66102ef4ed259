import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withGitCounter } from '../helpers/kill-points.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

interface Status {
  readonly prompts: readonly { readonly prompt: string; readonly state: string; readonly latest: string }[];
}

/** A repository of the benchmark: 55 prompts, among them two partials and nine prompts that include one. */
const build = async (place: TempRepo, folder: string, sizes: readonly string[]): Promise<string> => {
  const dir = join(place.root, folder);
  const run = await place.node(join(projectRoot, 'bench', 'make-repo.mjs'), [dir, ...sizes]);
  if (run.exitCode !== 0) throw new Error(run.stderr);
  return dir;
};

describe('the repository of the benchmark', () => {
  let place: TempRepo;
  let large: string;
  let small: string;
  beforeAll(async () => {
    place = createTempRepo({ init: false });
    large = await build(place, 'large', ['--prompts', '55', '--versions', '12']);
    small = await build(place, 'small', ['--prompts', '6', '--versions', '2']);
  });
  afterAll(() => place.remove());

  it('has tags that promptv takes for its own', async () => {
    const run = await place.promptv(['status', '--json'], { cwd: large });
    const { prompts } = run.json<Status>();
    expect(prompts).toHaveLength(55);
    expect(prompts.filter(({ state }) => state !== 'clean')).toEqual([]);
    const log = await place.promptv(['log', 'team-00/billing/prompt-0005', '--json'], { cwd: large });
    expect(log.json<{ versions: unknown[] }>().versions).toHaveLength(12);
    const doctor = await place.promptv(['doctor', '--json'], { cwd: large });
    expect(doctor.json().findings).toEqual([]);
  });

  it('has environments in which every version is what was promoted', async () => {
    const file = join(place.root, 'bench.json');
    const run = await place.promptv(['bundle', '-o', file, '--json'], { cwd: large });
    expect(run.json().environments).toEqual(['development', 'production', 'staging']);
    const verified = await place.promptv(['verify', file, '--json'], { cwd: large });
    expect(verified.json()).toMatchObject({ valid: true, checkedAgainst: 'git' });
  });

  it('is the same every time', async () => {
    const again = await build(place, 'again', ['--prompts', '6', '--versions', '2']);
    const refs = (dir: string) => place.git('-C', dir, 'for-each-ref', '--format=%(objectname) %(refname)');
    expect(refs(again)).toBe(refs(small));
    expect(refs(small).split('\n')).toHaveLength(13);
  });

  it('has packed refs and a clean work tree', () => {
    expect(place.git('-C', large, 'status', '--short')).toBe('');
    expect(place.git('-C', large, 'count-objects')).toMatch(/^0 objects/);
  });

  const countCalls = async (dir: string, args: readonly string[]): Promise<number> => {
    const counter = withGitCounter(place);
    const run = await place.promptv(args, { cwd: dir, env: counter.env });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(counter.calls().length).toBeGreaterThan(0);
    return counter.calls().length;
  };
  const plain = 'team-00/search/prompt-0001';
  const including = 'team-00/billing/prompt-0005';

  it.each(['log', 'show', 'diff'])('takes at most 3 git processes for %s', async (verb) => {
    expect(await countCalls(large, [verb, plain])).toBeLessThanOrEqual(3);
  });

  it('takes at most 3 git processes for log of a prompt that includes another', async () => {
    expect(await countCalls(large, ['log', including])).toBeLessThanOrEqual(3);
  });

  it.each([
    'show',
    'diff',
  ])('takes at most 3 git processes for %s of a prompt that includes another', async (verb) => {
    expect(await countCalls(large, [verb, including])).toBeLessThanOrEqual(3);
  });

  it.each([plain, including])('takes at most 3 git processes to get %s', async (name) => {
    const values = ['--var', 'input=x', '--var', 'maxWords10=y'];
    expect(await countCalls(large, ['get', name, '--env', 'production', ...values])).toBeLessThanOrEqual(3);
  });

  it.each([plain, including])('takes at most 8 git processes to save %s', async (name) => {
    const file = join(large, `prompts/${name}.yaml`);
    place.write(file, `${place.read(file)}edited: true\n`);
    const tags = () => place.git('-C', large, 'tag', '--list', `prompts/${name}@*`).split('\n').length;
    const before = tags();
    expect(await countCalls(large, ['save', name, '-m', 'x'])).toBeLessThanOrEqual(8);
    expect(tags()).toBe(before + 1);
  });

  it.each([
    'status',
    'list',
  ])('takes no more git processes for %s than in a small repository', async (verb) => {
    expect(await countCalls(large, [verb])).toBeLessThanOrEqual(await countCalls(small, [verb]));
  });
});
