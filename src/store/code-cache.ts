import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';

/** A CommonJS bundle in memory. */
export interface LoadedBundle {
  /** Its `module.exports`. */
  readonly exports: unknown;
  /** Whether the cache beside it was used. */
  readonly isCached: boolean;
  /** Cache file → machine code of everything that has run so far, for the next process; also of bundles it required. */
  readonly createCodeCaches: () => ReadonlyMap<string, Buffer>;
}

/**
 * Loads a CommonJS bundle, and those beside it that it requires, with the first of its code caches that is there
 * (`NAME.cache` beside it), which saves V8 half of the time of a short command. A cache of another version of V8, or none,
 * costs only that time. The file holds one function of what a module is given, in ASCII: it needs no copy and no decoding.
 */
export const loadWithCodeCache = (
  file: string,
  caches: readonly string[] = codeCachesOf(file, ''),
): LoadedBundle => {
  const source = readFileSync(file, 'latin1');
  const cachedData = caches.reduce<Buffer | undefined>(
    (found, cache) => found ?? readIfThere(cache),
    undefined,
  );
  const script = new vm.Script(source, { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  const { require, required } = requireBeside(file);
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return {
    exports: module.exports,
    isCached: cachedData !== undefined && script.cachedDataRejected === false,
    createCodeCaches: () =>
      new Map([
        [caches[0] ?? '', script.createCachedData()],
        ...[...required.values()].flatMap((bundle) => [...bundle.createCodeCaches()]),
      ]),
  };
};

/** The code caches of a bundle, best first: a quick command has one of its own. What is no plain word names none. */
export const codeCachesOf = (file: string, command: string): readonly string[] =>
  (/^[a-z]+$/.test(command) ? [`.${command}.cache`, '.cache'] : ['.cache']).map((end) =>
    file.replace(/\.cjs$/, end),
  );

/** Node's `require` for a bundle, in which a relative path is a bundle too. */
const requireBeside = (file: string) => {
  const requireModule = createRequire(file);
  const required = new Map<string, LoadedBundle>();
  const require = (id: string): unknown => {
    if (!id.startsWith('./')) return requireModule(id);
    const bundle = required.get(id) ?? loadWithCodeCache(join(dirname(file), id));
    required.set(id, bundle);
    return bundle.exports;
  };
  return { require, required };
};

const readIfThere = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};
