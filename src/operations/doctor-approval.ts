import { approvalsFolder, parseApprovalPath } from '../core/approval/records.ts';
import { isPromptvError } from '../errors.ts';
import { assertTrustedSigners } from '../git/signatures.ts';
import { readAnnotations } from './annotations.ts';
import { readApprovalRecords } from './approval/records.ts';
import type { Diagnosis } from './doctor.ts';
import { openState, type StateStore } from './state-store.ts';
import type { Workspace } from './workspace.ts';

/** What is wrong with approvals and remarks, and with the keys that signatures are checked with. */
export const approvalChecks = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const state = openState(workspace);
  const checks = [damagedApprovals(state), damagedAnnotations(state), checkSigners(workspace)];
  return (await Promise.all(checks)).flat();
};

const checkSigners = async ({ repository, config }: Workspace): Promise<Diagnosis[]> => {
  if (!config.environments.some(({ signed }) => signed)) return [];
  try {
    await assertTrustedSigners(repository);
    return [];
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return [{ id: error.code, severity: 'error', message: error.message, fix: error.hint }];
  }
};

const damagedApprovals = async (state: StateStore): Promise<Diagnosis[]> => {
  const folders = new Map<string, NonNullable<ReturnType<typeof parseApprovalPath>>>();
  for (const { path } of await state.list(approvalsFolder)) {
    const place = parseApprovalPath(path);
    if (place) folders.set(path.slice(0, path.lastIndexOf('/')), place);
  }
  const checks = [...folders.values()].map(async ({ slug: _, ...place }) => {
    try {
      await readApprovalRecords(state, place);
      return [];
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      return [damagedFile(error)];
    }
  });
  return (await Promise.all(checks)).flat();
};

const damagedAnnotations = async (state: StateStore): Promise<Diagnosis[]> => {
  const { damaged } = await readAnnotations(state);
  return [...damaged.values()].map(damagedFile);
};

const damagedFile = ({ message, hint }: { readonly message: string; readonly hint: string }): Diagnosis => ({
  id: 'STATE_INVALID',
  severity: 'error',
  message,
  fix: hint,
});
