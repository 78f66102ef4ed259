import type { PromptDocument, PromptMessage } from '../prompt/document.ts';
import { alignLists } from './align-lists.ts';
import { type Change, changeOf, joinPath } from './change.ts';
import { movedChange } from './compare-values.ts';
import { isMapping, isSameValue } from './same-value.ts';

/** What the model is told: wording is `patch`; which messages there are, their roles and order are `minor`. */
export const compareBodies = (before: PromptDocument, after: PromptDocument): Change[] => {
  if (before.messages !== undefined && after.messages !== undefined) {
    return compareMessages(before.messages, after.messages);
  }
  if (before.messages === undefined && after.messages === undefined) {
    return isSameValue(before.content, after.content)
      ? []
      : [changeOf('content', before.content, after.content, 'patch')];
  }
  const path = after.messages === undefined ? 'content' : 'messages';
  return [changeOf(path, before.messages ?? before.content, after.messages ?? after.content, 'minor')];
};

const compareMessages = (before: readonly PromptMessage[], after: readonly PromptMessage[]): Change[] => {
  const alignment = alignLists(before, after, {
    isSame: (a, b) => isSameValue(a, b),
    similarity: (a, b) => textSimilarity(a.content, b.content),
    canReplace: (a, b) => a.role === b.role,
  });
  const pairs = alignment.pairs.flatMap(({ before: from, after: to, moved }) => [
    ...(moved ? [movedChange('messages', from, to, 'minor')] : []),
    ...compareMessage(joinPath('messages', to), before[from], after[to]),
  ]);
  return [
    ...alignment.removed.map((i) => changeOf(joinPath('messages', i), before[i], undefined, 'minor')),
    ...pairs,
    ...alignment.added.map((i) => changeOf(joinPath('messages', i), undefined, after[i], 'minor')),
  ];
};

/** Every key of a message: its wording and unknown keys are `patch`, its role is `minor`. */
const compareMessage = (path: string, before: unknown, after: unknown): Change[] => {
  if (!isMapping(before) || !isMapping(after)) return [];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => !isSameValue(before[key], after[key]))
    .map((key) => changeOf(joinPath(path, key), before[key], after[key], key === 'role' ? 'minor' : 'patch'));
};

/** Sørensen–Dice coefficient of the two texts' words, from 0 to 1; only their beginnings are read. */
const textSimilarity = (a: string, b: string): number => {
  const wordsOfA = wordsOf(a);
  const wordsOfB = wordsOf(b);
  if (wordsOfA.length + wordsOfB.length === 0) return 1;
  const counts = new Map<string, number>();
  for (const word of wordsOfA) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of wordsOfB) {
    const left = counts.get(word) ?? 0;
    if (left > 0) shared += 1;
    counts.set(word, left - 1);
  }
  return (2 * shared) / (wordsOfA.length + wordsOfB.length);
};

const wordsOf = (text: string): readonly string[] =>
  text.slice(0, 2_000).match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
