import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { canonicalJson } from '../prompt/content-hash.ts';
import { hash, instant, line, person, text, version } from '../state-values.ts';

/** That a version shall be approved in a stage. Its id tells one request from the next for the same version. */
const requestSchema = v.strictObject({
  schemaVersion: v.literal(1),
  id: line,
  prompt: line,
  version,
  environment: line,
  stage: line,
  contentHash: hash,
  at: instant,
  by: person,
  comment: v.nullable(text),
});

/** One person's answer to a request. */
const decisionSchema = v.strictObject({
  schemaVersion: v.literal(1),
  prompt: line,
  version,
  environment: line,
  stage: line,
  /** The id of the request it answers. */
  request: line,
  decision: v.picklist(['approve', 'reject']),
  contentHash: hash,
  at: instant,
  by: person,
  comment: v.nullable(text),
});

export type ApprovalRequest = v.InferOutput<typeof requestSchema>;
export type ApprovalDecision = v.InferOutput<typeof decisionSchema>;

/** What a file's place says it is about. */
export interface ApprovalPlace {
  readonly environment: string;
  readonly stage: string;
  readonly prompt: string;
  readonly version: string;
}

const folder = '.promptv/approvals';

/** The folder with the request and the decisions of one version in one stage, relative to the workspace. */
export const approvalFolder = ({ environment, stage, prompt, version: number }: ApprovalPlace): string =>
  `${folder}/${environment}/${stage}/${prompt}@${number}`;

/** Where all requests and decisions are. */
export const approvalsFolder = folder;

/** What a path below that folder is about, and its last part without `.json`; null for a path that is none of ours. */
export const parseApprovalPath = (path: string): (ApprovalPlace & { readonly slug: string }) | null => {
  const match = /^\.promptv\/approvals\/([^/]+)\/([^/]+)\/(.+)@([^@/]+)\/([^/]+)\.json$/.exec(path);
  if (!match) return null;
  const [, environment = '', stage = '', prompt = '', number = '', slug = ''] = match;
  return { environment, stage, prompt, version: number, slug };
};

/** The file name, without `.json`, of a person's decision: the e-mail in lower case, unusual characters as `%XX`. */
export const approverSlug = (email: string): string => {
  const slug = Buffer.from(email.toLowerCase(), 'utf8')
    .toString('latin1')
    .replace(/[^a-z0-9._-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return slug === 'request' ? '%72equest' : slug;
};

/** A request with its id: its time, and a digest of what it says, so that two machines at one moment differ. */
export const createRequest = (request: Omit<ApprovalRequest, 'schemaVersion' | 'id'>): ApprovalRequest => ({
  schemaVersion: 1,
  id: recordId(request),
  ...request,
});

/** `20260102T030405678Z-0123456789ab`: unique without a shared clock or counter, and ordered by time. */
export const recordId = (record: { readonly at: string }): string => {
  const digest = createHash('sha256').update(canonicalJson(record)).digest('hex');
  return `${record.at.replace(/[-:.]/g, '')}-${digest.slice(0, 12)}`;
};

/** What is wrong with a file, and where in it. */
interface Checked<Data> {
  readonly state: Data | null;
  readonly problems: readonly { readonly message: string; readonly path: (string | number)[] }[];
}

/** Checks a request's data against its shape and its place. */
export const validateRequest = (data: unknown, place: ApprovalPlace): Checked<ApprovalRequest> =>
  check(requestSchema, data, place);

/** Checks a decision's data against its shape and its place, which names the person too. */
export const validateDecision = (
  data: unknown,
  place: ApprovalPlace & { readonly slug: string },
): Checked<ApprovalDecision> => {
  const { slug, ...about } = place;
  const checked = check(decisionSchema, data, about);
  if (!checked.state || approverSlug(emailOf(checked.state.by)) === slug) return checked;
  const message = `is ${checked.state.by}, and the file is named after somebody else`;
  return { state: null, problems: [{ message, path: ['by'] }] };
};

const check = <const S extends v.GenericSchema<unknown, ApprovalPlace>>(
  schema: S,
  data: unknown,
  place: ApprovalPlace,
): Checked<v.InferOutput<S>> => {
  const parsed = v.safeParse(schema, data);
  if (!parsed.success) return { state: null, problems: parsed.issues.map(shapeProblem) };
  const { prompt, version: number, environment, stage } = parsed.output;
  const said = { prompt, version: number, environment, stage };
  const problems = (['prompt', 'version', 'environment', 'stage'] as const)
    .filter((key) => said[key] !== place[key])
    .map((key) => ({ message: `is ${said[key]}, and the file stands for ${place[key]}`, path: [key] }));
  return { state: problems.length === 0 ? parsed.output : null, problems };
};

const shapeProblem = (issue: v.BaseIssue<unknown>) => ({
  message: issue.message,
  path: (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
});

/** The address of `Name <mail>`; empty where there is none. */
export const emailOf = (person: string): string => /<([^<>]*)>\s*$/.exec(person)?.[1]?.trim() ?? '';

/** The text of a file that the tool writes: two-space JSON with a final newline. */
export const formatRecord = (record: object): string => `${JSON.stringify(record, null, 2)}\n`;
