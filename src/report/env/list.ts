import type { EnvListResult, ListedEnvironment, PlacedPrompt } from '../../operations/env/list.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { truncateText } from '../width.ts';

/** Prompts by environments, with the latest version beside them; on a wide terminal also since when. */
export const formatEnvList = (result: EnvListResult, display: Display): string => {
  const paint = createPaint(display);
  const { environments, prompts } = result;
  if (prompts.length === 0 && result.damaged.length === 0)
    return `Nothing to run yet. Save a first version: ${paint.command('promptv save')}`;
  const damaged = new Set(result.damaged.map(({ environment, prompt }) => `${environment} ${prompt}`));
  const names = [
    ...new Set([...prompts.map(({ prompt }) => prompt), ...result.damaged.map(({ prompt }) => prompt)]),
  ];
  const known = new Map(prompts.map((one) => [one.prompt, one]));
  const isWide = (display.columns ?? 0) >= 56 + environments.length * 26;
  const rows = names
    .sort()
    .map((name): Cell[] => [
      { text: name, paint: paint.strong },
      { text: known.get(name)?.latest ?? '', paint: paint.version },
      ...environments.map(
        ({ environment }): Cell =>
          damaged.has(`${environment} ${name}`)
            ? { text: 'damaged', paint: paint.bad }
            : formatCell(known.get(name), environment, { paint, display, isWide }),
      ),
    ]);
  const columns: readonly Column[] = [
    { title: 'prompt', shrinksTo: 20 },
    { title: 'latest' },
    ...environments.map(({ environment }) => ({ title: environment, shrinksTo: 8 })),
  ];
  const table = formatTable(columns, rows, display);
  if (display.columns === null) return table;
  const summary = environments.map((one) =>
    paint.dim(truncateText(sanitizeLine(formatSummary(one, display)), display.columns ?? 0)),
  );
  return joinLines([table, summary.join('\n')], '\n\n');
};

interface CellStyle {
  readonly paint: Paint;
  readonly display: Display;
  readonly isWide: boolean;
}

const formatCell = (
  prompt: PlacedPrompt | undefined,
  environment: string,
  { paint, display, isWide }: CellStyle,
): Cell => {
  const running = prompt?.environments[environment];
  if (!running) return display.columns === null ? '' : { text: '·', paint: paint.dim };
  const { version, since, drift } = running;
  if (drift !== null) return { text: `${version} ${drift}`, paint: paint.bad };
  const text = isWide ? `${version}, ${formatTime(since, display)}` : version;
  return { text, paint: version === prompt.latest ? paint.good : paint.warn };
};

/** One line: how many prompts run, when something last moved, where versions come from. */
const formatSummary = (
  { environment, from, isProduction, running, lastDeployment }: ListedEnvironment,
  display: Display,
): string => {
  if (lastDeployment === null)
    return `${environment} runs nothing yet: promptv promote NAME --env ${environment}`;
  const notes = [
    `${environment} runs ${formatCount(running, 'prompt')}`,
    `last moved ${formatTime(lastDeployment, display)}`,
    from === null ? null : `from ${from}`,
    isProduction && environment !== 'production' ? 'is production' : null,
  ];
  return joinLines(notes, ', ');
};
