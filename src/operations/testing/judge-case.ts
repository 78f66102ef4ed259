import { runLimited, WorkTimeout } from '../../calls/limited-work.ts';
import { describeEnd, ProgramFailure, runProgram } from '../../calls/run-program.ts';
import type { CheckProblem } from '../../core/checks/report.ts';
import type { DocumentPath, PromptDocument } from '../../core/prompt/document.ts';
import type { Assertion } from '../../core/testing/assertion.ts';
import { loadSchemaCheck, type SchemaCheck, schemaOfDocument } from '../../core/testing/json-schema-check.ts';
import { type JudgedText, judgeText } from '../../core/testing/judge.ts';
import { programEnvironment } from '../program-environment.ts';
import type { Workspace } from '../workspace.ts';
import type { LocatedCase } from './read-cases.ts';
import type { SnapshotBook } from './snapshots.ts';

/** How long the judging of one assertion may take: a regular expression can be made endless. */
const assertionLimitMs = 1000;

/** What a case's assertions look at. */
export interface Judging {
  readonly workspace: Workspace;
  readonly document: PromptDocument;
  readonly snapshots: SnapshotBook;
  /** Keeps the snapshots of several targets apart; empty where there is one. */
  readonly label: string;
  readonly prompt: JudgedText;
  /** Null without a provider. */
  readonly output: JudgedText | null;
  readonly signal: AbortSignal;
}

export interface CaseJudgement {
  readonly problems: readonly CheckProblem[];
  /** Assertions that were looked at, and those that need an answer that nobody gave. */
  readonly checked: number;
  readonly unchecked: number;
  /** The least of those asked for; null when none was. */
  readonly similarity: number | null;
}

/** Judges every assertion of a case. @throws the signal's reason */
export const judgeCase = async (testCase: LocatedCase, judging: Judging): Promise<CaseJudgement> => {
  const problems: CheckProblem[] = [];
  const similarities: number[] = [];
  let [checked, unchecked] = [0, 0];
  for (const { assertion, path } of testCase.assertions) {
    const subject =
      assertion.on === 'prompt'
        ? judging.prompt
        : (judging.output ?? (assertion.on === null ? judging.prompt : null));
    if (subject === null) {
      unchecked += 1;
      continue;
    }
    checked += 1;
    const { problem, similarity } = await judgeAssertion(assertion, subject, { ...judging, testCase });
    if (similarity !== undefined) similarities.push(similarity);
    if (problem !== null)
      problems.push(placeProblem(testCase, path, { ruleId: assertion.kind, message: problem }));
  }
  return {
    problems,
    checked,
    unchecked,
    similarity: similarities.length === 0 ? null : Math.min(...similarities),
  };
};

/** A problem at the place of a case, or of one of its assertions. */
export const placeProblem = (
  { file, locate, name }: LocatedCase,
  path: DocumentPath,
  problem: Pick<CheckProblem, 'ruleId' | 'message'> & Partial<Pick<CheckProblem, 'severity'>>,
): CheckProblem => ({
  severity: 'error',
  ...problem,
  message: `${name}: ${problem.message}`,
  file,
  ...locate(path),
  endLine: null,
  endColumn: null,
});

interface Judged {
  readonly problem: string | null;
  readonly similarity?: number;
}

const judgeAssertion = async (
  assertion: Assertion,
  subject: JudgedText,
  judging: Judging & { readonly testCase: LocatedCase },
): Promise<Judged> => {
  try {
    switch (assertion.kind) {
      case 'snapshot': {
        const on = subject.noun === 'prompt' ? 'prompt' : `output${judging.label && ` of ${judging.label}`}`;
        return { problem: judging.snapshots.check(`${judging.testCase.name} (${on})`, subject.text) };
      }
      case 'json-schema':
        return await judgeSchema(assertion.value, subject, judging.document);
      case 'command':
        return await judgeByProgram(assertion.value, subject, judging);
      default:
        return runLimited(assertionLimitMs, () => judgeText(assertion, subject));
    }
  } catch (error) {
    if (!(error instanceof WorkTimeout)) throw error;
    return { problem: `"${assertion.kind}" was given up after ${assertionLimitMs} ms` };
  }
};

let schemaCheck: Promise<SchemaCheck> | undefined;

const judgeSchema = async (
  given: true | Readonly<Record<string, unknown>>,
  { text, noun }: JudgedText,
  { jsonSchema }: PromptDocument,
): Promise<Judged> => {
  const schema = given === true ? schemaOfDocument(jsonSchema) : given;
  if (schema === null) return { problem: 'the prompt has no "jsonSchema" to check with' };
  schemaCheck ??= loadSchemaCheck();
  const check = await schemaCheck;
  const problem = runLimited(assertionLimitMs, () => check(schema, text));
  return { problem: problem === null ? null : `the ${noun} ${problem}` };
};

const judgeByProgram = async (name: string, { text }: JudgedText, judging: Judging): Promise<Judged> => {
  const { workspace, signal } = judging;
  const { commands } = workspace.config.test;
  const argv = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (argv === undefined) return { problem: `there is no command "${name}" under "test.commands"` };
  const env = programEnvironment(workspace);
  try {
    const answer = await runProgram({ argv, cwd: workspace.root, env, stdin: text, signal });
    return { problem: answer.exitCode === 0 ? null : `the command "${name}" ${describeEnd(answer)}` };
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    return { problem: `the command "${name}" could not be run: ${error.message}` };
  }
};
