export interface RenderRequest {
  readonly ref: string;
  /** Values given as text (`--var`), converted by the declared type. */
  readonly textVariables?: Readonly<Record<string, string>>;
  /** Values given as data (`--vars FILE`, the library). */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly variablesFile?: string;
}

export interface RenderedMessage {
  readonly role: string;
  readonly content: string;
}

export interface RenderResult {
  readonly prompt: string;
  readonly version: string | null;
  readonly contentHash: string;
  readonly text: string;
  /** Null for a prompt with `content`. */
  readonly messages: readonly RenderedMessage[] | null;
}
