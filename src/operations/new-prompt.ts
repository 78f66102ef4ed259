import { join, relative, resolve, sep } from 'node:path';
import { promptNameProblem } from '../core/prompt/name.ts';
import { promptvError } from '../errors.ts';
import { isIgnored } from '../git/work-tree.ts';
import { parsePromptText } from '../store/prompt-text.ts';
import { fileExists, readTextFile } from '../store/read-file.ts';
import { formatContentPrompt } from '../store/scaffold.ts';
import { writeFileWhole } from '../store/write-file.ts';
import { promptInvalid } from './plan-versions.ts';
import { assertPromptPlace } from './prompt-place.ts';
import { resolveRef } from './resolve-ref.ts';
import { readWorkingSources } from './sources.ts';
import type { Warning } from './types.ts';
import { Versions } from './versions.ts';
import { gitPath, promptNameFrom, promptsPrefix, type Workspace } from './workspace.ts';

export interface NewPromptRequest {
  /** A name, or the path that the file shall have. */
  readonly name: string;
  /** A reference to a prompt, or a file: a prompt document, or plain text that becomes `content`. */
  readonly from?: string;
  readonly dryRun?: boolean;
}

export interface NewPromptResult {
  readonly prompt: string;
  readonly path: string;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/** Writes the file of a new prompt. @throws NAME_EXISTS, NAME_INVALID, PATH_EXCLUDED, PROMPT_INVALID, FILE_NOT_FOUND, FILE_NOT_TEXT, as `resolveRef` */
export const newPrompt = async (
  workspace: Workspace,
  request: NewPromptRequest,
): Promise<NewPromptResult> => {
  const prompt = promptNameFrom(workspace, request.name);
  const reason = promptNameProblem(prompt);
  if (reason) throw promptvError('NAME_INVALID', { name: prompt, reason });
  const sources = await readWorkingSources(workspace, new Set([prompt]));
  const taken =
    sources.prompts.get(prompt)?.path ?? sources.unreadable.find(({ name }) => name === prompt)?.path;
  if (taken) throw promptvError('NAME_EXISTS', { name: prompt, path: taken });
  const first = await firstText(workspace, prompt, request.from);
  const typedPath = /\.(?:ya?ml|json)$/i.test(request.name)
    ? relative(workspace.root, resolve(workspace.cwd, request.name)).split(sep).join('/')
    : null;
  const path = typedPath ?? `${promptsPrefix(workspace)}${prompt}${first.extension}`;
  const text = path.endsWith('.json') ? toJson(first) : first.text;
  await assertPromptPlace(workspace, { name: prompt, path });
  assertValid(text, path);
  if (await fileExists(join(workspace.root, path))) throw promptvError('NAME_EXISTS', { name: prompt, path });
  if (!request.dryRun) await writeFileWhole(join(workspace.root, path), text);
  const ignored = await isIgnored(workspace.repository, gitPath(workspace, path));
  const warnings = ignored ? [ignoredWarning(path)] : [];
  return { prompt, path, dryRun: request.dryRun ?? false, warnings };
};

const ignoredWarning = (path: string): Warning => ({
  code: 'FILE_IGNORED',
  message: `Git ignores ${path}, so it cannot be versioned: "git check-ignore -v ${path}" names the rule.`,
});

interface FirstText {
  readonly text: string | Uint8Array;
  readonly extension: '.yaml' | '.json';
}

/** What nobody would call a prompt, and the path of a prompt's file may also name one that was deleted. */
const isFileName = /\.(?:txt|md|markdown|prompt)$/i;

const firstText = async (
  workspace: Workspace,
  prompt: string,
  from: string | undefined,
): Promise<FirstText> => {
  if (from === undefined) return { text: formatContentPrompt(prompt, null), extension: '.yaml' };
  const file = resolve(workspace.cwd, from);
  if (!(await fileExists(file))) {
    if (isFileName.test(from)) throw promptvError('FILE_NOT_FOUND', { path: from });
    const source = await resolveRef(workspace, new Versions(workspace), { ref: from, otherwise: 'working' });
    return { text: source.bytes, extension: source.path.endsWith('.json') ? '.json' : '.yaml' };
  }
  const text = await readTextFile(file);
  if (/\.(?:ya?ml|json)$/i.test(from)) return { text, extension: /json$/i.test(from) ? '.json' : '.yaml' };
  return { text: formatContentPrompt(prompt, text), extension: '.yaml' };
};

/** A path that ends in `.json` wants the same document in that language; what is not valid is refused as it is. */
const toJson = ({ text, extension }: FirstText): string | Uint8Array => {
  if (extension === '.json') return text;
  const { document } = parsePromptText(Buffer.from(text), 'x.yaml');
  return document ? `${JSON.stringify(document, null, 2)}\n` : text;
};

const assertValid = (text: string | Uint8Array, path: string): void => {
  const { document, problems } = parsePromptText(Buffer.from(text), path);
  if (!document)
    throw promptInvalid(
      path,
      problems.filter(({ severity }) => severity === 'error'),
    );
};
