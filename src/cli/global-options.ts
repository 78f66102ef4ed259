import { type Command, Option } from 'commander';
import type { OpenContext } from './context.ts';
import { globalOptions } from './global-option-table.ts';
import { parseText } from './options.ts';

/**
 * Adds the options that stand before and after the name of every command. Each fills in the context as the
 * parser meets it, so the last one wins and a later error already knows of `--json`.
 */
export const addGlobalOptions = (command: Command, context: OpenContext): Command => {
  for (const { flags, description, apply } of globalOptions) {
    const option = new Option(flags, description).helpGroup('Global options:');
    command.addOption(option.required ? option.argParser(parseText) : option);
    command.on(`option:${option.name()}`, (value: string) => apply(context, value));
  }
  return command;
};
