import type { PromptDocument, PromptVariable } from '../core/prompt/document.ts';
import { declaredVariables, usedVariables } from '../core/template/used-variables.ts';
import { type ResolvedPrompt, resolveRef } from './resolve-ref.ts';
import type { ShownPrompt } from './types.ts';
import { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface ShowRequest {
  readonly ref: string;
}

export interface ShowResult extends ShownPrompt {
  readonly path: string;
  /** What a call gives: the declared variables, also those of partials, and last those that are only used. */
  readonly variables: readonly PromptVariable[];
  /** The file's exact bytes. */
  readonly raw: Uint8Array;
  /** What the tag records; null for a file on disk or a git revision. */
  readonly saved: {
    readonly date: string;
    readonly author: string;
    readonly message: string;
    readonly commit: string;
  } | null;
}

/** One document as a reference names it. @throws as `resolveRef` */
export const show = async (workspace: Workspace, request: ShowRequest): Promise<ShowResult> => {
  const found = await resolveRef(workspace, new Versions(workspace), {
    ref: request.ref,
    otherwise: 'latest',
  });
  const { name: prompt, version, contentHash, document, path, bytes: raw } = found;
  const saved = version && {
    date: version.date,
    author: `${version.author.name} <${version.author.email}>`,
    message: version.record.message,
    commit: version.commit,
  };
  const variables = callVariables(found);
  return { prompt, version: version?.version ?? null, contentHash, document, path, variables, raw, saved };
};

const callVariables = ({ document, partials }: ResolvedPrompt): PromptVariable[] => {
  const partialOf = (name: string): PromptDocument | undefined => partials.get(name);
  const declared = declaredVariables(document, partialOf);
  const names = new Set(declared.map(({ name }) => name));
  const undeclared = usedVariables(document, partialOf).filter(({ name }) => !names.has(name));
  return [...declared, ...undeclared.map(({ name }) => ({ name, description: 'Used, not declared.' }))];
};
