// Bundles the CLI and the library into dist/, one chunk a command, and writes JSON Schemas and type declarations.
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

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { 'cli/main': 'src/cli/main.ts', index: 'src/index.ts', client: 'src/client.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.11',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Some CommonJS dependencies ask for their own file.
  define: { PROMPTV_VERSION: JSON.stringify(version), __filename: 'import.meta.filename' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});
await writeSchemas();
if (withTypes) {
  execFileSync('npx', ['--no-install', 'tsc', '-p', '.ci/tsconfig.json'], { cwd: root, stdio: 'inherit' });
}
