import type { EnvironmentConfig } from '../core/config/schema.ts';
import type { Gate } from '../core/environment/gates.ts';
import type { Workspace } from './workspace.ts';

/** A version on its way into an environment. */
export interface CheckRequest {
  readonly prompt: string;
  readonly version: string;
  readonly contentHash: string;
  readonly environment: EnvironmentConfig;
  /** What runs there; null when nothing does. */
  readonly previousVersion: string | null;
}

/** The gates of an environment's `requires`. Where there are none the metrics log and the statistics are not even loaded. */
export const requiredChecks = async (workspace: Workspace, request: CheckRequest): Promise<Gate[]> =>
  request.environment.requires.length === 0
    ? []
    : (await import('./promotion-checks.ts')).checkGates(workspace, request);
