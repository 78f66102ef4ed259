import type { MetricRecord } from '../../core/metrics/record.ts';
import type { Workspace } from '../workspace.ts';
import { withLog } from './open.ts';

/** The ids of the log, read a day at a time as they are asked for. */
export interface KnownIds {
  /** Adds a record's id; false when its day has it already. */
  readonly add: (record: MetricRecord) => Promise<boolean>;
}

const dayMs = 86_400_000;

export const openKnownIds = (workspace: Workspace): KnownIds => {
  const days = new Map<string, Promise<Set<string>>>();
  return {
    add: async ({ ts, id = '' }) => {
      const day = ts.slice(0, 10);
      const reading = days.get(day) ?? readDay(workspace, Date.parse(day));
      days.set(day, reading);
      const ids = await reading;
      if (ids.has(id)) return false;
      ids.add(id);
      return true;
    },
  };
};

const readDay = (workspace: Workspace, since: number): Promise<Set<string>> =>
  withLog(workspace, {}, async ({ source }) => {
    const ids = new Set<string>();
    for await (const { id } of source.records({ since, until: since + dayMs }))
      if (id !== undefined) ids.add(id);
    return ids;
  });
