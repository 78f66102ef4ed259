import type { Severity } from '../checks/report.ts';

export interface LintRule {
  readonly severity: Severity;
  readonly summary: string;
  /** Whether `lint --fix` can mend it. */
  readonly fixable?: boolean;
}

/** Every rule of `lint` by its stable id, with the severity it has unless the configuration says otherwise. */
export const lintRules = {
  'unreadable-file': {
    severity: 'error',
    summary: 'A file cannot be a prompt: a link, too large, a name twice.',
  },
  schema: { severity: 'error', summary: 'The file is no valid prompt document.' },
  'template-syntax': { severity: 'error', summary: 'A template is not well-formed.' },
  'unknown-key': { severity: 'warning', summary: 'A key has no meaning to promptv.' },
  'undeclared-variable': {
    severity: 'error',
    summary: 'A template uses a variable that is not declared.',
    fixable: true,
  },
  'unused-variable': { severity: 'warning', summary: 'A declared variable is used by no template.' },
  'missing-description': { severity: 'warning', summary: 'The prompt has no description.' },
  'min-length': { severity: 'warning', summary: 'The prompt is shorter than `lint.minLength`.' },
  'max-length': { severity: 'warning', summary: 'The prompt is longer than `lint.maxLength`.' },
  'token-limit': {
    severity: 'error',
    summary: 'The prompt alone is estimated over the context of its model.',
  },
  'estimated-tokens': {
    severity: 'warning',
    summary: 'The prompt is estimated over the `estimatedTokens` that it declares.',
    fixable: true,
  },
  profanity: { severity: 'warning', summary: 'A text holds a profane word.' },
  'sql-injection': {
    severity: 'warning',
    summary: 'A text looks like SQL that was meant to break out of a query.',
  },
  'prompt-injection': {
    severity: 'warning',
    summary: 'A text looks like an attempt to take over the model.',
  },
  secret: { severity: 'error', summary: 'The file holds what looks like a key, a token or a password.' },
  'duplicate-content': { severity: 'warning', summary: 'Two prompts have the same text.' },
  'missing-partial': { severity: 'error', summary: 'An included prompt does not exist.' },
  'dependency-cycle': { severity: 'error', summary: 'Prompts include each other in a circle.' },
  'dependency-range': {
    severity: 'error',
    summary: 'No saved version of a partial is in the range asked for.',
  },
  'github-models-spacing': {
    severity: 'note',
    summary: 'GitHub Models replaces {{name}} but not {{ name }}.',
    fixable: true,
  },
} as const satisfies Readonly<Record<string, LintRule>>;

export type LintRuleId = keyof typeof lintRules;

/** Their ids, in the order in which problems of one place are shown. */
export const lintRuleIds = Object.keys(lintRules) as LintRuleId[];
