import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  define: { PROMPTV_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: [fileURLToPath(new URL('helpers/build.ts', import.meta.url))],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // It imports JSON in a way that Node does not.
    server: { deps: { inline: [/@actions\/workflow-parser/] } },
  },
});
