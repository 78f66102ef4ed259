import { describe, expect, it } from 'vitest';
import { fillQuery, queryProblem } from '../../../../src/core/prometheus/query.ts';

const values = { prompt: 'support/triage', version: '1.2.0', environment: 'prod', windowMs: 300_000 };

describe('a query', () => {
  it.each([
    ['up{p="{{prompt}}",v="{{ version }}"}', 'up{p="support/triage",v="1.2.0"}'],
    ["up{e='{{environment}}'}", "up{e='prod'}"],
    ['rate(x[{{window}}])', 'rate(x[300s])'],
    ['up{v=~"{{version}}"}', 'up{v=~"1\\\\.2\\\\.0"}'],
    ['up{v!~ "a|{{version}}"}', 'up{v!~ "a|1\\\\.2\\\\.0"}'],
    ['up{v="{{version}}",w=~"x"}', 'up{v="1.2.0",w=~"x"}'],
    ['up{a="\\"{{version}}"}', 'up{a="\\"1.2.0"}'],
    ['up # "{{prompt', 'up # "{{prompt'],
    ['up{a=`\\`,v="{{version}}"}', 'up{a=`\\`,v="1.2.0"}'],
  ])('%s is filled as %s', (query, filled) => {
    expect(queryProblem(query)).toBeNull();
    expect(fillQuery(query, values)).toBe(filled);
  });

  it('goes back at least a minute, for a rate needs two samples', () => {
    expect(fillQuery('{{window}}', { ...values, windowMs: 1 })).toBe('60s');
    expect(fillQuery('{{window}}', { ...values, windowMs: 90_001 })).toBe('91s');
  });

  it.each([
    ['" or vector(1) #', '\\" or vector(1) #'],
    ['\\', '\\\\'],
    ['a\nb', 'a\\x0ab'],
    ["it's", "it's"],
    ['`{{window}}`', '`{{window}}`'],
  ])('keeps %j inside of its quotes', (prompt, escaped) => {
    expect(fillQuery('up{p="{{prompt}}"}', { ...values, prompt })).toBe(`up{p="${escaped}"}`);
  });

  it("escapes the quote that it stands in, and every letter of a regular expression's", () => {
    expect(fillQuery("up{p='{{prompt}}'}", { ...values, prompt: `'"` })).toBe(`up{p='\\'"'}`);
    expect(fillQuery('up{p=~"{{prompt}}"}', { ...values, prompt: '.*"' })).toBe('up{p=~"\\\\.\\\\*\\""}');
  });

  it.each([
    ['', 'is empty'],
    ['up{p={{prompt}}}', 'must have {{prompt}} between double or single quotes'],
    ['up{p=`{{prompt}}`}', 'must have {{prompt}} between double or single quotes'],
    ['up{p="{{model}}"}', 'has {{model}}'],
    ['up{p="{{prompt}}}', 'has a text without its closing "'],
  ])('%j is none: it %s', (query, problem) => {
    expect(queryProblem(query)).toContain(problem);
  });
});
