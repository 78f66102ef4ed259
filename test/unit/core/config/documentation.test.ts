import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatConfigJsonSchema } from '../../../../src/core/config/json-schema.ts';
import { resolveConfig } from '../../../../src/core/config/resolve-config.ts';
import { formatConfigTable } from '../../../../src/core/config/table.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../../../${name}`, import.meta.url));
const table = formatConfigTable(formatConfigJsonSchema());

describe('the table of keys', () => {
  it('has a row for every key that can be set, with kind, default and meaning', () => {
    const keys = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key]) => key);
    for (const key of Object.keys(resolveConfig({}).origins)) expect(keys).toContain(key);
    expect(keys).toContain('environments[].approvals[].required');
    expect(keys).toContain('prices.*.inputUsdPerMillionTokens');
    expect(new Set(keys).size).toBe(keys.length);
    for (const row of table.split('\n').slice(2)) {
      expect(row).toMatch(/^\| `[^`]+` \| \S[^|]* \| \S[^|]* \| [A-Z`][^|]*\.\s\|$/);
    }
  });

  it('stands in docs/configuration.md as the schema gives it', async () => {
    const path = pathOf('docs/configuration.md');
    const page = readFileSync(path, 'utf8');
    const current = page.replace(/(?<=<!-- table -->\n).*(?=<!-- \/table -->)/s, () => `${table}\n`);
    expect(page).toContain('<!-- table -->\n');
    await expect(current).toMatchFileSnapshot(path);
  });
});

describe('the JSON Schema', () => {
  it('refuses unknown keys, requires nothing at the top and knows the defaults', () => {
    expect(formatConfigJsonSchema()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: [],
      properties: {
        tagPrefix: { type: 'string', default: 'prompts' },
        environments: { items: { required: ['name'], additionalProperties: false } },
      },
    });
  });
});

describe('.promptrc.example.yaml', () => {
  const value: unknown = parse(readFileSync(pathOf('.promptrc.example.yaml'), 'utf8'));

  it('is valid', () => {
    expect(resolveConfig(value).problems).toEqual([]);
  });

  it('shows every key', () => {
    const missing = Object.entries(resolveConfig(value).origins).filter(([, origin]) => origin === 'default');
    expect(missing).toEqual([]);
    const rows = [...table.matchAll(/^\| `environments\[\]\.([^`.[]+)/gm)].map(([, key]) => key ?? '');
    const [...environments] = resolveConfig(value).config?.environments ?? [];
    expect(environments).toHaveLength(3);
    const text = readFileSync(pathOf('.promptrc.example.yaml'), 'utf8');
    for (const key of rows) expect(text).toContain(`${key}:`);
  });
});
