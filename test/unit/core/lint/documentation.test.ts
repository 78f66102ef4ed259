import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { injectionPatterns } from '../../../../src/core/lint/injection-patterns.ts';
import { lintRules } from '../../../../src/core/lint/rules.ts';

const place = new URL('../../../../docs/lint.md', import.meta.url);

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('\n', '⏎').replaceAll('\u202e', '(U+202E)');
const code = (text: string): string => `\`${cell(text)}\``;

const rules = Object.entries(lintRules).map(
  ([id, rule]) =>
    `| \`${id}\` | ${rule.severity}${'fixable' in rule ? ', fixable' : ''} | ${cell(rule.summary)} |`,
);
const patterns = injectionPatterns.map(
  ({ id, kind, reason, catches, spares }) =>
    `| \`${id}\` | ${kind} | ${cell(reason)} | ${code(catches)} | ${code(spares)} |`,
);

/** The page with the rows of a table, which follow its head, replaced. */
const fillTable = (page: string, head: string, rows: readonly string[]): string => {
  const [before = '', after = ''] = page.split(head);
  return `${before}${head}${rows.join('\n')}\n${after.replace(/^(?:\|[^\n]*\n)*/, '')}`;
};

const ruleHead = '| Rule | Severity | Finds |\n|---|---|---|\n';
const patternHead = '| Pattern | Kind | Why | Catches | Leaves alone |\n|---|---|---|---|---|\n';

describe('docs/lint.md', () => {
  it('has every rule and every pattern', () => {
    const page = readFileSync(place, 'utf8');
    const current = fillTable(fillTable(page, ruleHead, rules), patternHead, patterns);
    if (process.env.UPDATE_DOCS) writeFileSync(place, current);
    else expect(page).toBe(current);
  });
});
