import type { ExperimentProblem } from '../../core/experiment/parse-experiment.ts';
import { isRecord, listOf } from '../../core/prompt/data-rules.ts';
import { nearestNames, promptNameProblem } from '../../core/prompt/name.ts';
import { parseVersion } from '../../core/version/version.ts';
import { isPromptvError } from '../../errors.ts';
import { comparePrompts } from '../compare-prompts.ts';
import { type ResolvedPrompt, resolveVersion } from '../resolve-ref.ts';
import type { Warning } from '../types.ts';
import type { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { promptNotFound } from '../workspace.ts';

/** What the repository says against a definition, and what one should know of it. */
interface CheckedVariants {
  readonly problems: readonly ExperimentProblem[];
  readonly warnings: readonly Warning[];
}

/**
 * Looks up what an experiment's data name, also data with other mistakes: environment, prompt and versions, and whether
 * callers can pass all variants the same variables.
 */
export const checkVariants = async (
  workspace: Workspace,
  versions: Versions,
  value: unknown,
): Promise<CheckedVariants> => {
  if (!isRecord(value)) return { problems: [], warnings: [] };
  const { prompt } = value;
  const places = environmentProblems(workspace, value.environment);
  if (typeof prompt !== 'string' || promptNameProblem(prompt) !== null)
    return { problems: places, warnings: [] };
  if ((await versions.refsOf(prompt)).length === 0) {
    await versions.listAll();
    const { message } = promptNotFound(prompt, versions.names());
    return {
      problems: [...places, { message: `has no version: ${message}`, path: ['prompt'] }],
      warnings: [],
    };
  }
  const found = await readVariants(versions, prompt, listOf(value.variants));
  const differences = compareVariants(found.texts);
  return {
    problems: [...places, ...found.problems, ...differences.problems],
    warnings: differences.warnings,
  };
};

const environmentProblems = ({ config }: Workspace, environment: unknown): ExperimentProblem[] => {
  const names = config.environments.map(({ name }) => name);
  if (typeof environment !== 'string' || names.includes(environment)) return [];
  const [near] = nearestNames(environment, names, 1);
  const end = near === undefined ? '' : `; did you mean ${near}?`;
  return [{ message: `is no environment of the configuration: ${environment}${end}`, path: ['environment'] }];
};

type Texts = ReadonlyMap<number, ResolvedPrompt>;

const readVariants = async (
  versions: Versions,
  prompt: string,
  variants: readonly unknown[],
): Promise<{ readonly texts: Texts; readonly problems: readonly ExperimentProblem[] }> => {
  const texts = new Map<number, ResolvedPrompt>();
  const problems: ExperimentProblem[] = [];
  for (const [at, variant] of variants.entries()) {
    const version = isRecord(variant) ? variant.version : null;
    if (typeof version !== 'string' || parseVersion(version) === null) continue;
    try {
      texts.set(at, await resolveVersion(versions, await versions.get(prompt, version)));
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      problems.push({ message: `cannot be tested: ${error.message}`, path: ['variants', at, 'version'] });
    }
  }
  return { texts, problems };
};

/** A caller passes the same variables to whatever it gets, so those must fit all variants. */
const compareVariants = (texts: Texts): CheckedVariants => {
  const problems: ExperimentProblem[] = [];
  const warnings: Warning[] = [];
  const control = texts.get(0);
  for (const [at, text] of texts) {
    if (!control || at === 0) continue;
    const major = comparePrompts(control, text).filter(({ impact }) => impact === 'major');
    const variables = major.filter(({ path }) => path.startsWith('variables'));
    const others = major.filter((change) => !variables.includes(change));
    const pair = `${text.label} and the control ${control.label}`;
    for (const { path, kind } of variables)
      problems.push({
        message: `is not for the same callers: between the control and it ${path} is ${kind} (major)`,
        path: ['variants', at, 'version'],
      });
    for (const { path, kind } of others)
      warnings.push({ code: 'VARIANT_DIFFERS', message: `Between ${pair}, ${path} is ${kind} (major).` });
  }
  return { problems, warnings };
};
