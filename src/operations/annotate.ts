import {
  type Annotation,
  annotationPath,
  createAnnotation,
  sortAnnotations,
} from '../core/annotation/annotation.ts';
import { emailOf, formatRecord } from '../core/approval/records.ts';
import { parseRemark } from '../core/remark.ts';
import { isPromptvError } from '../errors.ts';
import { formatIdentity, readIdentity } from '../git/identity.ts';
import { readAnnotations } from './annotations.ts';
import { type Decided, decideState, decisionLine, type StateOptions } from './decide-state.ts';
import { readEnvironment } from './environments.ts';
import { assertReadyToCommit } from './ready.ts';
import { resolveSavedVersion } from './resolve-ref.ts';
import type { StateStore } from './state-store.ts';
import type { OperationOptions, Warning } from './types.ts';
import { type Version, Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface AnnotateRequest extends OperationOptions, StateOptions {
  /** A saved version; without a selector the latest. */
  readonly ref: string;
  readonly text: string;
  /** `none` lifts a mark; absent leaves it as it is. */
  readonly mark?: 'deprecated' | 'archived' | 'none';
}

export interface AnnotateResult {
  readonly annotation: Annotation;
  /** True when the last remark about this version says the same, from the same person. */
  readonly unchanged: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Adds a remark to a version, and sets or lifts its mark, in one commit.
 * @throws TEXT_INVALID, STATE_INVALID, as `resolveSavedVersion`
 */
export const annotate = async (
  workspace: Workspace,
  request: AnnotateRequest,
): Promise<Decided<AnnotateResult>> => {
  await assertReadyToCommit(workspace, 'annotate');
  const text = parseRemark(request.text, 'remark');
  return decideState(workspace, request, async (state) => {
    const version = await resolveSavedVersion(workspace, new Versions(workspace), {
      ref: request.ref,
      state,
    });
    const { name: prompt, version: number } = version;
    const { annotations, damaged } = await readAnnotations(state, prompt);
    const [broken] = damaged.values();
    if (broken) throw broken;
    const earlier = sortAnnotations(annotations.filter((each) => each.version === number));
    const by = formatIdentity(await readIdentity(workspace.repository));
    const at = workspace.now().toISOString();
    const mark = request.mark ?? null;
    const annotation = createAnnotation({ prompt, version: number, text, mark, at, by }, earlier);
    const last = earlier.at(-1);
    const dryRun = request.dryRun ?? false;
    const warnings = mark === 'archived' ? await warnRunning(workspace, state, version) : [];
    const unchanged = last !== undefined && isSame(last, annotation);
    const result = { annotation: unchanged ? last : annotation, unchanged, dryRun, warnings };
    if (unchanged || dryRun) return { result, commit: null };
    const files = [{ path: annotationPath(annotation), text: formatRecord(annotation) }];
    return { result, commit: await state.commit({ files, message: messageOf(annotation) }) };
  });
};

/** An archived version that runs goes on running: whoever archives it is told where. A damaged file says nothing here. */
const warnRunning = async (
  { config }: Workspace,
  state: StateStore,
  { name, version }: Version,
): Promise<Warning[]> => {
  const warnings: Warning[] = [];
  const ref = `${name}@${version}`;
  for (const { name: environment } of config.environments) {
    const found = await readEnvironment(state, environment, name).catch((error: unknown) => {
      if (isPromptvError(error)) return null;
      throw error;
    });
    if (found?.current === version)
      warnings.push({
        code: 'ARCHIVED_RUNS',
        message: `${environment} runs ${ref} and goes on: an archive stops nothing that runs. Go back with "promptv rollback ${name} --env ${environment}", or promote another version.`,
      });
    if (found?.rollout?.candidate.version === version)
      warnings.push({
        code: 'ARCHIVED_RUNS',
        message: `${ref} is the candidate of a rollout in ${environment}, which stops: nobody is served it any more. End it with "promptv rollout abort ${name} --env ${environment}".`,
      });
  }
  return warnings;
};

const isSame = (last: Annotation, next: Annotation): boolean =>
  last.text === next.text && last.mark === next.mark && emailOf(last.by) === emailOf(next.by);

const messageOf = ({ prompt, version, mark }: Annotation): string => {
  const ref = `${prompt}@${version}`;
  const verb = mark === null ? 'Annotate' : mark === 'none' ? 'Lift the mark of' : 'Mark';
  const end = mark === null || mark === 'none' ? '' : ` as ${mark}`;
  return `${verb} ${ref}${end}\n\n${decisionLine}annotate ${ref}${end}\n`;
};
