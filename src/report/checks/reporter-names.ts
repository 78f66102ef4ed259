/** What `--reporter` takes; `json` is the answer of `--json`. */
export const reporterNames = ['pretty', 'json', 'junit', 'github', 'gitlab', 'sarif', 'markdown'] as const;

export type ReporterChoice = (typeof reporterNames)[number];
