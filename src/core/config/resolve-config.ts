import * as v from 'valibot';
import type { DocumentPath } from '../prompt/document.ts';
import { escapeControls } from '../version/control-characters.ts';
import { findConfigRuleProblems } from './config-rules.ts';
import { type ConfigOrigin, originsOf } from './origins.ts';
import { type Config, configSchema } from './schema.ts';
import { findShapeProblems } from './shape-problems.ts';

/** Something wrong in a configuration; the message begins with the dotted key. */
export interface ConfigProblem {
  readonly message: string;
  readonly path: DocumentPath;
}

/** The configuration in force, or null and everything that is wrong with it. */
interface ResolvedConfig {
  readonly config: Config | null;
  readonly problems: readonly ConfigProblem[];
  /** Dotted key → where its value comes from. */
  readonly origins: Readonly<Record<string, ConfigOrigin>>;
}

/** Checks what a configuration file holds (`undefined` or null: nothing) and fills in the defaults. Never throws. */
export const resolveConfig = (value: unknown): ResolvedConfig => {
  const given = value ?? {};
  const result = v.safeParse(configSchema, given, { message: describeIssue });
  const shape = findShapeProblems(configSchema, given);
  const issues = (result.issues ?? []).flatMap(toProblems);
  const found = [
    ...shape,
    ...issues.filter((issue) => !shape.some((other) => isWithin(issue.path, other.path))),
  ];
  const problems = result.success && found.length === 0 ? findConfigRuleProblems(result.output) : found;
  return {
    config: result.success && problems.length === 0 ? result.output : null,
    problems: problems.map(({ message, path }) => ({ message: `${formatKey(path)} ${message}`, path })),
    origins: originsOf(given),
  };
};

const isWithin = (path: DocumentPath, outer: DocumentPath): boolean =>
  outer.every((part, at) => path[at] === part);

/** What is wrong inside one of several alternatives says more than that none of them fits. */
const toProblems = (issue: v.BaseIssue<unknown>): ConfigProblem[] => {
  const path = pathOf(issue);
  const inner = (issue.issues ?? []).filter(({ path: below }) => below !== undefined);
  if (inner.length === 0) return [{ message: issue.message, path }];
  return inner.map((each) => ({ message: each.message, path: [...path, ...pathOf(each)] }));
};

const pathOf = (issue: v.BaseIssue<unknown>): DocumentPath =>
  (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));

/** `environments[0].name`; the root is called so. */
const formatKey = (path: DocumentPath): string => {
  if (path.length === 0) return 'The configuration';
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${escapeControls(part)}`));
  return parts.join('').replace(/^\./, '');
};

const describeIssue = (issue: v.BaseIssue<unknown>): string =>
  issue.received === 'undefined'
    ? 'is missing'
    : `must be ${describeExpected(issue.expected ?? '')}, not ${describeReceived(issue.input)}`;

const kindNames = new Map([
  ['string', 'a text'],
  ['boolean', 'true or false'],
  ['number', 'a number'],
  ['Array', 'a list'],
  ['Object', 'a mapping'],
]);

/** Valibot spells the options of a list `("a" | "b")`. */
const describeExpected = (expected: string): string =>
  kindNames.get(expected) ?? expected.replace(/^\(|\)$/g, '').replaceAll(' | ', ' or ');

const describeReceived = (input: unknown): string => {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return input === null ? 'nothing' : 'a mapping';
  return typeof input === 'string' ? `"${escapeControls(input.slice(0, 60))}"` : String(input);
};
