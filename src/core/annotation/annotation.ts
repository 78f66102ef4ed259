import * as v from 'valibot';
import { recordId } from '../approval/records.ts';
import type { Mark } from '../environment/status.ts';
import { instant, line, person, text, version } from '../state-values.ts';

/** One remark about a version. A `mark` of `none` lifts the one before; null says nothing about marks. */
const annotationSchema = v.strictObject({
  schemaVersion: v.literal(1),
  id: line,
  prompt: line,
  version,
  text,
  mark: v.nullable(v.picklist(['deprecated', 'archived', 'none'])),
  at: instant,
  by: person,
});

export type Annotation = v.InferOutput<typeof annotationSchema>;

/** Where all annotations are, relative to the workspace. */
export const annotationsFolder = '.promptv/annotations';

/** The file of an annotation. */
export const annotationPath = ({ prompt, version: number, id }: Annotation): string =>
  `${annotationsFolder}/${prompt}@${number}/${id}.json`;

/** What a path below that folder is about; null for a path that is none of ours. */
export const parseAnnotationPath = (
  path: string,
): { readonly prompt: string; readonly version: string; readonly id: string } | null => {
  const match = /^\.promptv\/annotations\/(.+)@([^@/]+)\/([^/]+)\.json$/.exec(path);
  return match && { prompt: match[1] ?? '', version: match[2] ?? '', id: match[3] ?? '' };
};

/**
 * An annotation with its id. It is later than those before it, also where this machine's clock is behind: of two marks
 * the later one holds.
 */
export const createAnnotation = (
  annotation: Omit<Annotation, 'schemaVersion' | 'id'>,
  earlier: readonly Annotation[],
): Annotation => {
  const latestMs = Math.max(0, ...earlier.map(({ at }) => Date.parse(at) + 1));
  const at = new Date(Math.max(latestMs, Date.parse(annotation.at))).toISOString();
  const record = { ...annotation, at };
  return { schemaVersion: 1, id: recordId(record), ...record };
};

/** Oldest first. */
export const sortAnnotations = (annotations: readonly Annotation[]): Annotation[] =>
  annotations.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));

/** The mark of each marked version: `NAME@VERSION` → the last mark that was set and not lifted. */
export const marksOf = (annotations: readonly Annotation[]): ReadonlyMap<string, Mark> => {
  const marks = new Map<string, Mark>();
  for (const { prompt, version: number, mark } of sortAnnotations(annotations)) {
    if (mark === 'none') marks.delete(`${prompt}@${number}`);
    else if (mark !== null) marks.set(`${prompt}@${number}`, mark);
  }
  return marks;
};

/** Checks an annotation's data against its shape and its place. */
export const validateAnnotation = (
  data: unknown,
  place: { readonly prompt: string; readonly version: string; readonly id: string },
): {
  readonly state: Annotation | null;
  readonly problems: readonly { readonly message: string; readonly path: (string | number)[] }[];
} => {
  const parsed = v.safeParse(annotationSchema, data);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => ({
      message: issue.message,
      path: (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
    }));
    return { state: null, problems };
  }
  const annotation = parsed.output;
  const problems = (['prompt', 'version', 'id'] as const)
    .filter((key) => annotation[key] !== place[key])
    .map((key) => ({ message: `is ${annotation[key]}, and the file stands for ${place[key]}`, path: [key] }));
  return { state: problems.length === 0 ? annotation : null, problems };
};
