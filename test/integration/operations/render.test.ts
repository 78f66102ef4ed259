import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RenderRequest, render, save, show } from '../../../src/index.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';
import { call, textPrompt } from '../../helpers/work-in.ts';

const typed = `messages:
  - role: system
    content: You are {{tone}}.
  - role: user
    content: "{{count}} of {{ratio}} {{urgent}} {{#tags}}[{{.}}]{{/tags}} {{who.name}}"
variables:
  - { name: tone, type: string, default: calm, enum: [calm, brisk] }
  - { name: count, type: integer, minimum: 1, maximum: 9 }
  - { name: ratio, type: number }
  - { name: urgent, type: boolean }
  - { name: tags, type: array }
  - { name: who, type: object }
`;

let repo: TempRepo;
beforeAll(async () => {
  repo = createTempRepo({
    files: {
      'prompts/typed.yaml': typed,
      'prompts/braces.yaml': textPrompt('{{"a": {name}}}', 'template: fstring\n'),
      'prompts/plain.yaml': textPrompt('{{as}} {it} is', 'template: none\n'),
      'prompts/short.yaml': textPrompt(
        '{{code}}',
        'variables:\n  - { name: code, type: string, pattern: "^[A-Z]+$", maxLength: 3 }\n',
      ),
      'prompts/loose.yaml': textPrompt('{{> short}} {{free}}'),
      'vars.yaml': 'count: 2\nratio: 0.5\nurgent: true\ntags: [x, y]\nwho: { name: "<Ann & Bob>" }\n',
      'vars.json': '{"count": 3, "ratio": 1, "urgent": false, "tags": [], "who": {"name": "J"}}',
      'bad.yaml': 'a: [\n',
      'list.yaml': '- a\n',
      'twice.yaml': 'a: 1\na: 2\n',
    },
  });
  await call(repo, save, {});
});
afterAll(() => repo.remove());

const rendered = (request: RenderRequest) => call(repo, render, request);
const textVariables = {
  count: '4',
  ratio: '1e-1',
  urgent: 'false',
  tags: '["p", "q"]',
  who: '{"name": "N"}',
};

describe('render', () => {
  it('converts text by the declared types and fills in defaults', async () => {
    expect(await rendered({ ref: 'typed', textVariables })).toMatchObject({
      prompt: 'typed',
      version: null,
      messages: [
        { role: 'system', content: 'You are calm.' },
        { role: 'user', content: '4 of 0.1 false [p][q] N' },
      ],
    });
  });

  it('reads variables from YAML and JSON without escaping them, and lets single ones win', async () => {
    const fromYaml = await rendered({
      ref: 'typed@latest',
      variablesFile: 'vars.yaml',
      textVariables: { count: '9' },
    });
    expect(fromYaml).toMatchObject({ version: '1.0.0' });
    expect(fromYaml.messages?.[1]?.content).toBe('9 of 0.5 true [x][y] <Ann & Bob>');
    const fromJson = await rendered({ ref: 'typed', variablesFile: 'vars.json' });
    expect(fromJson.messages?.[1]?.content).toBe('3 of 1 false  J');
  });

  it('knows three languages of templates', async () => {
    expect(await rendered({ ref: 'braces', variables: { name: 1 } })).toMatchObject({
      text: '{"a": 1}',
      messages: null,
    });
    expect((await rendered({ ref: 'plain' })).text).toBe('{{as}} {it} is');
  });

  it('names every problem at once', async () => {
    const problems = await rendered({
      ref: 'typed',
      textVariables: {
        tone: 'loud',
        count: '0',
        ratio: 'much',
        urgent: 'maybe',
        extra: '1',
        constructor: 'x',
      },
    }).catch((error) => error);
    expect(problems).toMatchObject({ code: 'VARIABLES_INVALID', exitCode: 2 });
    for (const name of ['ratio', 'urgent']) expect(problems.message).toContain(`"${name}"`);
  });

  it.each([
    [{ tone: 'loud' }, ['"tone" must be one of "calm", "brisk"']],
    [{ count: 0 }, ['count', '1']],
    [{ count: 10 }, ['count', '9']],
    [{ count: 1.5 }, ['count', 'integer']],
    [{ tags: 'x' }, ['tags', 'array']],
    [{ extra: 1 }, ['extra']],
    [{ constructor: 'x' }, ['constructor']],
  ])('refuses %j', async (wrong, words) => {
    const variables = { count: 1, ratio: 1, urgent: true, tags: [], who: {}, ...wrong };
    const error = await rendered({ ref: 'typed', variables }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'VARIABLES_INVALID' });
    for (const word of words) expect(error.message).toContain(word);
  });

  it.each([
    'loose',
    'loose@working',
  ])('wants what show lists, also of partials and undeclared: %s', async (ref) => {
    const { variables } = await call(repo, show, { ref });
    expect(variables.map(({ name }) => name)).toEqual(['code', 'free']);
    expect((await rendered({ ref, variables: { code: 'A', free: 'b' } })).text).toBe('A b');
    const error = await rendered({ ref }).catch((thrown) => thrown);
    for (const { name } of variables) expect(error.message).toContain(`"${name}" is missing`);
  });

  it('lists all that is missing', async () => {
    const error = await rendered({ ref: 'typed' }).catch((thrown) => thrown);
    for (const name of ['count', 'ratio', 'urgent', 'tags', 'who'])
      expect(error.message).toContain(`"${name}"`);
    expect(error.message).not.toContain('"tone"');
    // What a version has may be other variables.
    expect(error.hint).toContain('"promptv show typed@working" lists them');
  });

  it.each(['abc', 'ABCD', ''])('checks pattern and length: %j', async (code) => {
    await expect(rendered({ ref: 'short', variables: { code } })).rejects.toMatchObject({
      code: 'VARIABLES_INVALID',
    });
  });

  it.each([
    ['nowhere.yaml', 'FILE_NOT_FOUND'],
    ['bad.yaml', 'VARIABLES_FILE_INVALID'],
    ['list.yaml', 'VARIABLES_FILE_INVALID'],
    ['twice.yaml', 'VARIABLES_FILE_INVALID'],
  ])('refuses the variables file %s with %s', async (variablesFile, code) => {
    await expect(rendered({ ref: 'typed', variablesFile })).rejects.toMatchObject({ code, exitCode: 2 });
  });
});
