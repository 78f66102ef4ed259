import { resolve } from 'node:path';
import type { OpenContext } from './context.ts';

/** An option of every command, and what it says of the run; `value` is empty for a flag. */
export interface GlobalOption {
  readonly flags: string;
  readonly description: string;
  readonly apply: (context: OpenContext, value: string) => void;
}

/** The options that stand before or after the name of every command. */
export const globalOptions: readonly GlobalOption[] = [
  {
    flags: '-C, --cwd <dir>',
    description: 'work as if started in this directory',
    apply: (context, value) => {
      context.cwd = resolve(context.cwd, value);
    },
  },
  {
    flags: '--config <file>',
    description: 'read this configuration file',
    apply: (context, value) => {
      context.configPath = value;
    },
  },
  {
    flags: '--json',
    description: 'print one JSON object instead of text',
    apply: (context) => {
      context.json = true;
    },
  },
  {
    flags: '-q, --quiet',
    description: 'print only errors and answers that were asked for',
    apply: (context) => {
      context.quiet = true;
    },
  },
  {
    flags: '--no-color',
    description: 'print without colours',
    apply: (context) => {
      context.color = false;
      context.errorColor = false;
    },
  },
  {
    flags: '--debug',
    description: 'show every call of git, and the stack of an error',
    apply: (context) => {
      context.debug = true;
    },
  },
];
