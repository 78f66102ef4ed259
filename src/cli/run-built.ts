import { fileURLToPath } from 'node:url';
import { codeCachesOf, loadWithCodeCache } from '../store/code-cache.ts';

const bundle = fileURLToPath(new URL('./run.cjs', import.meta.url));
const [, , command = ''] = process.argv;

/** `run` of the built package: all commands in one file, loaded with V8's code cache. The build puts it in run's place. */
export const { run } = loadWithCodeCache(bundle, codeCachesOf(bundle, command))
  .exports as typeof import('./run.ts');
