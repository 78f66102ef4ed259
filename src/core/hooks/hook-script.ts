import { quoteShellWord } from '../shell-word.ts';

/** The hooks that promptv has something to do in. */
export const hookNames = ['pre-commit', 'post-commit'] as const;
export type HookName = (typeof hookNames)[number];

/** What a hook that stood there before ours is called now. */
export const formerName = (hook: HookName): string => `${hook}.before-promptv`;

const mark = '# Written by "promptv hooks install"; "promptv hooks uninstall" takes it away.';

/**
 * The hook: this installation of promptv, else the one on the PATH, then what stood there before. It runs nothing out of
 * the work tree, which may be somebody else's branch. A check that cannot be made stops a commit, a lost version does not.
 */
export const formatHook = (
  hook: HookName,
  program: { readonly node: string; readonly script: string },
): string => {
  const [node, script] = [quoteShellWord(program.node), quoteShellWord(program.script)];
  const missing = `echo 'promptv: not found; install it, or delete '"$0" >&2`;
  return [
    '#!/bin/sh',
    mark,
    `if [ -f ${script} ] && [ -x ${node} ]; then ${node} ${script} hooks run ${hook}`,
    `elif command -v promptv >/dev/null 2>&1; then promptv hooks run ${hook}`,
    `else ${missing}${hook === 'pre-commit' ? '; false' : ''}`,
    'fi || exit $?',
    `if [ -x "$0${formerName(hook).slice(hook.length)}" ]; then exec "$0${formerName(hook).slice(hook.length)}" "$@"; fi`,
    '',
  ].join('\n');
};

/** Whether a hook's text is one of ours. */
export const isOwnHook = (text: string): boolean => text.includes(`\n${mark}\n`);

/** Whether one of ours is as it was written, whichever installation it names. */
export const isAsWritten = (text: string, hook: HookName): boolean => {
  const withoutProgram = (script: string): string =>
    script.replace(/^if \[ -f .* hooks run (?=[a-z-]+$)/m, 'if hooks run ');
  return withoutProgram(text) === withoutProgram(formatHook(hook, { node: '', script: '' }));
};

const blockStart = '# promptv: begin ("promptv hooks uninstall" takes this away)';
const blockEnd = '# promptv: end';

/** The text of a husky hook with our lines at its end. */
export const addHuskyBlock = (text: string, hook: HookName): string =>
  `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${blockStart}\npromptv hooks run ${hook}\n${blockEnd}\n`;

/** The text without our lines; the same text where there are none. */
export const removeHuskyBlock = (text: string): string => {
  const start = text.indexOf(blockStart);
  const end = text.indexOf(`${blockEnd}\n`, start);
  return start < 0 || end < 0 ? text : text.slice(0, start) + text.slice(end + blockEnd.length + 1);
};

export const hasHuskyBlock = (text: string): boolean => removeHuskyBlock(text) !== text;

/** What to add to lefthook's own file, which is the only place it takes hooks from. */
export const formatLefthookSnippet = (hooks: readonly HookName[]): string =>
  hooks.map((hook) => `${hook}:\n  commands:\n    promptv:\n      run: promptv hooks run ${hook}\n`).join('');
