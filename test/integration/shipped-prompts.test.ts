import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isPromptPath, promptNameOfPath, promptNameProblem } from '../../src/core/prompt/name.ts';
import { promptDocumentSchema, validateDocument } from '../../src/core/prompt/schema.ts';
import { renderDocument } from '../../src/core/template/render.ts';
import { usedVariables } from '../../src/core/template/used-variables.ts';
import { test } from '../../src/operations/test.ts';
import { inWorkspace } from '../helpers/in-workspace.ts';
import { createTempRepo, projectRoot } from '../helpers/temp-repo.ts';

interface TestCase {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly assert: readonly unknown[];
}

const directory = join(projectRoot, 'prompts');
const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(isPromptPath);
const read = (path: string) => validateDocument(parse(readFileSync(join(directory, path), 'utf8')));
const documents = new Map(paths.map((path) => [promptNameOfPath(path), read(path)]));
const documentOf = (name: string) => documents.get(name)?.document ?? undefined;
const casesOf = (name: string) => (documentOf(name)?.tests ?? []) as readonly TestCase[];

describe.each([...documents.keys()])('the shipped prompt %s', (name) => {
  it('has a valid name and a document without errors and warnings', () => {
    expect(promptNameProblem(name)).toBeNull();
    expect(documents.get(name)?.problems).toEqual([]);
  });

  it('says what it is for', () => {
    const document = documentOf(name);
    expect(document?.description?.length).toBeGreaterThan(20);
    const isForeign = document?.testData !== undefined;
    if (!isForeign) expect(document).toMatchObject({ category: expect.any(String), tags: expect.any(Array) });
    if (!isForeign) expect(document?.metadata).toHaveProperty('author');
  });

  it('declares the variables it uses, and uses those it declares', () => {
    const document = documentOf(name);
    const declared = document?.variables?.map((variable) => variable.name).sort();
    const used = usedVariables(document ?? {}, documentOf).map((variable) => variable.name);
    // GitHub Models' format has no declarations.
    if (document?.testData === undefined) expect([...new Set(used)].sort()).toEqual(declared ?? []);
    else expect(used.length).toBeGreaterThan(0);
  });

  it('renders with the variables of each of its tests', () => {
    for (const { variables, assert } of casesOf(name)) {
      const rendered = renderDocument(documentOf(name) ?? {}, {
        name,
        partialOf: documentOf,
        values: variables,
      });
      expect(rendered.text).not.toMatch(/\{\{|\}\}/);
      expect(assert.length).toBeGreaterThan(0);
    }
  });
});

describe('the shipped prompts together', () => {
  it('show every part of the format', () => {
    const all = [...documents.values()].map(({ document }) => document);
    const keys = new Set(all.flatMap((document) => Object.keys(document ?? {})));
    const known = Object.keys(promptDocumentSchema.entries);
    expect(known.filter((key) => !keys.has(key))).toEqual([]);
    expect(new Set(all.map((document) => document?.template ?? 'mustache')).size).toBeGreaterThan(1);
  });

  it('have tests, but for the partial and the file in a foreign format', () => {
    const untested = [...documents.keys()].filter((name) => casesOf(name).length === 0);
    expect(untested.sort()).toEqual(['code/review-diff', 'shared/tone']);
  });
});

describe("the shipped prompts' own tests", () => {
  it('pass as far as they look at the rendered prompt, and each looks at it', async () => {
    const repo = createTempRepo({ prompts: true });
    try {
      const result = await inWorkspace(repo, (workspace) => test(workspace, { dryRun: true }));
      expect(result.totals).toMatchObject({ failed: 0, errored: 0 });
      const skipped = result.results
        .filter(({ outcome }) => outcome === 'skipped')
        .map(({ prompt }) => prompt);
      // GitHub Models' evaluators look at answers alone.
      expect(new Set(skipped)).toEqual(new Set(['code/review-diff']));
      expect(result.totals.passed).toBeGreaterThan(10);
    } finally {
      repo.remove();
    }
  });
});
