import { fileURLToPath } from 'node:url';
import { loadWithCodeCache } from '../store/code-cache.ts';

/** `run` of the built package: all commands in one file, loaded with V8's code cache. The build puts it in run's place. */
export const { run } = loadWithCodeCache(fileURLToPath(new URL('./run.cjs', import.meta.url)))
  .exports as typeof import('./run.ts');
