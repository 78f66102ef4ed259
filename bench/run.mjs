// Measures promptv on a large repository against `node -e 0` and plain git in the same run, and writes one table.
//   npm run bench [-- --rounds N] [-- --only save] [-- --prompts N] [-- --versions N]
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { certificates, git, gitCounter, isolatedEnv, promptvPath, timeProgram } from './place.mjs';
import { promptName, requiredVariables, versionsOf } from './prompt-texts.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '11' },
    only: { type: 'string', default: '' },
    prompts: { type: 'string', default: '1000' },
    versions: { type: 'string', default: '20' },
  },
});
const rounds = Number(options.rounds);
const [prompts, versions] = [Number(options.prompts), Number(options.versions)];
const note = (text) => process.stderr.write(`${text}\n`);

const home = mkdtempSync(join(tmpdir(), 'promptv-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const env = isolatedEnv(home);
const large = { cwd: join(home, 'large'), env };
const small = { cwd: join(home, 'small'), env };
const plain = { cwd: join(home, 'plain'), env };
const countGit = gitCounter(join(home, 'counting'), env);

/** A prompt in the middle, neither a partial nor a dependent of one. */
const subject = Math.floor(prompts / 2) + 3;
const name = promptName(subject);
const file = join('prompts', `${name}.yaml`);
const bundlePath = join(home, 'prompts.bundle.json');
const rendersPath = fileURLToPath(new URL('client-renders.mjs', import.meta.url));
/** Production stands two versions behind the latest. */
const variables = requiredVariables(subject, Math.max(1, versions - 2)).flatMap((variable) => [
  '--var',
  `${variable}=a value`,
]);
let edits = 0;

/** Makes the file differ from every version before. */
const edit = (place) => {
  edits += 1;
  appendFileSync(join(place.cwd, file), `bench: edit ${edits}\n`.replace('bench', `bench${edits}`));
};
const dropCache = (place) => rmSync(join(place.cwd, '.promptv/cache'), { recursive: true, force: true });
/** The index and the file as the last commit has them, so that what is measured next finds nothing staged. */
const restage = (place) => execFileSync('git', ['checkout', '--quiet', 'HEAD', '--', file], place);
const promptv = (args, place) => timeProgram(process.execPath, [promptvPath, ...args], place);
const node = () => timeProgram(process.execPath, ['-e', '0'], large);

/** What plain git does for the same save: the commit of one file and one annotated tag. */
const saveByGit = () => {
  edit(plain);
  return (
    timeProgram('git', ['commit', '--quiet', '--only', '-m', `Save ${edits}`, '--', file], plain) +
    timeProgram('git', ['tag', '-a', '-m', `Save ${edits}`, `plain/${edits}`], plain)
  );
};

/** What plain git does for the same decision: the commit of one file. */
const commitByGit = () => {
  edit(plain);
  return timeProgram('git', ['commit', '--quiet', '--only', '-m', `Move ${edits}`, '--', file], plain);
};

let moves = 0;
/** The two highest versions in turn, so that every promotion moves the pointer. */
const nextVersion = (place) => {
  moves += 1;
  const numbers = versionsOf(subject, place === small ? 2 : versions);
  return numbers.at(-1 - (moves % 2));
};
const promoteNext = (place, environment) => [
  'promote',
  `${name}@${nextVersion(place)}`,
  '--env',
  environment,
];
/** The version that does not run there yet, whatever ran before. */
const turnTo = (place) => {
  promptv(promoteNext(place, 'development'), place);
};

/*
 * `budget` is what DESIGN allows, from the times of `node -e 0` and of plain git in the same round; `gitLimit` is the
 * most git processes, or `constant` when there may be no more of them than in a small repository.
 */
const cases = [
  { what: '--version', args: ['--version'], rule: '1.3 node', budget: (n) => 1.3 * n, gitLimit: 0 },
  { what: '--help', args: ['--help'], rule: '1.3 node', budget: (n) => 1.3 * n, gitLimit: 0 },
  {
    what: 'save of one changed prompt',
    args: ['save', name, '-m', 'A new wording'],
    prepare: edit,
    yardstick: saveByGit,
    rule: '3 node + 2 git',
    budget: (n, g) => 3 * n + 2 * g,
    gitLimit: 8,
  },
  { what: 'log of one prompt', args: ['log', name], rule: '2.5 node', budget: (n) => 2.5 * n, gitLimit: 3 },
  { what: 'show of one prompt', args: ['show', name], rule: '2.5 node', budget: (n) => 2.5 * n, gitLimit: 3 },
  { what: 'diff of one prompt', args: ['diff', name], rule: '2.5 node', budget: (n) => 2.5 * n, gitLimit: 3 },
  {
    what: 'client, 200,000 renders from a bundle',
    time: () => Number(execFileSync(process.execPath, [rendersPath], { encoding: 'utf8' })),
    rule: '1 s',
    budget: () => 1000,
    gitLimit: 0,
  },
  {
    what: `bundle of ${prompts} prompts`,
    args: ['bundle', '--env', 'production', '-o', bundlePath],
    prepare: dropCache,
    rule: '3 s',
    budget: () => 3000,
    gitLimit: 'constant',
  },
  {
    what: 'pre-commit hook, one prompt',
    args: ['hooks', 'run', 'pre-commit'],
    prepare: (place) => {
      restage(place);
      edit(place);
      execFileSync('git', ['add', file], place);
    },
    settle: restage,
    rule: '2.5 node',
    budget: (n) => 2.5 * n,
    gitLimit: 4,
  },
  {
    what: `lint of ${prompts} prompts`,
    args: ['lint', '-q'],
    prepare: dropCache,
    rule: '3 s',
    budget: () => 3000,
    gitLimit: 'constant',
  },
  {
    what: 'get of one prompt',
    args: ['get', name, '--env', 'production', ...variables],
    rule: '2.5 node',
    budget: (n) => 2.5 * n,
    gitLimit: 3,
  },
  {
    what: 'promote of one version',
    args: (place) => promoteNext(place, 'development'),
    prepare: turnTo,
    yardstick: commitByGit,
    rule: '3 node + 2 git',
    budget: (n, g) => 3 * n + 2 * g,
    gitLimit: 8,
  },
  {
    what: 'rollback of one prompt',
    args: ['rollback', name, '--env', 'staging'],
    prepare: (place) => {
      promptv(promoteNext(place, 'staging'), place);
      promptv(promoteNext(place, 'staging'), place);
    },
    yardstick: commitByGit,
    rule: '3 node + 2 git',
    budget: (n, g) => 3 * n + 2 * g,
    gitLimit: 8,
  },
  ...[['status'], ['list'], ['env', 'show', 'production']].flatMap((words) => [
    {
      what: `${words.slice(0, 2).join(' ')}, cache warm`,
      args: words,
      // Whatever was measured before left the cache as it needed it.
      prepare: (place) => promptv(words, place),
      rule: '6 node',
      budget: (n) => 6 * n,
      gitLimit: 'constant',
    },
    {
      what: `${words.slice(0, 2).join(' ')}, no cache`,
      args: words,
      prepare: dropCache,
      rule: '12 node',
      budget: (n) => 12 * n,
      gitLimit: 'constant',
    },
  ]),
];

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** One run of a case on a repository; the preparation is not timed. */
const runCase = (measured, place) => {
  if (measured.time) return measured.time();
  measured.prepare?.(place);
  const ownMs = promptv(argsOf(measured, place), place);
  measured.settle?.(place);
  return ownMs;
};

const argsOf = ({ args }, place) => (typeof args === 'function' ? args(place) : args);

/** Each round runs the yardsticks and every case once, so that a slow moment of the machine hits both sides. */
const measure = (chosen) => {
  const samples = new Map(chosen.map((measured) => [measured, []]));
  for (const measured of chosen) runCase(measured, large);
  for (let round = 1; round <= rounds; round += 1) {
    note(`round ${round} of ${rounds}`);
    for (const measured of chosen) {
      const nodeMs = node();
      const gitMs = measured.yardstick?.() ?? 0;
      samples.get(measured).push({ nodeMs, gitMs, ownMs: runCase(measured, large) });
    }
  }
  return samples;
};

const countCalls = (measured, place) => {
  if (measured.time) return 0;
  measured.prepare?.(place);
  const args = argsOf(measured, place);
  const calls = countGit((counted) => promptv(args, { ...place, env: counted }));
  measured.settle?.(place);
  return calls;
};

const describeCase = (measured, samples) => {
  const calls = countCalls(measured, large);
  const limit = measured.gitLimit === 'constant' ? countCalls(measured, small) : measured.gitLimit;
  const share = median(samples.map(({ nodeMs, gitMs, ownMs }) => ownMs / measured.budget(nodeMs, gitMs)));
  const kept = share <= 1 && calls <= limit;
  return [
    measured.what,
    `${median(samples.map(({ ownMs }) => ownMs)).toFixed(0)} ms`,
    `${median(samples.map(({ nodeMs }) => nodeMs)).toFixed(0)} ms`,
    measured.yardstick ? `${median(samples.map(({ gitMs }) => gitMs)).toFixed(0)} ms` : '',
    median(samples.map(({ nodeMs, ownMs }) => ownMs / nodeMs)).toFixed(2),
    measured.rule,
    `${(share * 100).toFixed(0)} %`,
    `${calls} of ${limit}`,
    kept ? 'kept' : 'OVER',
  ];
};

const heading = [
  'what',
  'median',
  'node -e 0',
  'plain git',
  '× node',
  'budget',
  'used',
  'git calls',
  'verdict',
];

const formatTable = (rows) => {
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};

/** The budgets are ratios to `node -e 0`, and what the machine adds to every start of Node moves them. */
const describeCertificates = () => {
  const { NODE_EXTRA_CA_CERTS: _, ...bare } = env;
  const bareMs = median(
    Array.from({ length: 9 }, () => timeProgram(process.execPath, ['-e', '0'], { ...large, env: bare })),
  );
  const ownMs = median(Array.from({ length: 9 }, node));
  return `- NODE_EXTRA_CA_CERTS is set on this machine: \`node -e 0\` takes ${ownMs.toFixed(0)} ms with it and ${bareMs.toFixed(0)} ms without`;
};

const describeMachine = () => {
  const gitVersion = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim();
  const memoryGib = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `- ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${memoryGib} GiB`,
    `- ${type()} ${release()}, node ${process.version}, ${gitVersion}`,
    `- ${prompts} prompts × ${versions} versions, ${rounds} rounds, ${new Date().toISOString().slice(0, 10)}`,
    ...(certificates ? [describeCertificates()] : []),
    `- load average at the end ${loadavg()[0].toFixed(1)}: the figures hold for a quiet machine only`,
  ].join('\n');
};

const makeRepository = (place, promptCount, versionCount) => {
  const script = fileURLToPath(new URL('make-repo.mjs', import.meta.url));
  const sizes = ['--prompts', String(promptCount), '--versions', String(versionCount)];
  execFileSync(process.execPath, [script, place.cwd, ...sizes], { stdio: 'inherit' });
};

const chosen = cases.filter(({ what }) => what.includes(options.only));
if (chosen.length === 0)
  throw new Error(`No case is called ${options.only}: ${cases.map((c) => c.what).join(', ')}`);
makeRepository(large, prompts, versions);
// The same prompts in fewer versions and a tenth of the number: whatever grows with either shows.
makeRepository(small, Math.max(subject + 1, Math.floor(prompts / 10)), 2);
mkdirSync(plain.cwd);
cpSync(large.cwd, plain.cwd, { recursive: true });
git(plain, 'status', '--short');

const samples = measure(chosen);
const table = formatTable(chosen.map((measured) => describeCase(measured, samples.get(measured))));
const explanation = `Medians of paired, interleaved runs: every ratio is taken within one round. "used" is the share of the budget,
"plain git" is \`git commit --only\` and \`git tag -a\` of the same file in a copy of the repository.`;
const runScript = (script) =>
  execFileSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], { encoding: 'utf8' });
const experiments =
  options.only === ''
    ? `${runScript('abtest.mjs')}\n${runScript('rollout.mjs')}\n${runScript('vectors.mjs')}`
    : '';
const report = `# Benchmark\n\n${describeMachine()}\n\n${explanation}\n\n${table}\n\n${experiments}`;
process.stdout.write(`${table}\n`);
if (options.only === '') {
  writeFileSync(new URL('results.md', import.meta.url), report);
  note('Written to bench/results.md');
}
