import { Argument, Command } from 'commander';
import { completionScripts, type Shell, shells } from '../completion-scripts.ts';
import type { Context } from '../context.ts';
import { formatExamples } from '../options.ts';
import { printJson, printText } from '../output.ts';

/** `promptv completion SHELL`: needs neither a configuration nor a repository. */
export const completionCommand = (context: Context): Command =>
  new Command('completion')
    .description(
      'Prints the script that completes commands, options, the names of prompts and their versions in a ' +
        "shell. Load it in the shell's start-up file.",
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      formatExamples(
        "echo 'source <(promptv completion bash)' >> ~/.bashrc",
        'promptv completion fish > ~/.config/fish/completions/promptv.fish',
      ),
    )
    .action((shell: Shell) => {
      const script = completionScripts[shell];
      if (context.json) printJson(context, { shell, script });
      else printText(context, script);
    });
