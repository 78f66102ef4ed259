import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeBundle } from '../../src/core/bundle/format-bundle.ts';
import { addDeployment, emptyState } from '../../src/core/environment/state.ts';
import { contentHash } from '../../src/core/prompt/content-hash.ts';
import { accepts } from '../helpers/json-schema.ts';
import { projectRoot } from '../helpers/temp-repo.ts';

const shipped = (name: string): unknown =>
  JSON.parse(readFileSync(join(projectRoot, 'dist/schema', `${name}.json`), 'utf8'));
const readYaml = (path: string): unknown => parse(readFileSync(join(projectRoot, path), 'utf8'));

const hash = contentHash({ content: 'x' });
const state = addDeployment(emptyState('a', 'production'), {
  action: 'promote',
  version: '1.0.0',
  previousVersion: null,
  contentHash: hash,
  at: '2024-05-06T07:08:09.000Z',
  by: 'A <a@b.c>',
  reason: null,
  approvals: [],
  ci: null,
});
const bundle = makeBundle({
  commit: null,
  environments: { production: { a: { version: '1.0.0', contentHash: hash } } },
  prompts: { a: { '1.0.0': { contentHash: hash, document: { content: 'x' }, pins: [] } } },
});

const experiment = {
  prompt: 'a',
  variants: [
    { name: 'control', version: '1.0.0' },
    { name: 'treatment', version: '1.1.0', weight: 3 },
  ],
  metrics: [{ name: 'quality', direction: 'higher' }],
  guardrails: [{ metric: 'latency_ms', bound: '+20%' }],
};

describe('the shipped JSON Schema', () => {
  const prompts = readdirSync(join(projectRoot, 'prompts'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:yaml|yml|json)$/.test(path) && !/\.test\./.test(path))
    .map((path) => join('prompts', path));

  it.each(prompts)('of prompts accepts %s', (path) => {
    expect(accepts(shipped('prompt'), readYaml(path))).toBe(true);
  });

  const accepted: readonly (readonly [string, unknown])[] = [
    ['config', readYaml('.promptrc.example.yaml')],
    ['environment', state],
    ['experiment', experiment],
    ['bundle', bundle],
  ];
  it.each(accepted)('of %s accepts what promptv writes or shows', (name, value) => {
    expect(accepts(shipped(name), value)).toBe(true);
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ['prompt', { content: 5 }],
    ['prompt', { content: 'x', messages: [{ role: 'user', content: 'x' }] }],
    ['prompt', { messages: [{ role: 'robot', content: 'x' }] }],
    ['config', { prompts: { dri: 'x' } }],
    ['environment', { ...state, current: 1 }],
    ['experiment', { ...experiment, variants: [{ name: 'control' }] }],
    ['experiment', { ...experiment, varaints: [] }],
    ['bundle', { ...bundle, schemaVersion: 2 }],
    ['bundle', { ...bundle, environments: { production: { a: { version: '1.0.0' } } } }],
  ];
  it.each(refused)('of %s refuses %j', (name, value) => {
    expect(accepts(shipped(name), value)).toBe(false);
  });
});
