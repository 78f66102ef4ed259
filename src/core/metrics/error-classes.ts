import type { GroupSummary } from './source.ts';

/** How often something was seen among the errors of one class. */
export interface Occurrence {
  /** Null for records that do not say. */
  readonly value: string | null;
  readonly count: number;
}

/** One class of errors; `error` is null for records that name none. */
export interface ErrorClass {
  readonly error: string | null;
  readonly count: number;
  /** Of all errors. */
  readonly share: number;
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Most frequent first, as are the classes. */
  readonly prompts: readonly Occurrence[];
  readonly versions: readonly Occurrence[];
  readonly regions: readonly Occurrence[];
}

/** Gathers errors grouped by `error`, `prompt`, `version` and `region` into classes, most frequent first. */
export const classifyErrors = (groups: readonly GroupSummary[]): ErrorClass[] => {
  const total = groups.reduce((sum, { records }) => sum + records, 0);
  const classes = new Map<string | null, GroupSummary[]>();
  for (const group of groups) {
    const error = group.key.error ?? null;
    classes.set(error, [...(classes.get(error) ?? []), group]);
  }
  return [...classes]
    .map(([error, members]) => describeClass(error, members, total))
    .sort((a, b) => b.count - a.count || ((a.error ?? '') < (b.error ?? '') ? -1 : 1));
};

const describeClass = (error: string | null, groups: readonly GroupSummary[], total: number): ErrorClass => {
  const count = groups.reduce((sum, { records }) => sum + records, 0);
  return {
    error,
    count,
    share: count / total,
    firstSeen: new Date(Math.min(...groups.map(({ firstTs }) => firstTs))).toISOString(),
    lastSeen: new Date(Math.max(...groups.map(({ lastTs }) => lastTs))).toISOString(),
    prompts: countBy(groups, ({ key }) => key.prompt ?? null),
    // A number alone says nothing beside that of another prompt.
    versions: countBy(groups, ({ key }) =>
      typeof key.version === 'string' ? `${key.prompt}@${key.version}` : null,
    ),
    regions: countBy(groups, ({ key }) => key.region ?? null),
  };
};

const countBy = (
  groups: readonly GroupSummary[],
  nameOf: (group: GroupSummary) => string | null,
): Occurrence[] => {
  const counts = new Map<string | null, number>();
  for (const group of groups) counts.set(nameOf(group), (counts.get(nameOf(group)) ?? 0) + group.records);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
};
