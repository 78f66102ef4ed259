import { createHash } from 'node:crypto';
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetricsQuery, MetricsSummary } from '../../core/metrics/source.ts';
import { replaceFile } from './segment-cache.ts';
import { type FileState, isRacy, isSameState, type Segment } from './segments.ts';

/** Changes with everything that changes an answer. */
const format = 1;
const maxAnswers = 64;
const suffix = '.answer';

/** A segment as it was when an answer was made of it; `readAt` is when, in epoch milliseconds. */
export interface ReadSegment {
  readonly name: string;
  readonly state: FileState;
  readonly readAt: number;
}

interface StoredAnswer {
  readonly question: string;
  readonly segments: readonly ReadSegment[];
  readonly summary: MetricsSummary;
}

/** The answer given before to the same query, if every segment is untouched since; else null. */
export const readAnswer = async (
  directory: string,
  query: MetricsQuery,
  segments: readonly Segment[],
): Promise<MetricsSummary | null> => {
  const question = describeQuery(query);
  const content = await readFile(answerPath(directory, question), 'utf8').catch(() => null);
  const answer = content === null ? null : parseAnswer(content);
  if (answer?.question !== question || answer.segments.length !== segments.length) return null;
  const isUntouched = answer.segments.every(({ name, state, readAt }, index) => {
    const segment = segments[index];
    return segment?.name === name && isSameState(segment.state, state) && !isRacy(state, readAt);
  });
  return isUntouched ? answer.summary : null;
};

export const writeAnswer = async (
  directory: string,
  query: MetricsQuery,
  segments: readonly ReadSegment[],
  summary: MetricsSummary,
): Promise<void> => {
  const question = describeQuery(query);
  const answer: StoredAnswer = { question, segments, summary };
  const text = JSON.stringify(answer);
  await replaceFile(answerPath(directory, question), [Buffer.from(`${sha256(text)}\n${text}`)]);
  await dropOldest(directory);
};

const describeQuery = (query: MetricsQuery): string => {
  const { prompts, since, until, where, by, metrics, percentiles, timeZone } = query;
  const conditions = where?.map(({ field, value }) => [field, value]);
  return JSON.stringify([format, prompts, since, until, conditions, by, metrics, percentiles, timeZone]);
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const answerPath = (directory: string, question: string): string =>
  join(directory, `${sha256(question).slice(0, 32)}${suffix}`);

const parseAnswer = (content: string): StoredAnswer | null => {
  const text = content.slice(65);
  // The hash says that this program wrote it, so its shape needs no second look.
  return sha256(text) === content.slice(0, 64) ? (JSON.parse(text) as StoredAnswer) : null;
};

/** Queries differ with the clock (`since`), so answers would pile up. */
const dropOldest = async (directory: string): Promise<void> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith(suffix));
  if (names.length <= maxAnswers) return;
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, time: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const oldest = dated.sort((a, b) => b.time - a.time).slice(maxAnswers / 2);
  await Promise.all(oldest.map(({ path }) => unlink(path).catch(() => undefined)));
};
