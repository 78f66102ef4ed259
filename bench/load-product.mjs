// The functions of bench/product.ts, bundled for this process alone.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const loadProduct = async () => {
  const outfile = join(tmpdir(), `promptv-bench-product-${process.pid}.mjs`);
  try {
    const entry = fileURLToPath(new URL('product.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
};
