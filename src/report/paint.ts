import { Chalk } from 'chalk';
import type { Impact } from '../core/impact/grade.ts';
import type { PromptState, VersionStatus } from '../operations/types.ts';
import type { Display } from './display.ts';

/** Colours a piece of text; without colour it returns the text. */
export type Painter = (text: string) => string;

/** What colours mean in every report. The text painted must be sanitised already. */
export interface Paint {
  readonly good: Painter;
  readonly bad: Painter;
  readonly warn: Painter;
  readonly info: Painter;
  readonly dim: Painter;
  readonly strong: Painter;
  readonly version: Painter;
  /** A command that the reader may type. */
  readonly command: Painter;
  readonly addedWord: Painter;
  readonly removedWord: Painter;
  readonly impact: Readonly<Record<Impact, Painter>>;
  readonly state: Readonly<Record<PromptState, Painter>>;
  readonly status: Readonly<Record<VersionStatus, Painter>>;
}

/** The colours for a display: the sixteen that every terminal theme defines, or none. */
export const createPaint = (display: Display): Paint => {
  const chalk = new Chalk({ level: display.color ? 1 : 0 });
  return {
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    info: chalk.blue,
    dim: chalk.dim,
    strong: chalk.bold,
    version: chalk.cyan,
    command: chalk.cyan,
    addedWord: chalk.green.inverse,
    removedWord: chalk.red.inverse,
    impact: { major: chalk.red.bold, minor: chalk.yellow, patch: chalk.green, none: chalk.dim },
    state: {
      new: chalk.green,
      clean: chalk.dim,
      modified: chalk.yellow,
      behind: chalk.blue,
      deleted: chalk.magenta,
      invalid: chalk.red.bold,
    },
    status: {
      production: chalk.green.bold,
      testing: chalk.cyan,
      draft: chalk.dim,
      superseded: chalk.dim,
      deprecated: chalk.yellow,
      archived: chalk.dim,
    },
  };
};
