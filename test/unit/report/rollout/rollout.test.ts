import { describe, expect, it } from 'vitest';
import type { RolloutView } from '../../../../src/operations/rollout/rollout-view.ts';
import { formatRolloutChange } from '../../../../src/report/rollout/change.ts';
import { formatSteps } from '../../../../src/report/rollout/headline.ts';
import { drawInterval } from '../../../../src/report/rollout/interval-plot.ts';
import { formatRolloutList } from '../../../../src/report/rollout/list.ts';
import { rollout as view } from './view.ts';

const now = new Date('2026-03-01T00:00:00Z');
const pipe = { columns: null, color: false, now };
const terminal = { columns: 100, color: false, now };

const rollout: RolloutView = { ...view, prompt: 'greet', strategy: 'canary\u001b[31m' };

describe('reports of rollouts', () => {
  it('mark the step and draw the share', () => {
    expect(formatSteps(rollout, terminal).split('\n')).toEqual([
      'Steps: 5 % → [10 %] → 100 %',
      '██░░░░░░░░░░░░░░░░░░ 10 % of the units get the candidate (step 2 of 3).',
    ]);
    expect(formatSteps({ ...rollout, attempt: 2 }, pipe)).toContain('step 2 of 3, attempt 2');
    expect(formatSteps(rollout, pipe)).not.toContain('█');
  });

  it('list one a row, in a pipe with the moment and without what a terminal would obey', () => {
    expect(formatRolloutList({ rollouts: [], warnings: [] }, pipe)).toBe('No rollout is under way.');
    const row = formatRolloutList({ rollouts: [rollout], warnings: [] }, pipe);
    expect(row).toContain('greet\tproduction\t1.0.0\t1.1.0\trunning\t10 %\t2 of 3\t2026-03-01T02:00:00.000Z');
    expect(row).not.toContain('\u001b');
  });

  it('say who reads what after a change', () => {
    const result = {
      ...{ prompt: 'greet', environment: 'production', deployment: null, dryRun: false, warnings: [] },
      ...{
        verb: 'abort' as const,
        unchanged: false,
        commit: null,
        pushed: false,
        pushCommand: null,
        notices: [],
      },
    };
    const changed = (view: RolloutView, unchanged = false) =>
      formatRolloutChange({ ...result, unchanged, rollout: view }, terminal);
    expect(changed(rollout)).toContain('10 % of the units get 1.1.0.');
    expect(changed({ ...rollout, state: 'aborted' }, true)).toMatch(
      /^It is done already: .*\nEveryone reads 1\.0\.0\./,
    );
    expect(changed({ ...rollout, state: 'succeeded' })).toContain('Everyone reads 1.1.0.');
  });

  it('draw an interval against its bound, also where they are one point', () => {
    expect(drawInterval({ value: 0.1, interval: [0, 0.2], bound: 0.4 })).toBe('├─────●─────┤           ┃');
    expect(drawInterval({ value: 1, interval: [1, 1], bound: 1 })).toBe('┃');
    expect(drawInterval({ value: 1, interval: null, bound: 1 })).toBe('');
  });
});
