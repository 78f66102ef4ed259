import { approvalChecks } from './doctor-approval.ts';
import { metricsChecks } from './doctor-metrics.ts';
import { promptChecks } from './doctor-prompts.ts';
import { repositoryChecks } from './doctor-repository.ts';
import { stateChecks } from './doctor-state.ts';
import type { OperationOptions } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface DoctorRequest extends OperationOptions {
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

export interface Finding {
  /** A stable word, such as `STALE_LOCK`, `TAG_INVALID`, `LOOSE_TAGS`. */
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** The command or action that mends it; null when a person must decide. */
  readonly fix: string | null;
  /** Whether `--fix` mends it. */
  readonly fixable: boolean;
  /** True when `--fix` has mended it in this run. */
  readonly fixed: boolean;
}

export interface DoctorResult {
  readonly findings: readonly Finding[];
  /** Whether no error is left; warnings and notes pass. */
  readonly passed: boolean;
  readonly dryRun: boolean;
}

/** Something found wrong; `mend` is what `--fix` does about it, where that is safe. */
export interface Diagnosis extends Omit<Finding, 'fixable' | 'fixed'> {
  readonly mend?: () => Promise<void>;
}

/** Looks at repository, tags and files, worst finding first; with `fix` clears what an interrupted run left behind. */
export const doctor = async (workspace: Workspace, request: DoctorRequest): Promise<DoctorResult> => {
  const diagnoses = [
    ...(await repositoryChecks(workspace)),
    ...(await promptChecks(workspace, request)),
    ...(await stateChecks(workspace)),
    ...(await approvalChecks(workspace)),
    ...(await metricsChecks(workspace)),
  ];
  const order = ['error', 'warning', 'info'];
  diagnoses.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const findings: Finding[] = [];
  for (const { mend, ...finding } of diagnoses) {
    const fixed = request.fix === true && request.dryRun !== true && mend !== undefined;
    if (fixed) await mend();
    findings.push({ ...finding, fixable: mend !== undefined, fixed });
  }
  const passed = !findings.some(({ severity, fixed }) => severity === 'error' && !fixed);
  return { findings, passed, dryRun: request.dryRun ?? false };
};
