/** A parsed template: text, places where a value goes, sections over a value, included prompts. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: readonly string[] }
  | {
      readonly kind: 'section';
      readonly path: readonly string[];
      readonly inverted: boolean;
      readonly children: readonly TemplateNode[];
    }
  | { readonly kind: 'partial'; readonly name: string; readonly indentation: string };

/** A template that its language does not allow. `offset` counts UTF-16 units from the start of the text. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

const word = '[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*';
const key = '[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_-]*';

/** What an `fstring` place may hold. */
export const identifierPattern = new RegExp(`^${word}$`, 'u');

/** What a variable may be called; a name with "-" is out of reach of `fstring`. */
export const variableNamePattern = /^[\p{L}_][\p{L}\p{M}\p{N}_-]*$/u;

/** A variable, or with dots a member of it. */
export const variablePathPattern = new RegExp(`^[\\p{L}_][\\p{L}\\p{M}\\p{N}_-]*(?:\\.${key})*$`, 'u');
