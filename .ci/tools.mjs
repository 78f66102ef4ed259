// Fetches what only the tests run, into node_modules/.tools: programs whose install scripts would change this clone if
// they were dependencies (lefthook installs its hooks), and the schema of SARIF out of a package that ships it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const tools = fileURLToPath(new URL('../node_modules/.tools', import.meta.url));
const run = (program, args) =>
  execFileSync(program, args, { cwd: tools, stdio: ['ignore', 'ignore', 'inherit'] });

mkdirSync(tools, { recursive: true });
if (!existsSync(`${tools}/package.json`)) writeFileSync(`${tools}/package.json`, '{"private":true}\n');
if (!existsSync(`${tools}/node_modules/husky`)) {
  run('npm', [
    'install',
    '--ignore-scripts',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    'husky@9.1.7',
    'lefthook@2.2.2',
  ]);
}
if (!existsSync(`${tools}/sarif-schema-2.1.0.json`)) {
  const path = 'package/dist/commands/sarif/json-schema/sarif-schema-2.1.0.json';
  run('npm', ['pack', '--loglevel=error', '@datadog/datadog-ci@2.48.0']);
  run('tar', ['xzf', 'datadog-datadog-ci-2.48.0.tgz', '--strip-components=5', path]);
}
