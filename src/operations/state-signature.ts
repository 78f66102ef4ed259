import { promptvError } from '../errors.ts';
import { commitSignature } from '../git/signatures.ts';
import type { Workspace } from './workspace.ts';

/**
 * Refuses a commit that is not signed by who decided (`Name <mail>`; null: nobody has to sign), with a key that git
 * trusts from outside the work tree.
 * @throws SIGNATURE_REFUSED, SIGNERS_UNTRUSTED
 */
export const assertSigned = async (
  { repository }: Workspace,
  commit: string,
  signer: string | null,
): Promise<void> => {
  if (signer === null) return;
  const mail = /<(.*)>$/.exec(signer)?.[1] ?? signer;
  const { state, principal } = await commitSignature(repository, commit);
  const problem = {
    none: 'it is not signed',
    bad: 'git verify-commit does not accept it',
    good:
      principal?.toLowerCase() === mail.toLowerCase() ? null : `it is signed by ${principal}, not by ${mail}`,
  }[state];
  if (problem !== null) throw promptvError('SIGNATURE_REFUSED', { reason: problem, signer: mail });
};
