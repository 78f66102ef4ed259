import { checkErrors } from './errors/checks.ts';
import { deliveryErrors } from './errors/delivery.ts';
import { experimentErrors } from './errors/experiments.ts';
import { type Details, type ErrorKind, type FailureCode, kind } from './errors/kind.ts';
import { metricsErrors } from './errors/metrics.ts';
import { promptErrors } from './errors/prompts.ts';
import { repositoryErrors } from './errors/repository.ts';
import { rolloutErrors } from './errors/rollouts.ts';
import { versionErrors } from './errors/versions.ts';

/** Every failure that a user can meet, by its code: those of the parts, and those of any. */
export const errorKinds = {
  USAGE: kind(2, '{message}', '{hint}'),
  CONFIG_INVALID: kind(
    2,
    'The configuration {path} is not valid: {count} found.',
    'Correct {first}; then "promptv config show" prints what is in force.',
  ),
  CONFIG_NOT_FOUND: kind(
    2,
    'There is no configuration file {path}.',
    'Write one with "promptv init", or name another with --config FILE.',
  ),
  ...promptErrors,
  ...versionErrors,
  ...repositoryErrors,
  ...deliveryErrors,
  ...rolloutErrors,
  ...experimentErrors,
  ...metricsErrors,
  ...checkErrors,
  // Ours, and the user's Ctrl-C.
  INTERNAL: kind(
    70,
    'This is a bug in promptv: {reason}',
    'Run the same command with --debug and report what it prints.',
  ),
  INTERRUPTED: kind(
    130,
    'Interrupted.',
    'Run the same command again: it finishes the work or does nothing twice.',
  ),
} satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/**
 * An expected failure. `details` are serialisable and name what was involved. Where something was written before, they
 * say so: `written` stands behind the message, `resume` behind the hint.
 */
export class PromptvError extends Error {
  override readonly name = 'PromptvError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: FailureCode;
  readonly details: Details;

  constructor(code: ErrorCode, details: Details = {}, options?: ErrorOptions) {
    const found: ErrorKind = errorKinds[code];
    super(withMore(found.message(details), details.written), options);
    this.code = code;
    this.hint = withMore(found.hint(details), details.resume);
    this.exitCode = found.exitCode;
    this.details = details;
  }
}

const withMore = (text: string, more: unknown): string =>
  typeof more === 'string' ? `${text}${/[.!?]$/.test(text) ? '' : '.'} ${more}` : text;

/** Builds the error to throw: `throw promptvError('TAG_EXISTS', { tag })`. */
export const promptvError = (code: ErrorCode, details: Details = {}, cause?: unknown): PromptvError =>
  new PromptvError(code, details, cause === undefined ? undefined : { cause });

export const isPromptvError = (error: unknown): error is PromptvError => error instanceof PromptvError;
