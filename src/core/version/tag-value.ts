import { decodeEscapes, escapeControls } from './control-characters.ts';

/** A value as one line of a tag's last paragraph: controls escaped as in JSON, and blanks at its ends. */
export const formatValue = (value: string): string => escapeControls(value).replace(/^ | $/g, '\\u0020');

/** The value of a line; null for a text that `formatValue` cannot have written. */
export const parseValue = (text: string): string | null => {
  const value = decodeEscapes(text);
  return formatValue(value) === text ? value : null;
};

/** Several values on one line, separated by a comma and a blank; their own commas are escaped. */
export const formatList = (values: readonly string[]): string =>
  values.map((value) => formatValue(value).replaceAll(',', '\\u002c')).join(', ');

/** The values of such a line; null for a text that `formatList` cannot have written. */
export const parseList = (text: string): string[] | null => {
  const values = text.split(', ').map(decodeEscapes);
  return formatList(values) === text ? values : null;
};
