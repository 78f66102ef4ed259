import type { EnvDiffResult } from '../../operations/env/diff.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Cell, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitizeLine } from '../text.ts';

/** The prompts that two environments run in different versions, and which of the two is ahead. */
export const formatEnvDiff = (result: EnvDiffResult, display: Display): string => {
  const paint = createPaint(display);
  const [a, b] = [sanitizeLine(result.a), sanitizeLine(result.b)];
  const { differences, same } = result;
  if (differences.length === 0)
    return same === 0
      ? `Neither ${a} nor ${b} runs anything yet.`
      : `${a} and ${b} run the same: ${formatCount(same, 'prompt')}.`;
  const rows = differences.map((difference): Cell[] => [
    { text: difference.prompt, paint: paint.strong },
    { text: difference.a ?? none(display), paint: paint.version },
    { text: difference.b ?? none(display), paint: paint.version },
    { text: difference.ahead === 'a' ? a : b, paint: paint.dim },
  ]);
  const columns = [{ title: 'prompt', shrinksTo: 20 }, { title: a }, { title: b }, { title: 'ahead' }];
  const table = formatTable(columns, rows, display);
  if (display.columns === null) return table;
  const counts = `${formatCount(differences.length, 'prompt')} ${differences.length === 1 ? 'differs' : 'differ'}, ${same} the same.`;
  const [first] = differences.filter((one) => one.a !== null && one.b !== null);
  const look =
    first &&
    `See what changed: ${paint.command(`promptv diff ${sanitizeLine(first.prompt)} ${sanitizeLine(`${first.a} ${first.b}`)}`)}`;
  return joinLines([table, joinLines([counts, look ?? null])], '\n\n');
};

const none = (display: Display): string => (display.columns === null ? '' : '·');
