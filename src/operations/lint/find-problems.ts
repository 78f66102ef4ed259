import type { Finding } from '../../core/lint/finding.ts';
import { lintDocument, scannedTexts } from '../../core/lint/lint-document.ts';
import { findPartialProblems } from '../../core/lint/partials.ts';
import type { LintRuleId } from '../../core/lint/rules.ts';
import { mayHoldSecret } from '../../core/lint/secret-hint.ts';
import { templateProblem } from '../../core/lint/template-problem.ts';
import type { PromptDocument } from '../../core/prompt/document.ts';
import { includedPrompts } from '../../core/template/template.ts';
import type { TextPlace } from '../../store/text-places.ts';
import type { PromptSource, Sources } from '../sources.ts';
import type { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';

/** What was found, with its place in the document, in the text, or already by line and column. */
export type Found =
  | Finding
  | { readonly ruleId: LintRuleId; readonly message: string; readonly place: TextPlace }
  | { readonly ruleId: LintRuleId; readonly message: string; readonly offsets: readonly [number, number] };

interface Around {
  readonly sources: Sources;
  readonly versions: Versions;
}

/** Everything that the rules find in one prompt, however broken; rules that are switched off and slow are not asked. */
export const findSourceProblems = async (
  workspace: Workspace,
  source: PromptSource,
  { sources, versions }: Around,
): Promise<Found[]> => {
  const { parsed, name, path } = source;
  const { document, text } = parsed;
  const found: Found[] = [...findFormProblems(source), ...(await findKeptSecrets(workspace, text, path))];
  if (document === null) return found;
  const partialOf = (partial: string): PromptDocument | undefined =>
    sources.prompts.get(partial)?.parsed.document ?? undefined;
  found.push(
    ...lintDocument({ name, path, document, partialOf, names: sources.names }, workspace.config.lint),
  );
  if (isOn(workspace, 'profanity')) {
    const { findProfanity } = await import('../../core/lint/profanity.ts');
    found.push(...findProfanity(scannedTexts(document), workspace.config.lint.allowedWords));
  }
  found.push(...(await findRangeProblems(document, versions)));
  return found;
};

/** The partials of a prompt that are not there. */
export const findMissingPartials = ({ name, parsed }: PromptSource, { names }: Sources): Found[] =>
  parsed.document === null
    ? []
    : findPartialProblems(name, parsed.document, { partialOf: () => undefined, names });

const isOn = ({ config }: Workspace, rule: LintRuleId): boolean => config.lint.rules[rule] !== 'off';

/** What reading the file found: the schema's problems, broken templates, keys without a meaning. */
const findFormProblems = ({ parsed }: PromptSource): Found[] =>
  parsed.problems.map((problem) => {
    const template = templateProblem(parsed.value, problem);
    if (template !== null) return template;
    const place = { line: problem.line, column: problem.column, endLine: null, endColumn: null };
    // Only a key that is not known is a warning.
    const ruleId = problem.severity === 'warning' ? 'unknown-key' : 'schema';
    return { ruleId, message: problem.message, place };
  });

const findKeptSecrets = async (workspace: Workspace, text: string, path: string): Promise<Found[]> => {
  if (!isOn(workspace, 'secret') || !mayHoldSecret(text)) return [];
  const { findSecrets } = await import('../../core/lint/secrets.ts');
  const secrets = await findSecrets(text, path);
  return secrets.map(({ kind, start, end }) => ({
    ruleId: 'secret',
    message: `looks like a secret (${kind}): take it out, and revoke it if it was ever pushed`,
    offsets: [start, end],
  }));
};

/** The partials whose versions a document restricts. */
export const rangedPartials = (document: PromptDocument): { name: string; range: string }[] =>
  includedPrompts(document).flatMap((name) => {
    const range = document.dependencies?.[name];
    return range === undefined ? [] : [{ name, range }];
  });

/** A partial that was never saved gets its first version with the prompt, so only those that were can be missed. */
const findRangeProblems = async (document: PromptDocument, versions: Versions): Promise<Finding[]> => {
  const ranged = rangedPartials(document);
  if (ranged.length === 0) return [];
  const { firstInRanges } = await import('../../core/version/range.ts');
  const findings = await Promise.all(
    ranged.map(async ({ name, range }): Promise<Finding[]> => {
      const numbers = (await versions.refsOf(name)).map(({ version }) => version);
      if (numbers.length === 0 || firstInRanges(numbers, [range]) !== null) return [];
      const message = `no version of ${name} is in ${range}; the latest is ${numbers[0]}`;
      return [{ ruleId: 'dependency-range', message, path: ['dependencies', name] }];
    }),
  );
  return findings.flat();
};
