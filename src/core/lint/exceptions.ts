import { type LintRuleId, lintRuleIds } from './rules.ts';

/** Exceptions written in a file as comments. Lines count from 1. */
export interface InlineExceptions {
  /** For the whole file. */
  readonly file: ReadonlySet<string>;
  readonly ranges: readonly { readonly rule: string; readonly from: number; readonly to: number }[];
  /** Comments that name no rule of ours. */
  readonly unknown: readonly { readonly rule: string; readonly line: number }[];
}

/** A comment of a YAML file, and the lines of the entry that begins on the next line or, behind text, on its own. */
export interface FileComment {
  readonly text: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

const comment = /^#\s*promptv:\s*(ignore|ignore-file)\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)/;

/** Reads `# promptv: ignore RULE` (the entry below or beside it) and `# promptv: ignore-file RULE`. */
export const readExceptions = (comments: readonly FileComment[]): InlineExceptions => {
  const file = new Set<string>();
  const ranges: { rule: string; from: number; to: number }[] = [];
  const unknown: { rule: string; line: number }[] = [];
  for (const { text, line, from, to } of comments) {
    const [, kind, list = ''] = comment.exec(text) ?? [];
    if (kind === undefined) continue;
    for (const rule of list.split(/\s*,\s*/)) {
      if (!isRule(rule)) unknown.push({ rule, line });
      else if (kind === 'ignore-file') file.add(rule);
      else ranges.push({ rule, from, to });
    }
  }
  return { file, ranges, unknown };
};

const isRule = (rule: string): rule is LintRuleId => lintRuleIds.some((id) => id === rule);

/** Whether a problem of a rule on a line is excepted. */
export const isExcepted = ({ file, ranges }: InlineExceptions, rule: string, line: number): boolean =>
  file.has(rule) || ranges.some((range) => range.rule === rule && line >= range.from && line <= range.to);
