import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of something that `.ci/tools.mjs` fetches; null, said aloud, where it is missing. In CI that is an error. */
export const findTool = (path: string): string | null => {
  const place = fileURLToPath(new URL(`../../node_modules/.tools/${path}`, import.meta.url));
  if (existsSync(place)) return place;
  if (process.env.CI) throw new Error(`${path} is missing: node .ci/tools.mjs`);
  console.warn(`skipped: ${path} is missing; run "node .ci/tools.mjs"`);
  return null;
};
