import { type Moment, parseMoment } from '../../core/moment.ts';
import { parseSince } from '../../core/since.ts';
import { promptvError } from '../../errors.ts';

/** The moment that a request names; null when it names none. @throws TIME_INVALID */
export const momentOf = (time: string | undefined): Moment | null => {
  if (time === undefined) return null;
  const moment = parseMoment(time);
  if (moment) return moment;
  throw promptvError('TIME_INVALID', { time });
};

/** The same, where a span ago (`7d`) may stand too; `now` is in epoch milliseconds. @throws TIME_INVALID */
export const sinceOf = (time: string | undefined, now: number): Moment | null => {
  if (time === undefined) return null;
  const moment = parseSince(time, now);
  if (moment) return moment;
  throw promptvError('TIME_INVALID', { time });
};
