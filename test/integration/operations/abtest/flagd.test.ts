import { FlagdCore } from '@openfeature/flagd-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign, exportFlags, showExperiment } from '../../../../src/index.ts';
import {
  createIn,
  createTestedRepo,
  saltedDefinition,
  startIn,
  stopIn,
} from '../../../helpers/experiments.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';
import { call } from '../../../helpers/work-in.ts';

let repo: TempRepo;
beforeAll(async () => {
  repo = await createTestedRepo();
});
afterAll(() => repo.remove());

const exportIn = () => call(repo, exportFlags, { environment: 'production' });

/** A client of these flags, and what flagd's own schema says against them: flagd-core tells it at the level `debug`. */
const openFlagd = (raw: string) => {
  const logged: string[] = [];
  const log = (...words: readonly unknown[]) => void logged.push(words.map(String).join(' '));
  const core = new FlagdCore(undefined, { error: log, warn: log, info: log, debug: log });
  core.setConfigurations(raw);
  return { core, complaints: [...logged] };
};

const variantOf = ({ core }: ReturnType<typeof openFlagd>, context: object) =>
  core.resolveStringEvaluation('greet', '', { ...context });

describe('the flags of an environment', () => {
  it('give what the environment runs where there is no experiment', async () => {
    const { raw, warnings, flags } = await exportIn();
    const flagd = openFlagd(raw);
    expect(flagd.complaints).toEqual([]);
    expect(variantOf(flagd, { targetingKey: 'a' })).toMatchObject({ value: '1.0.0', variant: '1.0.0' });
    expect(openFlagd(raw.replace('"metadata": {', '"metadata": { "x": [],')).complaints).not.toEqual([]);
    expect([warnings, flags]).toEqual([[], [{ flag: 'greet', variants: ['1.0.0'] }]]);
  });

  it('give 20,000 units the variants that promptv gives them, and whoever has no key the control', async () => {
    const weights = [5, 3, 2];
    const variants = ['control', 'second', 'third'].map((name, at) => ({
      name,
      version: `1.0.${at}`,
      weight: weights[at] ?? 0,
    }));
    await createIn(repo, { definition: { ...saltedDefinition, variants } });
    await startIn(repo);
    const { experiment } = await call(repo, showExperiment, { id: 'tone' });
    const { raw, warnings } = await exportIn();
    expect(warnings).toMatchObject([{ code: 'NON_ASCII_KEYS' }]);
    const flagd = openFlagd(raw);
    expect(flagd.complaints).toEqual([]);
    const counts = new Map<string, number>();
    for (let at = 0; at < 20_000; at++) {
      const unit = `user-${at.toString(36)}@example.com`;
      const variant = variantOf(flagd, { targetingKey: unit }).variant ?? '';
      if (variant !== assign(experiment, unit)) expect({ unit, variant }).toBe(assign(experiment, unit));
      counts.set(variant, (counts.get(variant) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['control', 'second', 'third']);
    for (const [at, { name }] of variants.entries())
      expect(Math.abs((counts.get(name) ?? 0) - 2000 * (weights[at] ?? 0))).toBeLessThan(300);
    for (const context of [{}, { targetingKey: '' }])
      expect(variantOf(flagd, context)).toMatchObject({ variant: 'control', value: '1.0.0' });
  });

  it('give everybody the control when the time is over, and the winner after the conclusion', async () => {
    const { raw } = await exportIn();
    const units = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const variantsOf = (text: string) =>
      new Set(units.map((targetingKey) => variantOf(openFlagd(text), { targetingKey }).variant));
    expect(variantsOf(raw).size).toBeGreaterThan(1);
    const over = raw.replace(/("<": \[\s+\{\s+"var": "\$flagd.timestamp"\s+\},\s+)\d+/, '$11700000000');
    expect(over).not.toBe(raw);
    expect([...variantsOf(over)]).toEqual(['control']);
    await stopIn(repo, { winner: 'third' });
    expect([...variantsOf((await exportIn()).raw)]).toEqual(['third']);
  });
});
