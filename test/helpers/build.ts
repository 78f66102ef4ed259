import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Bundles the CLI once, before the tests that spawn it. */
export default function buildOnce(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['.ci/build.mjs', '--no-types'], { cwd: root, stdio: 'inherit' });
}
