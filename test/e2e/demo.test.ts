import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProgramRun } from '../helpers/run-program.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

describe('the demo', () => {
  let place: TempRepo;
  let run: ProgramRun;
  beforeAll(async () => {
    place = createTempRepo({ init: false });
    run = await place.node(join(projectRoot, 'docs', 'demo.mjs'), []);
  });
  afterAll(() => place.remove());

  it('runs to its end and says where the repository is', () => {
    expect([
      run.exitCode,
      run.stderr.split('\n').filter((line) => line.startsWith('The demo stops')),
    ]).toEqual([0, []]);
    expect(run.stdout).toContain(`The repository is ${place.root}/tmp/promptv-demo-`);
  });

  it('prints every command before its output', () => {
    const commands = run.stdout.split('\n').filter((line) => line.startsWith('$ promptv '));
    const verbs = new Set(commands.map((line) => line.split(' ')[2]));
    expect([...verbs]).toEqual(
      expect.arrayContaining([
        'init',
        'status',
        'lint',
        'test',
        'save',
        'list',
        'diff',
        'log',
        'show',
        'render',
        'restore',
        'metrics',
        'abtest',
        'rollout',
        'doctor',
      ]),
    );
    expect(run.stdout.indexOf('$ promptv init')).toBeLessThan(run.stdout.indexOf('.promptrc.yaml'));
  });

  it('shows a candidate that is slow, and what brings it back', () => {
    expect(run.stdout).toMatch(
      /rag\/answer in staging: aborted at 0 % \(failed: latency_ms <= \+20% \(measured \+[\d.]+%\)\)/,
    );
  });

  it('shows a patch, a minor and a major change', () => {
    for (const [name, version] of [
      ['support/triage', '1.0.1'],
      ['rag/answer', '1.1.0'],
      ['analytics/text-to-sql', '2.0.0'],
    ])
      expect(run.stdout).toMatch(new RegExp(`saved\\s+${name}\\s+1\\.0\\.0 → ${version}`));
  });
});
