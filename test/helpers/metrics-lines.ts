import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TempRepo } from './temp-repo.ts';

/** Fields of a record that matter; the others are filled in. */
export type LineFields = Readonly<Record<string, unknown>> & { readonly ts: string };

let lastId = 0;

/** A record as a line of the log. */
export const metricLine = (fields: LineFields): string => {
  lastId += 1;
  return JSON.stringify({ prompt: 'a', version: '1.0.0', id: `id-${lastId}`, metrics: {}, ...fields });
};

/** Writes a segment of a repository's log. */
export const writeSegment = (repo: TempRepo, name: string, lines: readonly string[]): void => {
  const folder = join(repo.dir, '.promptv/metrics');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `\n${lines.join('\n')}\n`);
};
