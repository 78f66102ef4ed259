/** A moment that a person named. */
export interface Moment {
  /** ISO 8601 UTC. */
  readonly utc: string;
  /** The same moment as it was meant: with the offset given, or with the local one where none was. */
  readonly local: string;
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads ISO 8601; a date is its first moment, and a time without an offset is local. Null for anything else. */
export const parseMoment = (text: string): Moment | null => {
  const match = pattern.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, time = '00:00', seconds = ':00', zone = ''] = match;
  // A day that no month has would roll over into the next one.
  if (Number(day) < 1 || Number(day) > daysOf(Number(year), Number(month))) return null;
  const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const written = `${year}-${month}-${day}T${time}${seconds}`;
  const date = new Date(`${written}${offset}`);
  if (Number.isNaN(date.getTime())) return null;
  return { utc: date.toISOString(), local: `${written}${offset || localOffset(date)}` };
};

const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const localOffset = (date: Date): string => {
  const minutes = -date.getTimezoneOffset();
  const part = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${part(Math.abs(minutes) / 60)}:${part(Math.abs(minutes) % 60)}`;
};
