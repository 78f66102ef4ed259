/** Where a value comes from: the file, or the built-in default. */
export type ConfigOrigin = 'file' | 'default';

export interface ConfigShowResult {
  /** The configuration file, relative to the workspace; null when there is none. */
  readonly path: string | null;
  readonly workspace: string;
  /** Every key with the value in force. */
  readonly config: unknown;
  /** Dotted key → where its value comes from. */
  readonly origins: Readonly<Record<string, ConfigOrigin>>;
}
