import { Command } from 'commander';
import { type Completion, completeWords, type ReadNames } from '../complete-words.ts';
import type { OpenContext } from '../context.ts';
import { listExperimentIds, listPromptNames, listSelectors } from '../operations.ts';
import { printText } from '../output.ts';
import { sanitize } from '../text.ts';

/** `promptv complete -- WORDS`: one completion of the last word a line, its meaning after a tab. */
export const completeCommand = (
  context: OpenContext,
  listNames = listPromptNames,
  listIds = listExperimentIds,
): Command =>
  new Command('complete')
    .description('Answers the completion script: the ways to go on with the last of the words.')
    .argument('[words...]', 'the words of the command line after "promptv"')
    .action(async (words: string[]) => {
      const readNames: ReadNames = async (kind) => {
        const workspace = await context.openWorkspace();
        if (typeof kind === 'object') return listSelectors(workspace, kind.selectorsOf);
        if (kind === 'prompts') return listNames(workspace);
        return kind === 'experiments'
          ? listIds(workspace)
          : workspace.config.environments.map(({ name }) => name);
      };
      printText(context, (await completeQuietly(context, words, readNames)).map(formatLine).join(''));
    });

/** While someone is typing there is nothing to report: a broken line or workspace completes to nothing. */
const completeQuietly: typeof completeWords = async (...parameters) => {
  try {
    return await completeWords(...parameters);
  } catch {
    return [];
  }
};

const formatLine = ({ value, description }: Completion): string => `${sanitize(value)}\t${description}\n`;
