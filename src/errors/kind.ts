/** 1 the world is in the way, 2 the command line or a file, 3 a check said no, 70 a bug, 130 interrupted. */
export type FailureCode = 1 | 2 | 3 | 70 | 130;

/** One way a command can fail that a user can meet: its exit code, message and the next command to type. */
export interface ErrorKind {
  readonly exitCode: FailureCode;
  readonly message: (details: Details) => string;
  readonly hint: (details: Details) => string;
}

export type Details = Readonly<Record<string, unknown>>;

/** A kind whose message and hint name details in braces. */
export const kind = (exitCode: FailureCode, message: string, hint: string): ErrorKind => ({
  exitCode,
  message: (details) => fill(message, details),
  hint: (details) => fill(hint, details),
});

/** Replaces `{name}` by the detail of that name; a list is joined by commas. */
const fill = (text: string, details: Details): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => formatDetail(details[name]));

const formatDetail = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : value === undefined ? '' : String(value);
