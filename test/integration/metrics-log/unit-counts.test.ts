import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeRatio } from '../../../src/core/rollout/sample-ratio.ts';
import { openMetricsLog } from '../../../src/store/metrics-log/source.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'promptv-units-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Two records a unit, every tenth unit has the candidate; and one record of each version without a unit. */
const writeUnits = (name: string, units: number): string => {
  const path = join(root, name);
  const lineOf = (version: string, unit: string): string =>
    `{"ts":"2026-03-01T00:00:00.000Z","prompt":"greet","version":"${version}"${unit},"metrics":{}}\n`;
  const lines = Array.from({ length: 2 * units }, (_, row) => {
    const unit = row % units;
    return lineOf(unit % 10 === 0 ? '1.0.1' : '1.0.0', `,"unit":"user-${unit}"`);
  });
  writeFileSync(path, ['\n', ...lines, lineOf('1.0.0', ''), lineOf('1.0.1', '')].join(''));
  return path;
};

const countUnits = (file: string) =>
  openMetricsLog({ file }, { cacheDirectory: null }).unitCounts({ prompts: ['greet'] });

describe('units by version', () => {
  it('are counted exactly, each once, while the log is small', async () => {
    expect(await countUnits(writeUnits('small.jsonl', 5000))).toEqual(
      new Map([
        ['1.0.1', 500],
        ['1.0.0', 4500],
      ]),
    );
  });

  it('are counted in a sample of a large log that takes whole units and keeps the shares of the versions', async () => {
    const units = 160_000;
    const file = writeUnits('large.jsonl', units);
    const counts = await countUnits(file);
    const [stable = 0, candidate = 0] = [counts.get('1.0.0'), counts.get('1.0.1')];
    const share = 2 ** 16 / (2 * units + 2);
    const spread = Math.sqrt(units * share * (1 - share));
    expect(Math.abs(stable + candidate - units * share)).toBeLessThan(5 * spread);
    expect(judgeRatio({ stable, candidate }, 10)).toMatchObject({ mismatch: false });
    expect(judgeRatio({ stable, candidate }, 12)).toMatchObject({ mismatch: true });
    expect(await countUnits(file)).toEqual(counts);
  });
});
