import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of something that `.ci/tools.mjs` fetches; null, said aloud, where it is missing. In CI that is an error. */
export const findTool = (path: string): string | null => {
  const place = fileURLToPath(new URL(`../../node_modules/.tools/${path}`, import.meta.url));
  if (existsSync(place)) return place;
  if (process.env.CI) throw new Error(`${path} is missing: node .ci/tools.mjs`);
  console.warn(`skipped: ${path} is missing; run "node .ci/tools.mjs"`);
  return null;
};

/** Whether a program that a test needs is on the PATH; where it is missing, said aloud. In CI that is an error. */
export const hasProgram = (name: string): boolean => {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (folders.some((folder) => existsSync(join(folder, name)))) return true;
  if (process.env.CI) throw new Error(`${name} is missing: apt-get install ${name}`);
  console.warn(`skipped: the program ${name} is missing`);
  return false;
};

/** The folder of an installed package, also of one that exports nothing. */
export const packageFolder = (name: string): string => {
  const start = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = start.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`The package ${name} is missing: npm ci`);
  return found;
};
