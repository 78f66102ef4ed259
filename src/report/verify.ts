import type { VerifyResult } from '../operations/verify.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { formatTable } from './table.ts';
import { formatCount, joinLines, sanitizeLine } from './text.ts';

/** Whether a bundle is what it should be, and every difference. */
export const formatVerify = (result: VerifyResult, display: Display): string => {
  const paint = createPaint(display);
  const file = paint.strong(sanitizeLine(result.file));
  const against =
    result.checkedAgainst === 'git' ? 'git has the same' : 'not compared with git: no repository here';
  if (result.valid)
    return `${paint.good('✔')} ${file}: ${formatCount(result.versionCount, 'version')} intact; ${against}.`;
  const rows = result.findings.map(({ id, environment, prompt, version, message }) =>
    [id, subject({ environment, prompt, version }), message].map(sanitizeLine),
  );
  if (display.columns === null) return formatTable([], rows, display);
  return joinLines([
    `${paint.bad('✖')} ${file}: ${formatCount(rows.length, 'difference')}.`,
    formatTable([{ title: 'id' }, { title: 'what' }, { title: 'difference' }], rows, display),
  ]);
};

const subject = (place: {
  readonly environment: string | null;
  readonly prompt: string | null;
  readonly version: string | null;
}): string => {
  const name = place.prompt === null ? '' : `${place.prompt}@${place.version}`;
  return place.environment === null ? name : `${name} in ${place.environment}`;
};
