import {
  type Annotation,
  annotationPath,
  createAnnotation,
  sortAnnotations,
} from '../core/annotation/annotation.ts';
import { emailOf, formatRecord } from '../core/approval/records.ts';
import { parseRemark } from '../core/remark.ts';
import { formatIdentity, readIdentity } from '../git/identity.ts';
import { readAnnotations } from './annotations.ts';
import { type Decided, decideState, decisionLine, type StateOptions } from './decide-state.ts';
import { readAllEnvironmentStates } from './environments.ts';
import { assertReadyToCommit } from './ready.ts';
import { resolveSavedVersion } from './resolve-ref.ts';
import type { StateStore } from './state-store.ts';
import type { OperationOptions, Warning } from './types.ts';
import { Versions } from './versions.ts';
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
    const unchanged = last !== undefined && isSame(last, annotation);
    const warnings = mark === 'archived' ? await warnRunning(state, { prompt, version: number }) : [];
    const result = { annotation: unchanged ? last : annotation, unchanged, dryRun, warnings };
    if (unchanged || dryRun) return { result, commit: null };
    const files = [{ path: annotationPath(annotation), text: formatRecord(annotation) }];
    return { result, commit: await state.commit({ files, message: messageOf(annotation) }) };
  });
};

/** The mark keeps a version from being promoted; it stops nothing that runs. */
const warnRunning = async (
  state: StateStore,
  { prompt, version }: { readonly prompt: string; readonly version: string },
): Promise<readonly Warning[]> => {
  const warnings: Warning[] = [];
  const warn = (message: string): void => void warnings.push({ code: 'ARCHIVED_RUNS', message });
  for (const [environment, { states }] of await readAllEnvironmentStates(state)) {
    const found = states.get(prompt);
    const place = `${prompt} --env ${environment}`;
    if (found?.current === version)
      warn(
        `${version} runs in ${environment}, and goes on: "promptv promote" another, or "promptv rollback ${place}".`,
      );
    if (found?.rollout?.candidate.version === version)
      warn(
        `${version} is the candidate of a rollout in ${environment}, and is no longer served: "promptv rollout abort ${place}" ends it.`,
      );
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
