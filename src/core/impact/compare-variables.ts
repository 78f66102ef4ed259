import type { PromptVariable } from '../prompt/document.ts';
import { type Change, changeOf, joinPath } from './change.ts';
import { compareDeclarations, isRequired } from './compare-declarations.ts';
import { strongestImpact } from './grade.ts';
import { isSameValue } from './same-value.ts';

/** The variables a prompt has: the declared ones, and those its templates use without a declaration. */
interface PromptVariables {
  readonly declared: readonly PromptVariable[];
  readonly used: readonly string[];
}

type VariableMap = ReadonlyMap<string, PromptVariable | undefined>;

/** What callers feel of the variables; one that is used without a declaration counts as a required string. */
export const compareVariables = (before: PromptVariables, after: PromptVariables): Change[] => {
  const variablesBefore = mapVariables(before);
  const variablesAfter = mapVariables(after);
  const renames = findRenames(variablesBefore, variablesAfter);
  const renamedFrom = new Set(renames.values());
  const changes: Change[] = [];
  for (const [name, declaration] of variablesBefore) {
    if (variablesAfter.has(name)) {
      changes.push(...compareVariable(name, declaration, variablesAfter.get(name)));
    } else if (!renamedFrom.has(name)) {
      changes.push(changeOf(pathOf(name), declaration ?? { name }, undefined, 'major'));
    }
  }
  for (const [name, declaration] of variablesAfter) {
    const oldName = renames.get(name);
    if (oldName !== undefined) {
      changes.push({ path: pathOf(name), kind: 'renamed', before: oldName, after: name, impact: 'major' });
    } else if (!variablesBefore.has(name)) {
      const impact = isRequired(declaration ?? { name }) ? 'major' : 'minor';
      changes.push(changeOf(pathOf(name), undefined, declaration ?? { name }, impact));
    }
  }
  return [...changes, ...compareOrder(before.declared, after.declared)];
};

const pathOf = (name: string): string => joinPath('variables', name);

const mapVariables = ({ declared, used }: PromptVariables): VariableMap => {
  const map = new Map<string, PromptVariable | undefined>(
    declared.map((variable) => [variable.name, variable]),
  );
  for (const name of used) if (!map.has(name)) map.set(name, undefined);
  return map;
};

/** New name → old name, where exactly one variable that went and one that came have the same declaration. */
const findRenames = (before: VariableMap, after: VariableMap): ReadonlyMap<string, string> => {
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const come = [...after.keys()].filter((name) => !before.has(name));
  const isTwin = (oldName: string, newName: string) =>
    isSameDeclaration(before.get(oldName), after.get(newName));
  const renames = new Map<string, string>();
  for (const newName of come) {
    const [oldName, ...others] = gone.filter((name) => isTwin(name, newName));
    if (oldName === undefined || others.length > 0) continue;
    if (come.every((name) => name === newName || !isTwin(oldName, name))) renames.set(newName, oldName);
  }
  return renames;
};

const isSameDeclaration = (a: PromptVariable | undefined, b: PromptVariable | undefined): boolean =>
  a === undefined || b === undefined ? a === b : isSameValue({ ...a, name: '' }, { ...b, name: '' });

const compareVariable = (
  name: string,
  before: PromptVariable | undefined,
  after: PromptVariable | undefined,
): Change[] => {
  const changes = compareDeclarations(pathOf(name), before ?? { name }, after ?? { name });
  if ((before === undefined) === (after === undefined)) return changes;
  // A declaration that comes or goes is one change to a reader, as strong as the strongest part of it.
  const impact = strongestImpact(['patch', ...changes.map((change) => change.impact)]);
  return [changeOf(pathOf(name), before, after, impact)];
};

const compareOrder = (before: readonly PromptVariable[], after: readonly PromptVariable[]): Change[] => {
  const shared = (from: readonly PromptVariable[], other: readonly PromptVariable[]) => {
    const names = new Set(other.map((variable) => variable.name));
    return from.map((variable) => variable.name).filter((name) => names.has(name));
  };
  const orderBefore = shared(before, after);
  const orderAfter = shared(after, before);
  if (isSameValue(orderBefore, orderAfter)) return [];
  return [{ path: 'variables', kind: 'moved', before: orderBefore, after: orderAfter, impact: 'patch' }];
};
