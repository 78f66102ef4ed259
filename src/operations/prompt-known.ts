import { readWorkingSources } from './sources.ts';
import { Versions } from './versions.ts';
import { promptNotFound, type Workspace } from './workspace.ts';

/**
 * What never ran has an empty history; a name that neither a file nor a version has is a slip of the pen.
 * @throws PROMPT_NOT_FOUND
 */
export const assertPromptKnown = async (workspace: Workspace, prompt: string): Promise<void> => {
  const versions = new Versions(workspace);
  const [sources] = await Promise.all([readWorkingSources(workspace, new Set()), versions.listAll()]);
  const known = new Set([...sources.names, ...versions.names()]);
  if (!known.has(prompt)) throw promptNotFound(prompt, known);
};
