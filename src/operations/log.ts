import type { Impact } from '../core/impact/grade.ts';
import type { Bump, Person, VersionStatus, Warning } from './types.ts';

export interface LogRequest {
  /** A name or path; absent: every prompt. */
  readonly name?: string;
  /** `FROM..TO`: after FROM, up to and including TO. */
  readonly range?: string;
  readonly limit?: number;
}

export interface LoggedVersion {
  readonly prompt: string;
  readonly version: string;
  readonly tag: string;
  readonly commit: string;
  readonly date: string;
  readonly author: Person;
  readonly message: string;
  readonly bump: Bump | 'initial' | 'explicit';
  readonly impact: Impact;
  readonly contentHash: string;
  readonly status: VersionStatus;
  readonly environments: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
}

export interface LogResult {
  readonly prompt: string | null;
  /** Highest version first; without a name newest first. */
  readonly versions: readonly LoggedVersion[];
  readonly warnings: readonly Warning[];
}
