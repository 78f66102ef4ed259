import { segmentNameProblem } from '../prompt/name.ts';

/** Where all experiments are, relative to the workspace. */
export const experimentsFolder = '.promptv/experiments';

/** The file of an experiment. */
export const experimentPath = (id: string): string => `${experimentsFolder}/${id}.yaml`;

/** The id that a path below that folder stands for; null for a path that is none of ours. */
export const parseExperimentPath = (path: string): string | null => {
  const [, id = ''] = /^\.promptv\/experiments\/([^/]+)\.yaml$/.exec(path) ?? [];
  return segmentNameProblem(id) === null ? id : null;
};
