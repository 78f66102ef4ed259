// Bundles the CLI and the library into dist/, with V8's code cache, JSON Schemas and type declarations.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const withTypes = !process.argv.includes('--no-types');

/** dist/schema/NAME.json for editors; what makes them is bundled in memory and not shipped. */
const writeSchemas = async () => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['.ci/schemas.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { schemas } = await import(`data:text/javascript;base64,${code}`);
  mkdirSync(`${root}/dist/schema`, { recursive: true });
  for (const [name, schema] of Object.entries(schemas))
    writeFileSync(`${root}/dist/schema/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`);
};

// An object literal that spreads others is slow to make and slow to use: assigned member by member it is neither. A
// YAML text, whose parser keeps its state in such an object, is read in half the time. What is left of an object,
// `{ a, ...rest }`, then takes a key `__proto__` for its prototype: data that may hold any key is not taken apart so.
const supported = { 'object-rest-spread': false };

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.11',
  supported,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
};

/** Files of their own, read only when they are needed. */
const ownFiles = {
  'lint/profanity': 'src/core/lint/profanity.ts',
  'lint/secrets': 'src/core/lint/secrets.ts',
};
const apart = {
  name: 'apart',
  setup: (builder) => {
    builder.onResolve({ filter: /\/lint\/(?:profanity|secrets)\.ts$/ }, ({ kind, path }) =>
      kind === 'entry-point'
        ? undefined
        : { path: `./lint/${path.split('/').at(-1).replace('.ts', '.cjs')}`, external: true },
    );
    // Only before the commands are there: they have the help in their own file.
    builder.onResolve({ filter: /\/(?:root-help|run)\.ts$/ }, ({ importer, path }) => {
      if (!importer.endsWith('/cli/main.ts')) return undefined;
      return path === './run.ts'
        ? { path: `${root}/src/cli/run-built.ts` }
        : { path: './root-help.cjs', external: true };
    });
  },
};

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: { index: 'src/index.ts', client: 'src/client.ts' },
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  // Some CommonJS dependencies ask for their own file.
  define: { __filename: 'import.meta.filename' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});
// The command line: CommonJS, which Node starts without its loader of modules, and all commands in one file, which is
// loaded with a code cache. Short names save a quarter of the time that takes.
const commandLine = {
  ...shared,
  minifyIdentifiers: true,
  outdir: 'dist/cli',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
};
// The help names the commands and loads none.
await build({ ...commandLine, entryPoints: ['src/cli/root-help.ts'], external: ['./commands/*'] });
const ownUrl = 'const __url=require("node:url").pathToFileURL(__filename).href;';
const commands = {
  ...commandLine,
  plugins: [apart],
  // What is apart is required: a script loaded with a code cache has no way to import.
  supported: { ...supported, 'dynamic-import': false },
  define: { PROMPTV_VERSION: JSON.stringify(version), 'import.meta.url': '__url' },
};
await build({ ...commands, entryPoints: ['src/cli/main.ts'], banner: { js: ownUrl } });
// Each is one function, as `loadWithCodeCache` wants it.
await build({
  ...commands,
  entryPoints: { run: 'src/cli/run.ts', ...ownFiles },
  banner: { js: `(function(exports,require,module,__filename,__dirname){${ownUrl}` },
  footer: { js: '})' },
});
execFileSync(process.execPath, ['.ci/code-cache.mjs'], { cwd: root, stdio: 'inherit' });
await writeSchemas();
if (withTypes) {
  execFileSync('npx', ['--no-install', 'tsc', '-p', '.ci/tsconfig.json'], { cwd: root, stdio: 'inherit' });
}
