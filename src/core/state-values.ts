import * as v from 'valibot';
import { parseVersion } from './version/version.ts';

/** Any text, as a person wrote it. */
export const text = v.string();

/** A text of one line, not empty. */
export const line = v.pipe(v.string(), v.regex(/^[^\n\r]+$/, 'must be one line, not empty'));

/** A moment, ISO 8601 UTC. */
export const instant = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value)) && value.endsWith('Z'), 'must be a time in UTC'),
);

/** The number of a version. */
export const version = v.pipe(
  v.string(),
  v.check((value) => parseVersion(value) !== null, 'must be a semantic version'),
);

/** The identity of a content. */
export const hash = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'));

/** `Name <mail>`. */
export const person = v.pipe(
  v.string(),
  v.regex(/^[^<>\n\r]*<[^<>\n\r]+>$/, 'must be a person: Name <mail>'),
);
