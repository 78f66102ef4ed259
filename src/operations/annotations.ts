import {
  type Annotation,
  annotationsFolder,
  parseAnnotationPath,
  validateAnnotation,
} from '../core/annotation/annotation.ts';
import { isPromptvError, type PromptvError } from '../errors.ts';
import { parseStateText } from '../store/state-text.ts';
import { stateInvalid } from './environments.ts';
import type { StateStore } from './state-store.ts';

/** The annotations that are there; a damaged file, by its path, does not hide the others. */
export interface Annotations {
  readonly annotations: readonly Annotation[];
  readonly damaged: ReadonlyMap<string, PromptvError>;
}

/** Reads the annotations of all versions, or of one prompt's. */
export const readAnnotations = async (state: StateStore, prompt?: string): Promise<Annotations> => {
  const annotations: Annotation[] = [];
  const damaged = new Map<string, PromptvError>();
  for (const [path, text] of await readTexts(state, prompt)) {
    const place = parseAnnotationPath(path);
    if (!place || (prompt !== undefined && place.prompt !== prompt)) continue;
    try {
      annotations.push(parseAnnotation(text, path, place));
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      damaged.set(path, error);
    }
  }
  return { annotations, damaged };
};

/** The annotation in a file's text. @throws STATE_INVALID */
export const parseAnnotation = (
  text: string,
  path: string,
  place: { readonly prompt: string; readonly version: string; readonly id: string },
): Annotation => {
  const { value, problems } = parseStateText(text, (data) => validateAnnotation(data, place));
  if (value) return value;
  throw stateInvalid(path, problems);
};

/** Of one prompt only the folders `NAME@VERSION` are looked into. */
const readTexts = (state: StateStore, prompt: string | undefined): Promise<ReadonlyMap<string, string>> => {
  if (prompt === undefined) return state.readAll(annotationsFolder);
  const parts = `${annotationsFolder}/${prompt}`.split('/');
  const start = `${annotationsFolder}/${prompt}@`;
  return state.readAll(parts.slice(0, -1).join('/'), (folder) => folder.startsWith(start));
};
