import type { Command } from 'commander';
import type { OpenContext } from './context.ts';

/** One command: its line in the help, and its module, imported when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly alias?: string;
  readonly group: string;
  readonly summary: string;
  /** Whether it writes; a nested run under promptv's own commit leaves it out. */
  readonly isChange?: boolean;
  readonly isHidden?: boolean;
  readonly load: (context: OpenContext) => Promise<Command>;
}

const start = 'Start:';
const version = 'Version:';
const look = 'Look:';
const check = 'Check:';
const deliver = 'Deliver:';
const serve = 'Serve:';
const measure = 'Measure:';
const care = 'Care:';

export const commandTable: readonly CommandEntry[] = [
  {
    name: 'init',
    group: start,
    summary: 'set up a repository: configuration, prompts directory, rules for the host',
    isChange: true,
    load: async (context) => (await import('./commands/init.ts')).initCommand(context),
  },
  {
    name: 'new',
    group: start,
    summary: 'write a new prompt file',
    isChange: true,
    load: async (context) => (await import('./commands/new.ts')).newCommand(context),
  },
  {
    name: 'save',
    group: version,
    summary: 'give changed prompts their next version',
    isChange: true,
    load: async (context) => (await import('./commands/save.ts')).saveCommand(context),
  },
  {
    name: 'unsave',
    group: version,
    summary: 'take back a version that was not pushed',
    isChange: true,
    load: async (context) => (await import('./commands/unsave.ts')).unsaveCommand(context),
  },
  {
    name: 'restore',
    group: version,
    summary: "put a version's text back into its file",
    isChange: true,
    load: async (context) => (await import('./commands/restore.ts')).restoreCommand(context),
  },
  {
    name: 'rename',
    group: version,
    summary: 'rename a prompt, its tests and every reference to it',
    isChange: true,
    load: async (context) => (await import('./commands/rename.ts')).renameCommand(context),
  },
  {
    name: 'sync',
    group: version,
    summary: "fetch the team's versions and renumber own ones that clash",
    isChange: true,
    load: async (context) => (await import('./commands/sync.ts')).syncCommand(context),
  },
  {
    name: 'status',
    group: look,
    summary: 'show what differs from the latest versions',
    load: async (context) => (await import('./commands/status.ts')).statusCommand(context),
  },
  {
    name: 'list',
    alias: 'ls',
    group: look,
    summary: 'list the prompts with their versions and environments',
    load: async (context) => (await import('./commands/list.ts')).listCommand(context),
  },
  {
    name: 'log',
    group: look,
    summary: "show a prompt's versions, or write them as a changelog",
    load: async (context) => (await import('./commands/log.ts')).logCommand(context),
  },
  {
    name: 'show',
    group: look,
    summary: 'show one version of a prompt',
    load: async (context) => (await import('./commands/show.ts')).showCommand(context),
  },
  {
    name: 'diff',
    group: look,
    summary: 'compare two versions, in words and in what callers feel',
    load: async (context) => (await import('./commands/diff.ts')).diffCommand(context),
  },
  {
    name: 'render',
    group: look,
    summary: 'fill in the variables of a prompt',
    load: async (context) => (await import('./commands/render.ts')).renderCommand(context),
  },
  {
    name: 'lint',
    group: check,
    summary: 'look for what is wrong or doubtful in prompts, before they have a version',
    load: async (context) => (await import('./commands/lint.ts')).lintCommand(context),
  },
  {
    name: 'test',
    group: check,
    summary: 'run the tests of prompts, on the rendered text or on the answers of a model',
    load: async (context) => (await import('./commands/test.ts')).testCommand(context),
  },
  {
    name: 'bench',
    group: check,
    summary: 'measure the rendering of a prompt: time, processor, memory',
    load: async (context) => (await import('./commands/bench.ts')).benchCommand(context),
  },
  {
    name: 'promote',
    group: deliver,
    summary: 'move a version into an environment, if its gates agree',
    isChange: true,
    load: async (context) => (await import('./commands/promote.ts')).promoteCommand(context),
  },
  {
    name: 'rollback',
    group: deliver,
    summary: 'back to the previous good version',
    isChange: true,
    load: async (context) => (await import('./commands/rollback.ts')).rollbackCommand(context),
  },
  {
    name: 'rollout',
    group: deliver,
    summary: 'gradual delivery that stops itself: look, tick, run, pause, abort',
    isChange: true,
    load: async (context) => (await import('./commands/rollout.ts')).rolloutCommand(context),
  },
  {
    name: 'watch',
    group: deliver,
    summary: 'roll back by itself what is not well, or say so',
    isChange: true,
    load: async (context) => (await import('./commands/watch.ts')).watchCommand(context),
  },
  {
    name: 'approval',
    group: deliver,
    summary: 'ask for and give approval, stage by stage',
    isChange: true,
    load: async (context) => (await import('./commands/approval.ts')).approvalCommand(context),
  },
  {
    name: 'annotate',
    group: deliver,
    summary: 'add a remark to a version, or mark it deprecated or archived',
    isChange: true,
    load: async (context) => (await import('./commands/annotate.ts')).annotateCommand(context),
  },
  {
    name: 'audit',
    group: deliver,
    summary: 'show one trail of everything: who, when, why',
    load: async (context) => (await import('./commands/audit.ts')).auditCommand(context),
  },
  {
    name: 'env',
    group: deliver,
    summary: 'show what runs where, now or at a moment, and how delivery goes',
    load: async (context) => (await import('./commands/env.ts')).envCommand(context),
  },
  {
    name: 'get',
    group: serve,
    summary: 'print what an environment runs of a prompt, as an application reads it',
    load: async (context) => (await import('./commands/get.ts')).getCommand(context),
  },
  {
    name: 'bundle',
    group: serve,
    summary: 'write what environments run into one file, for applications without git',
    isChange: true,
    load: async (context) => (await import('./commands/bundle.ts')).bundleCommand(context),
  },
  {
    name: 'verify',
    group: serve,
    summary: 'check a bundle against itself and, in a repository, against git',
    load: async (context) => (await import('./commands/verify.ts')).verifyCommand(context),
  },
  {
    name: 'export',
    group: serve,
    summary: 'write what an environment runs as flags of OpenFeature',
    isChange: true,
    load: async (context) => (await import('./commands/export.ts')).exportCommand(context),
  },
  {
    name: 'metrics',
    group: measure,
    summary: 'record what runs did, and read it: figures, errors, imports, exports',
    load: async (context) => (await import('./commands/metrics.ts')).metricsCommand(context),
  },
  {
    name: 'abtest',
    group: measure,
    summary: 'compare versions on live units: define, start, assign, decide',
    isChange: true,
    load: async (context) => (await import('./commands/abtest.ts')).abtestCommand(context),
  },
  {
    name: 'stats',
    group: measure,
    summary: 'compute a statistic: tests, intervals, sample sizes, quantiles',
    load: async (context) => (await import('./commands/stats.ts')).statsCommand(context),
  },
  {
    name: 'doctor',
    group: care,
    summary: 'look for what is broken or left over, and mend it',
    load: async (context) => (await import('./commands/doctor.ts')).doctorCommand(context),
  },
  {
    name: 'hooks',
    group: care,
    summary: 'install git hooks that lint what is committed, and version it',
    load: async (context) => (await import('./commands/hooks.ts')).hooksCommand(context),
  },
  {
    name: 'config',
    group: care,
    summary: 'show the configuration in force',
    load: async (context) => (await import('./commands/config.ts')).configCommand(context),
  },
  {
    name: 'completion',
    group: care,
    summary: 'print the script that completes command lines in a shell',
    load: async (context) => (await import('./commands/completion.ts')).completionCommand(context),
  },
  {
    name: 'complete',
    group: care,
    summary: 'answer the completion script',
    isHidden: true,
    load: async (context) => (await import('./commands/complete.ts')).completeCommand(context),
  },
];

/** The entry of a name or alias. */
export const findCommand = (name: string | undefined): CommandEntry | undefined =>
  name === undefined ? undefined : commandTable.find((entry) => entry.name === name || entry.alias === name);
