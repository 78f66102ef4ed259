import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { runProgram } from './run-program.ts';
import type { TempRepo } from './temp-repo.ts';

/** A step as a workflow or a composite action has it. */
export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly 'working-directory'?: string;
}

export interface StepRun {
  readonly name: string;
  readonly exitCode: number | null;
  readonly log: string;
}

export interface JobRun {
  /** The steps that were run, in order; those that use an action are left to the test. */
  readonly steps: readonly StepRun[];
  readonly failed: boolean;
  readonly summary: string;
}

interface Job {
  readonly steps: readonly Step[];
  readonly env?: Readonly<Record<string, string>>;
  /** `github`, `inputs` and what else expressions read. */
  readonly contexts: Readonly<Record<string, unknown>>;
  /** What the runner itself sets. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The value of an expression, by GitHub's own evaluator. */
export const evaluate = (expression: string, contexts: object, failed = false): data.ExpressionData => {
  const status = (name: string, value: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  });
  const functions = [status('success', !failed), status('failure', failed), status('always', true)];
  const parser = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions);
  const context = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(parser.parse(), context, new Map(functions.map((it) => [it.name, it]))).evaluate();
};

const substitute = (text: string, contexts: object): string =>
  String(text).replace(/\$\{\{(.*?)\}\}/gs, (_, expression) =>
    evaluate(expression.trim(), contexts).coerceString(),
  );

const isWanted = (condition: string | undefined, contexts: object, failed: boolean): boolean => {
  const expression = condition ?? 'success()';
  const full = /\b(success|failure|always)\(\)/.test(expression)
    ? expression
    : `success() && (${expression})`;
  const result = evaluate(full, contexts, failed);
  return result.kind !== data.Kind.Null && result.coerceString() !== 'false' && result.coerceString() !== '';
};

/** Runs the shell steps of a job in a clone as GitHub's runner does: expressions, environment files, bash and its flags. */
export const runJob = async (clone: TempRepo, job: Job): Promise<JobRun> => {
  const temp = mkdtempSync(join(clone.root, 'runner-'));
  const file = (name: string): string => join(temp, name);
  const files = {
    GITHUB_OUTPUT: file('output'),
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary'),
  };
  for (const path of Object.values(files)) writeFileSync(path, '');
  const outputs: Record<string, { outputs: Record<string, string> }> = {};
  const steps: StepRun[] = [];
  for (const step of job.steps) {
    const contexts = { ...job.contexts, runner: { temp }, steps: outputs };
    const failed = steps.some(({ exitCode }) => exitCode !== 0);
    if (step.run === undefined || !isWanted(step.if, contexts, failed)) continue;
    const script = file(`step-${steps.length}.sh`);
    writeFileSync(script, substitute(step.run, contexts));
    const folders = readFileSync(files.GITHUB_PATH, 'utf8').split('\n').filter(Boolean);
    const texts = Object.entries({ ...job.env, ...step.env });
    const env = {
      ...clone.env,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: temp,
      ...job.variables,
      ...files,
      ...Object.fromEntries(texts.map(([name, text]) => [name, substitute(text, contexts)])),
      PATH: [...folders, job.variables.PATH ?? clone.env.PATH].join(delimiter),
    };
    const cwd = join(clone.dir, substitute(step['working-directory'] ?? '.', contexts));
    const run = await runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], { cwd, env });
    const lines = readFileSync(files.GITHUB_OUTPUT, 'utf8').split('\n').filter(Boolean);
    writeFileSync(files.GITHUB_OUTPUT, '');
    if (step.id) outputs[step.id] = { outputs: Object.fromEntries(lines.map((line) => line.split('='))) };
    steps.push({ name: step.name ?? '', exitCode: run.exitCode, log: run.stdout + run.stderr });
  }
  return {
    steps,
    failed: steps.some(({ exitCode }) => exitCode !== 0),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
};
