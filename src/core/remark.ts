import { promptvError } from '../errors.ts';
import { escapeControls } from './version/control-characters.ts';

/** More than anybody writes by hand, and little enough for a file that is read with every promotion. */
const longest = 50_000;

/**
 * A comment or remark as a state file keeps it: line ends are `\n`, no blanks around it, nothing else changed.
 * @throws TEXT_INVALID for an empty or very long one, control characters but tab and newline, and broken Unicode
 */
export const parseRemark = (typed: string, what: string): string => {
  const remark = typed.replace(/\r\n?/g, '\n').trim();
  const reason = remarkProblem(remark);
  if (reason !== null) throw promptvError('TEXT_INVALID', { what, reason });
  return remark;
};

const remarkProblem = (remark: string): string | null => {
  if (remark === '') return 'it is empty';
  if (remark.length > longest) return `it has ${remark.length} characters, and ${longest} are the most`;
  const [character] = /(?![\t\n])\p{Cc}|\p{Cs}/u.exec(remark) ?? [];
  return character === undefined ? null : `it has the control character ${escapeControls(character)}`;
};
