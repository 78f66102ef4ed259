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

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.11',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
};

/** A short command spends a third of its time on loading this file: short names save a quarter of that. */
const quickToLoad = { ...shared, minifyIdentifiers: true, format: 'cjs' };

/** The commands are one CommonJS file, loaded with a code cache; everything else is modules that share their parts. */
const runBuilt = {
  name: 'run-built',
  setup: (builder) => {
    builder.onResolve({ filter: /\/run\.ts$/ }, ({ importer, path }) =>
      importer.endsWith('/cli/main.ts') ? { path: path.replace('.ts', '.js'), external: true } : undefined,
    );
  },
};

/** Libraries that few commands need stay out of the one file that all commands read. */
const ownFiles = { profanity: 'src/core/lint/profanity.ts', secrets: 'src/core/lint/secrets.ts' };
const apart = {
  name: 'apart',
  setup: (builder) => {
    builder.onResolve({ filter: /\/lint\/(?:profanity|secrets)\.ts$/ }, ({ kind, path }) =>
      kind === 'entry-point'
        ? undefined
        : { path: `./lint/${path.split('/').at(-1).replace('.ts', '.cjs')}`, external: true },
    );
  },
};

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: {
    'cli/main': 'src/cli/main.ts',
    'cli/run': 'src/cli/run-built.ts',
    index: 'src/index.ts',
    client: 'src/client.ts',
  },
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  plugins: [runBuilt],
  // Some CommonJS dependencies ask for their own file.
  define: { PROMPTV_VERSION: JSON.stringify(version), __filename: 'import.meta.filename' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});
await build({
  ...quickToLoad,
  entryPoints: ['src/cli/run.ts'],
  outfile: 'dist/cli/run.cjs',
  plugins: [apart],
  // What is apart is required: a script loaded with a code cache has no way to import.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__url' },
  banner: { js: 'const __url=require("node:url").pathToFileURL(__filename).href;' },
});
await build({
  ...quickToLoad,
  entryPoints: ownFiles,
  outdir: 'dist/cli/lint',
  outExtension: { '.js': '.cjs' },
});
execFileSync(process.execPath, ['.ci/code-cache.mjs'], { cwd: root, stdio: 'inherit' });
await writeSchemas();
if (withTypes) {
  execFileSync('npx', ['--no-install', 'tsc', '-p', '.ci/tsconfig.json'], { cwd: root, stdio: 'inherit' });
}
