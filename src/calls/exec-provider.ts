import { promptvError } from '../errors.ts';
import type { Provider, ProviderRequest } from './provider.ts';
import { describeEnd, ProgramFailure, runProgram } from './run-program.ts';

export interface ExecProviderOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the program reads: the prompt as text, or the whole request as one JSON object. */
  readonly input: 'text' | 'json';
  readonly mask: (text: string) => string;
}

/** A program that reads the prompt on stdin and prints the answer; its last line end is no part of it. */
export const createExecProvider =
  ({ name, argv, cwd, env, input, mask }: ExecProviderOptions): Provider =>
  async (request, signal) => {
    const start = performance.now();
    const stdin = input === 'text' ? request.text : formatRequest(request);
    const answer = await runProgram({ argv, cwd, env, stdin, signal }).catch((error: unknown) => {
      if (!(error instanceof ProgramFailure)) throw error;
      throw promptvError('PROVIDER_FAILED', { name, reason: mask(error.message) });
    });
    const latencyMs = performance.now() - start;
    if (answer.exitCode !== 0) {
      const end = describeEnd({ ...answer, stderr: mask(answer.stderr) });
      throw promptvError('PROVIDER_FAILED', { name, reason: `${argv[0]} ${end}` });
    }
    const text = mask(answer.stdout.replace(/\r?\n$/, ''));
    return { text, model: null, inputTokens: null, outputTokens: null, latencyMs };
  };

const formatRequest = ({ messages, model, parameters, responseFormat, tools }: ProviderRequest): string =>
  JSON.stringify({ messages, model, parameters, responseFormat, tools });
