/** What the process ends with: done, the world's fault, the user's, a check's no, ours, or Ctrl-C. */
export const exitCodes = {
  done: 0,
  world: 1,
  usage: 2,
  refused: 3,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
