import type { PromptState, Warning } from './types.ts';

export interface ListRequest {
  readonly type?: string;
  readonly category?: string;
  readonly tag?: string;
  readonly environment?: string;
}

export interface ListedPrompt {
  readonly prompt: string;
  readonly path: string | null;
  readonly type: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly description: string | null;
  /** Highest stable version, else highest of all. */
  readonly version: string | null;
  readonly state: PromptState;
  /** Environment → version that runs there. */
  readonly environments: Readonly<Record<string, string>>;
  /** When the version shown was saved, ISO 8601 UTC. */
  readonly date: string | null;
}

export interface ListResult {
  readonly prompts: readonly ListedPrompt[];
  readonly warnings: readonly Warning[];
}
