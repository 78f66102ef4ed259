import * as v from 'valibot';
import { parseVersion } from './version/version.ts';

/** A semantic version without a `v`. */
export const versionSchema = v.pipe(
  v.string(),
  v.check((value) => parseVersion(value) !== null, 'must be a semantic version'),
);

/** `sha256:` and 64 hex digits. */
export const hashSchema = v.pipe(
  v.string(),
  v.regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'),
);
