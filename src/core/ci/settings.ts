/** What a pipeline is written for. */
export interface PipelineSettings {
  /** What npm installs: a name with an exact version. */
  readonly promptvPackage: string;
  /** The workspace, from the repository's top folder; empty for that itself. */
  readonly directory: string;
  readonly defaultBranch: string;
  /** In the order of promotion. */
  readonly environments: readonly string[];
  /** Also carries rollouts on, on a schedule. */
  readonly rollout: boolean;
}

/** `promptv`, or for a workspace below the top `promptv-` and its path in letters, digits and hyphens. */
export const pipelineName = ({ directory }: PipelineSettings): string =>
  `promptv-${directory.toLowerCase()}`.replace(/[^a-z0-9]+/g, '-').replace(/-$/, '');

/** The mark of the comment that is kept up to date: one a workspace. */
export const commentMark = (settings: PipelineSettings): string => `<!-- ${pipelineName(settings)} diff -->`;

/** The Node that pipelines run on. */
export const nodeVersion = '22.14.0';

/** A YAML scalar: every JSON string is one. */
export const quote = (text: string): string => JSON.stringify(text);

/** Puts spaces before every line that has text. */
export const indentLines = (text: string, spaces: number): string =>
  text.replace(/^(?=.)/gm, ' '.repeat(spaces));
