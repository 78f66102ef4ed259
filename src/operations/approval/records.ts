import {
  type ApprovalDecision,
  type ApprovalPlace,
  type ApprovalRequest,
  approvalFolder,
  parseApprovalPath,
  validateDecision,
  validateRequest,
} from '../../core/approval/records.ts';
import { parseStateText } from '../../store/state-text.ts';
import { stateInvalid } from '../environments.ts';
import type { StateStore } from '../state-store.ts';

/** A decision and the file it stands in. */
export interface StoredDecision {
  /** Relative to the workspace. */
  readonly path: string;
  readonly oid: string;
  readonly decision: ApprovalDecision;
}

/** What was asked and answered about one version in one stage. */
export interface StoredRecords {
  readonly request: ApprovalRequest | null;
  readonly decisions: readonly StoredDecision[];
}

/** Reads the request and the decisions of one stage. @throws STATE_INVALID */
export const readApprovalRecords = async (
  state: StateStore,
  place: ApprovalPlace,
): Promise<StoredRecords> => {
  const folder = approvalFolder(place);
  const files = await state.list(folder, () => false);
  let request: ApprovalRequest | null = null;
  const decisions: StoredDecision[] = [];
  for (const { path, oid } of files) {
    const slug = parseApprovalPath(path)?.slug;
    const text = slug === undefined ? null : await state.read(path);
    if (slug === undefined || text === null) continue;
    if (slug === 'request') request = parseRequest(text, path, place);
    else decisions.push({ path, oid, decision: parseDecision(text, path, { ...place, slug }) });
  }
  return { request, decisions };
};

/** The request in a file's text. @throws STATE_INVALID */
export const parseRequest = (text: string, path: string, place: ApprovalPlace): ApprovalRequest => {
  const { value, problems } = parseStateText(text, (data) => validateRequest(data, place));
  if (value) return value;
  throw stateInvalid(path, problems);
};

/** The decision in a file's text. @throws STATE_INVALID */
export const parseDecision = (
  text: string,
  path: string,
  place: ApprovalPlace & { readonly slug: string },
): ApprovalDecision => {
  const { value, problems } = parseStateText(text, (data) => validateDecision(data, place));
  if (value) return value;
  throw stateInvalid(path, problems);
};
