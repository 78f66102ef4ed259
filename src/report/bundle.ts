import type { BundleResult } from '../operations/bundle.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { formatCount, sanitizeLine } from './text.ts';

/** Which file was written, what is in it, and how it is checked. */
export const formatBundleResult = (result: BundleResult, display: Display): string => {
  const paint = createPaint(display);
  const file = sanitizeLine(result.file ?? '-');
  const versions = result.prompts.reduce((sum, prompt) => sum + prompt.versions.length, 0);
  const content = `${formatCount(versions, 'version')} of ${formatCount(result.prompts.length, 'prompt')}`;
  const environments = result.environments.map(sanitizeLine).join(', ');
  const line = `${result.dryRun ? 'Would write' : 'Wrote'} ${paint.strong(file)}: ${content} for ${environments}, ${result.bytes} bytes.`;
  return result.dryRun ? line : `${line}\nCheck it anywhere: ${paint.command(`promptv verify ${file}`)}`;
};
