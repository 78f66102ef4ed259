import { emailOf } from '../core/approval/records.ts';
import type { SignatureState } from '../core/approval/stage.ts';
import type { CheckedSignature } from '../git/signatures.ts';

/** What a signature says about who acted (`Name <mail>`): without a trusted list of keys nothing but that it is there. */
export const judgeSignature = (
  signature: CheckedSignature | undefined,
  { by, isTrusted }: { readonly by: string; readonly isTrusted: boolean },
): SignatureState => {
  if (!signature || signature.state === 'unknown') return 'unknown';
  if (signature.state === 'none') return 'unsigned';
  if (!isTrusted) return 'unknown';
  const isOwnKey =
    signature.state === 'good' && signature.principal?.toLowerCase() === emailOf(by).toLowerCase();
  return isOwnKey ? 'valid' : 'other';
};
