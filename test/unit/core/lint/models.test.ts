import { expect, it } from 'vitest';
import { contextOfModel } from '../../../../src/core/lint/models.ts';

it.each([
  ['gpt-4', 8192],
  ['gpt-4-0613', 8192],
  ['gpt-4-32k-0613', 32_768],
  ['gpt-4-1106-preview', 128_000],
  ['gpt-4.5-preview', 128_000],
  ['openai/gpt-4o-mini', 128_000],
  ['GPT-4.1-nano', 1_047_576],
  ['claude-2.1', 200_000],
  ['claude-3-5-sonnet-20241022', 200_000],
  ['anthropic/claude-3.7-sonnet', 200_000],
  ['o1-mini-2024-09-12', 128_000],
  ['gemini-2.5-pro', 1_048_576],
  ['phi-4-mini-instruct', 128_000],
  ['gpt-4.9', null],
  ['gpt-40', null],
  ['o10', null],
  ['mine', null],
])('the context of %s is %s', (model, tokens) => {
  expect(contextOfModel(model, {})).toBe(tokens);
});

it('of a model in the configuration is what stands there', () => {
  expect(contextOfModel('gpt-4', { 'gpt-4': 100 })).toBe(100);
  expect(contextOfModel('constructor', {})).toBeNull();
});
