/** Where a report is read: decided once by the command line and passed to every report. */
export interface Display {
  readonly color: boolean;
  /** The terminal's width; null in a pipe or a file, where rows are tab-separated and times are ISO 8601. */
  readonly columns: number | null;
  /** The moment that relative times refer to. */
  readonly now: Date;
}
