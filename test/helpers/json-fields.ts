import { expect } from 'vitest';

export type Json = Readonly<Record<string, unknown>>;

/** A field → the fields of the entries of its list, or of the mapping that it is. */
type Parts = Readonly<Record<string, string>>;

/** A command line and the fields of its answer with `--json`. */
export interface Command {
  readonly args: readonly string[];
  readonly fields: string;
  readonly parts?: Parts;
  /** What a dry run cannot know yet, or answers otherwise. */
  readonly unlike?: readonly string[];
}

const names = (fields: string): string[] => fields.split(' ').sort();

/** The result, once it is seen to have just these fields. */
export const checkFields = (result: Json, { fields, parts }: Command): Json => {
  expect(result).toMatchObject({ schemaVersion: 1, ok: true });
  expect(Object.keys(result).sort()).toEqual(names(`schemaVersion ok ${fields}`));
  for (const [field, inner] of Object.entries(parts ?? {})) {
    const value = result[field];
    const entries: unknown[] = Array.isArray(value) ? value : [value];
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) expect(Object.keys(entry ?? {}).sort()).toEqual(names(inner));
  }
  return result;
};
