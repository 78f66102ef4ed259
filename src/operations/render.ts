import { resolve } from 'node:path';
import { renderDocument } from '../core/template/render.ts';
import { coerceTextVariables } from '../core/template/text-variables.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { readVariablesFile } from '../store/variables-file.ts';
import { resolveRef } from './resolve-ref.ts';
import { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface RenderRequest {
  readonly ref: string;
  /** Values given as text (`--var`), converted by the declared type. */
  readonly textVariables?: Readonly<Record<string, string>>;
  /** Values given as data (the library). */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** A YAML or JSON mapping of values. */
  readonly variablesFile?: string;
}

export interface RenderedMessage {
  readonly role: string;
  readonly content: string;
}

export interface RenderResult {
  readonly prompt: string;
  readonly version: string | null;
  readonly contentHash: string;
  readonly text: string;
  /** Null for a prompt with `content`. */
  readonly messages: readonly RenderedMessage[] | null;
}

/**
 * Fills a prompt's variables. A value of `--var` wins over the file's, the library's over neither.
 * @throws VARIABLES_INVALID naming every missing, unknown or ill-typed variable, TEMPLATE_INVALID, as `resolveRef`
 */
export const render = async (workspace: Workspace, request: RenderRequest): Promise<RenderResult> => {
  const prompt = await resolveRef(workspace, new Versions(workspace), {
    ref: request.ref,
    otherwise: 'working',
  });
  const fromFile = request.variablesFile
    ? await readVariablesFile(resolve(workspace.cwd, request.variablesFile))
    : {};
  const { name, version, contentHash } = prompt;
  try {
    const fromTexts = coerceTextVariables(prompt, request.textVariables ?? {});
    const values = { ...request.variables, ...fromFile, ...fromTexts };
    const rendered = renderDocument(prompt.document, {
      name,
      values,
      partialOf: (partial) => prompt.partials.get(partial),
    });
    return { prompt: name, version: version?.version ?? null, contentHash, ...rendered };
  } catch (error) {
    const rest = request.ref.includes('@') ? request.ref.slice(request.ref.indexOf('@')) : '@working';
    throw withRef(error, `${name}${version === null ? rest : `@${version.version}`}`);
  }
};

/** The variables stand in the text that was rendered, which need not be the one that "promptv show NAME" shows. */
const withRef = (error: unknown, ref: string): unknown =>
  isPromptvError(error) && error.code === 'VARIABLES_INVALID'
    ? promptvError(error.code, { ...error.details, ref }, error)
    : error;
