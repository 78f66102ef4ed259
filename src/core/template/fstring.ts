import { identifierPattern, type TemplateNode, TemplateSyntaxError } from './node.ts';

/** Parses `{identifier}` with `{{` and `}}` for braces; throws TemplateSyntaxError of anything else in braces. */
export const parseFstring = (text: string): TemplateNode[] => {
  const nodes: TemplateNode[] = [];
  let literal = '';
  let position = 0;
  for (const match of text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g)) {
    literal += text.slice(position, match.index);
    position = match.index + match[0].length;
    if (match[0] === '{{' || match[0] === '}}') {
      literal += match[0][0];
      continue;
    }
    const name = match[1];
    if (name === undefined) throw new TemplateSyntaxError(loneBrace(match[0]), match.index);
    if (!identifierPattern.test(name)) throw new TemplateSyntaxError(notIdentifier(match[0]), match.index);
    nodes.push({ kind: 'text', text: literal }, { kind: 'value', path: [name] });
    literal = '';
  }
  nodes.push({ kind: 'text', text: literal + text.slice(position) });
  return nodes.filter((node) => node.kind !== 'text' || node.text !== '');
};

const loneBrace = (brace: string): string =>
  `a single "${brace}" (write "${brace}${brace}" for the character)`;

const notIdentifier = (place: string): string =>
  `"${place}" holds no identifier (write "{{" and "}}" for braces that are text)`;
