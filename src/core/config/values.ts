import * as v from 'valibot';
import { segmentNameProblem } from '../prompt/name.ts';
import { escapeControls } from '../version/control-characters.ts';
import { durationPattern } from './duration.ts';

/** One key of the configuration with its meaning, and the value it has when it is not set. */
export const key = <const S extends v.GenericSchema, const Fallback extends v.InferInput<S>>(
  description: string,
  schema: S,
  // Its own type: that of the schema, written out in the declarations, is none of an exact compiler's.
  fallback: Fallback,
) => v.optional(v.pipe(schema, v.description(description)), fallback);

/** A key of a list's entries that must be there. */
export const requiredKey = <const S extends v.GenericSchema>(description: string, schema: S) =>
  v.pipe(schema, v.description(description));

/** true or false. */
export const flag = v.boolean();

/** A text of one line, not empty. */
export const line = v.pipe(
  v.string(),
  v.nonEmpty('must not be empty'),
  v.regex(/^[^\x00-\x1f\x7f]*$/, 'must be one line without control characters'),
);

/** A list of such texts. */
export const lines = v.array(line);

/** A number from 0. */
export const amount = v.pipe(v.number(), v.finite('must be finite'), v.minValue(0, 'must not be negative'));

/** A whole number from 0. */
export const count = v.pipe(
  v.number(),
  v.safeInteger('must be a whole number'),
  v.minValue(0, 'must not be negative'),
);

/** A span of time, as `parseDurationMs` reads it. */
export const duration = v.pipe(
  v.string(),
  v.regex(durationPattern, 'must be a duration such as 500ms, 30s, 15m, 2h, 7d or 2w'),
);

/** A path below the workspace, as git writes it; `.` is the workspace itself. */
export const innerPath = v.pipe(
  v.string(),
  v.regex(
    /^(\.|(?!\.{1,2}(\/|$)|\.git(\/|$))[^/\\:\x00-\x1f\x7f]+(\/(?!\.{1,2}(\/|$))[^/\\:\x00-\x1f\x7f]+)*)$/,
    'must be a path below the workspace, with "/" and without "." and ".."',
  ),
);

/** Part of a ref's name that git, every file system and the parser of tags take. */
export const refPath = v.pipe(
  v.string(),
  v.maxLength(100, 'must have at most 100 characters'),
  v.regex(
    /^(?!.*\.lock(\/|$))[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(\/[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*)*$/,
    'must be a path of a ref: letters, digits, "-", "_", single "." and "/", no part that ends in ".lock"',
  ),
);

/** A branch, as `git check-ref-format --branch` takes it. */
export const branchPattern =
  /^(?![-/.])(?!.*(\.\.|\/\/|\/\.|@\{|\.lock(\/|$)|[/.]$))[^\x00-\x20\x7f~^:?*[\\]+$/;

/** The name of a branch. */
export const branch = v.pipe(v.string(), v.regex(branchPattern, 'must be the name of a branch'));

/** The name of a remote: an address could hold credentials or name a program. */
export const remote = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/,
    'must be the name of a remote, not its address',
  ),
);

/** An identifier of pre-releases: no number, for the counter follows it. */
export const preid = v.pipe(
  v.string(),
  v.regex(/^(?![0-9]+$)[0-9A-Za-z-]{1,50}$/, 'must have letters, digits and "-" only, and not be a number'),
);

/** The name of an environment, a stage or an experiment. */
export const environmentName = v.pipe(
  v.string(),
  v.check(
    (name) => segmentNameProblem(name) === null,
    (issue) => `is no name: ${escapeControls(segmentNameProblem(issue.input) ?? '')}`,
  ),
);

/** An ISO 8601 date, or a moment with its time zone. */
export const moment = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/,
    'must be a date (2026-12-24) or a moment with its zone (2026-12-24T18:00:00Z)',
  ),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'must be a day that exists'),
);

/** The source of a regular expression, which gets the flag `u`. */
export const regularExpression = v.pipe(
  line,
  v.check((text) => isRegularExpression(text), 'must be a regular expression of JavaScript'),
);

/** A mapping whose keys the user chooses. */
export const recordOf = <const S extends v.GenericSchema>(value: S) => v.record(v.string(), value);

const isRegularExpression = (text: string): boolean => {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

/** The name of an environment variable. */
export const variableName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'must be the name of an environment variable'),
);

/** A program and its arguments, for no shell reads them. */
export const argv = v.pipe(v.array(line), v.minLength(1, 'must name a program'));

/** The address of a server; what is secret in one stands elsewhere. */
export const address = v.pipe(
  line,
  v.check(
    (text) => isAddress(text),
    'must be an address such as https://api.example.com/v1, without name, password and query',
  ),
);

const isAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && `${username}${password}${search}${hash}` === '';
};
