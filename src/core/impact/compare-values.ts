import { alignLists } from './align-lists.ts';
import { type Change, changeOf, joinPath } from './change.ts';
import type { Impact } from './grade.ts';
import { isMapping, isSameValue, ownValue, type SameValueOptions } from './same-value.ts';

export interface CompareValuesOptions extends SameValueOptions {
  /** What every difference found is graded. */
  readonly impact: Impact;
  /** How many levels below `path` get entries of their own; deeper differences are one change. Default: 8. */
  readonly depth?: number;
}

/** Names every difference between two parsed values at the deepest key it can; undefined is absence. */
export const compareValues = (
  path: string,
  before: unknown,
  after: unknown,
  options: CompareValuesOptions,
): Change[] => {
  if (isSameValue(before, after, options)) return [];
  const depth = options.depth ?? 8;
  const inner = { ...options, depth: depth - 1 };
  if (depth > 0 && isMapping(before) && isMapping(after)) return compareMappings(path, before, after, inner);
  if (depth > 0 && isListOfMappings(before) && isListOfMappings(after)) {
    return compareLists(path, before, after, inner);
  }
  return [changeOf(path, before, after, options.impact)];
};

const compareMappings = (
  path: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  options: CompareValuesOptions,
): Change[] => {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...keys].flatMap((key) =>
    compareValues(joinPath(path, key), ownValue(before, key), ownValue(after, key), options),
  );
  const orderBefore = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  const orderAfter = Object.keys(after).filter((key) => Object.hasOwn(before, key));
  if (options.ordered !== true || orderBefore.every((key, i) => key === orderAfter[i])) return changes;
  return [
    ...changes,
    { path, kind: 'moved', before: orderBefore, after: orderAfter, impact: options.impact },
  ];
};

type Mapping = Readonly<Record<string, unknown>>;

const isListOfMappings = (value: unknown): value is readonly Mapping[] =>
  Array.isArray(value) && value.every(isMapping);

const compareLists = (
  path: string,
  before: readonly Mapping[],
  after: readonly Mapping[],
  options: CompareValuesOptions,
): Change[] => {
  const alignment = alignLists(before, after, {
    isSame: (a, b) => isSameValue(a, b, options),
    similarity: (a, b) => (nameOf(a) !== undefined && nameOf(a) === nameOf(b) ? 1 : 0),
    canReplace: (a, b) => nameOf(a) === undefined || nameOf(b) === undefined,
  });
  const pairs = alignment.pairs.flatMap(({ before: from, after: to, moved }) => {
    const inside = compareValues(joinPath(path, to), before[from], after[to], options);
    return moved ? [movedChange(path, from, to, options.impact), ...inside] : inside;
  });
  return [
    ...alignment.removed.map((i) => changeOf(joinPath(path, i), before[i], undefined, options.impact)),
    ...pairs,
    ...alignment.added.map((i) => changeOf(joinPath(path, i), undefined, after[i], options.impact)),
  ];
};

/** What identifies an item of a list: its `name` or `id`, or the name of the function that a tool wraps. */
const nameOf = (item: Mapping): unknown => {
  const wrapped = ownValue(item, 'function');
  return (
    ownValue(item, 'name') ??
    ownValue(item, 'id') ??
    (isMapping(wrapped) ? ownValue(wrapped, 'name') : undefined)
  );
};

/** The change of an item that keeps its value and stands elsewhere in its list. */
export const movedChange = (path: string, from: number, to: number, impact: Impact): Change => ({
  path: joinPath(path, to),
  kind: 'moved',
  before: joinPath(path, from),
  after: joinPath(path, to),
  impact,
});
