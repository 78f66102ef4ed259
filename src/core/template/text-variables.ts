import { promptvError } from '../../errors.ts';
import { coerceVariable } from '../prompt/coerce-variable.ts';
import type { PromptDocument } from '../prompt/document.ts';
import { declaredVariables } from './used-variables.ts';

/** What is rendered: a document with the partials that it includes. */
export interface Renderable {
  readonly name: string;
  readonly document: PromptDocument;
  readonly partials: ReadonlyMap<string, PromptDocument>;
}

/** The values that the texts of `--var NAME=TEXT` stand for, by declared type. @throws VARIABLES_INVALID */
export const coerceTextVariables = (
  { name: prompt, document, partials }: Renderable,
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  const declared = declaredVariables(document, (name) => partials.get(name));
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const coerced = coerceVariable(
      declared.find((variable) => variable.name === name),
      text,
    );
    if ('value' in coerced) values[name] = coerced.value;
    else problems.push(coerced.problem);
  }
  if (problems.length > 0) throw promptvError('VARIABLES_INVALID', { name: prompt, ref: prompt, problems });
  return values;
};
