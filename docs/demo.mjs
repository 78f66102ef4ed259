// Shows promptv on real prompts in a throw-away repository: every command is run as a user would type it.
//   npm run demo
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const promptvPath = join(project, 'bin', 'promptv.js');
if (!existsSync(join(project, 'dist', 'cli', 'main.cjs'))) {
  process.stderr.write('promptv is not built yet. Type: npm ci\n');
  process.exit(1);
}

const root = realpathSync(mkdtempSync(join(tmpdir(), 'promptv-demo-')));
const repository = join(root, 'shop-assistant');
const home = join(root, 'home');
mkdirSync(repository);
mkdirSync(home);

// The reader's own git configuration (signing, hooks, templates) and CI variables stay out of the demo.
const passedOn = ['PATH', 'TERM', 'COLORTERM', 'COLUMNS', 'NO_COLOR', 'FORCE_COLOR', 'LANG'];
const env = {
  ...Object.fromEntries(passedOn.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : []))),
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
  GIT_PAGER: 'cat',
};

const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
const style = (code, text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
const print = (text = '') => process.stdout.write(`${text}\n`);
const chapter = (text) => print(`\n${style('1', `== ${text}`)}`);
const say = (text) => print(`\n${style('2', `# ${text}`)}`);

const quote = (word) => (/^[\w@%+=:,./^~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Prints a command and runs it with its output on this terminal; ends the demo when it fails unexpectedly. */
const run = (shown, program, args, expectedExit = 0) => {
  print(`\n${style('1;36', `$ ${shown}`)}`);
  const { status, signal, error } = spawnSync(program, args, {
    cwd: repository,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === expectedExit) return;
  const ending = error?.message ?? signal ?? `exit code ${status}, not ${expectedExit}`;
  process.stderr.write(
    `\nThe demo stops: "${shown}" ended with ${ending}.\nThe repository is ${repository}\n`,
  );
  process.exit(1);
};
const promptv = (...args) =>
  run(['promptv', ...args.map(quote)].join(' '), process.execPath, [promptvPath, ...args]);
const promptvFails = (exitCode, ...args) => {
  run(['promptv', ...args.map(quote)].join(' '), process.execPath, [promptvPath, ...args], exitCode);
  print(style('2', `(exit code ${exitCode})`));
};
const git = (...args) => run(['git', ...args.map(quote)].join(' '), 'git', args);

/** What a person does in an editor: replaces a text that stands exactly once in a prompt. */
const edit = (path, before, after) => {
  const file = join(repository, path);
  const parts = readFileSync(file, 'utf8').split(before);
  if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times: ${before}`);
  writeFileSync(file, parts.join(after));
};

const quietGit = (...args) => {
  const { status, stderr } = spawnSync('git', args, { cwd: repository, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
};
quietGit('init', '--quiet', '--initial-branch=main');
quietGit('config', 'user.name', 'Dana Demo');
quietGit('config', 'user.email', 'dana@example.com');
cpSync(join(project, 'prompts'), join(repository, 'prompts'), { recursive: true });

/** Another person at the same keyboard. */
const as = (name, email) => {
  print(style('2', `\n# (as ${name})`));
  quietGit('config', 'user.name', name);
  quietGit('config', 'user.email', email);
};

/** Records one run of so many users of each variant, as an application would through the library. */
const recordInventedRuns = async (id, usersPerVariant) => {
  const { assign, openWorkspace, recordMetrics, showExperiment } = await import('../dist/index.js');
  const workspace = await openWorkspace({ cwd: repository, env });
  const { experiment } = await showExperiment(workspace, { id });
  const runs = experiment.variants.flatMap(({ name, version }, variant) =>
    Array.from({ length: 3 * usersPerVariant }, (_, user) => `guest-${user}`)
      .filter((unit) => assign(experiment, unit) === name)
      .slice(0, usersPerVariant)
      .map((unit, at) => ({
        prompt: experiment.prompt,
        version,
        ...{ environment: experiment.environment, experiment: id, variant: name, unit, status: 'success' },
        metrics: {
          quality: 0.7 + 0.06 * variant + ((at * 7) % 20) / 100,
          latency_ms: 700 + ((at * 13) % 300),
        },
      })),
  );
  await recordMetrics(workspace, runs);
  await workspace.close();
};

/** Records a run of each user as the rollout serves it; the candidate answers slowly. */
const recordServedRuns = async (name, users, variables) => {
  const [{ createClient }, { openWorkspace, recordMetrics }] = await Promise.all([
    import('../dist/client.js'),
    import('../dist/index.js'),
  ]);
  const client = await createClient({ cwd: repository, environment: 'staging' });
  const runs = Array.from({ length: users }, (_, at) => {
    const { version, variant } = client.get(name, { key: `guest-${at}`, variables });
    return {
      ...{ prompt: name, version, environment: 'staging', unit: `guest-${at}`, status: 'success' },
      metrics: { latency_ms: (variant === 'candidate' ? 1300 : 800) + ((at * 13) % 300) },
    };
  });
  const workspace = await openWorkspace({ cwd: repository, env });
  await recordMetrics(workspace, runs);
  await workspace.close();
};

const addConfiguration = (text) => {
  appendFileSync(join(repository, '.promptrc.yaml'), `\n${text}`);
  print(text.trimEnd());
  quietGit('add', '.promptrc.yaml');
  quietGit('commit', '--quiet', '-m', 'Guard production');
};

print(style('1', 'promptv: versions for prompts, kept by git alone'));
print(`A new repository with the prompts of this project: ${repository}`);

chapter('Begin');
promptv('init');
git('add', '.promptrc.yaml', '.gitignore');
git('commit', '--quiet', '-m', 'Set up promptv');
promptv('status');
say('Before a version exists: lint reads every prompt and runs nothing.');
promptv('lint');
say('The tests of a prompt run on its rendered text; what needs the answer of a model waits for a provider.');
promptv('test', 'support/triage');
say('Without names, save versions everything that changed: one commit, and a tag for each prompt.');
promptv('save', '-m', 'First versions');
promptv('list');

chapter('Edit');
say('A rule of the triage is reworded. Nobody who calls the prompt notices: a patch.');
edit(
  'prompts/support/triage.yaml',
  'Capitals and threats do not raise the urgency.',
  'Capitals, threats and flattery do not change the urgency.',
);
say('The answer from documents gets an optional variable. Callers may use it: a minor change.');
edit(
  'prompts/rag/answer.yaml',
  '  - name: refusal\n',
  `  - name: audience
    type: string
    default: a customer
    description: Who reads the answer.
  - name: refusal
`,
);
edit(
  'prompts/rag/answer.yaml',
  'at most {{maxSentences}} sentences.',
  'at most {{maxSentences}} sentences, for {{audience}}.',
);
say('Text to SQL needs the time zone from now on. Every caller must pass it: a major change.');
edit(
  'prompts/analytics/text-to-sql.yaml',
  '  - name: maxRows\n',
  `  - name: timeZone
    type: string
    description: Time zone in which a day begins, such as Europe/Lisbon.
  - name: maxRows
`,
);
edit('prompts/analytics/text-to-sql.yaml', 'Today is {today}.', 'Today is {today} in {timeZone}.');
promptv('status');
promptv('diff');
promptv('save', '-m', 'Fairer triage, an audience, a time zone');
say('Saving again does nothing: there is nothing new.');
promptv('save');

chapter('A partial and those that include it');
say(
  'Three prompts include shared/tone. They keep the version they were saved with until they are saved again.',
);
edit(
  'prompts/shared/tone.yaml',
  'no exclamation marks, no emoji',
  'no exclamation marks, no emoji, no apologies in a row',
);
promptv('status');
promptv('save', '-m', 'Fewer apologies');

chapter('Look back');
promptv('log', 'support/triage');
promptv('log', 'analytics/text-to-sql', '--format', 'markdown');
promptv('diff', 'analytics/text-to-sql', '1.0.0', '2.0.0', '--stat');
promptv('show', 'shared/tone@1.0.0');

chapter('Use');
promptv(
  'render',
  'support/reply@latest',
  '--var',
  'message=How do I export a report?',
  '--var',
  'customerName=Ravi',
);
say('Variables are checked before anything is filled in.');
promptvFails(2, 'render', 'support/triage', '--var', 'message=Hello', '--var', 'plan=gold');

chapter('Go back');
say('The text of 1.0.0 returns to the working file. Every version stays where it is.');
promptv('restore', 'support/triage@1.0.0');
promptv('status');
say('A sweep leaves an older text alone; naming the prompt makes it a version of its own.');
promptv('save', 'support/triage', '-m', 'Back to the first wording');
promptv('log', 'support/triage');

chapter('Share');
say("A bare repository beside this one plays the team's server. Nothing goes there unless you say so.");
git('init', '--quiet', '--bare', '../server.git');
git('remote', 'add', 'origin', '../server.git');
git('push', '--quiet', 'origin', 'main', 'refs/tags/prompts/*');
edit('prompts/shared/tone.yaml', 'Lead with the answer', 'Begin with the answer');
promptv('save', 'shared/tone', '-m', 'Begin with the answer', '--push');
git('ls-remote', '--tags', '--refs', 'origin', 'prompts/shared/*');
promptvFails(1, 'unsave', 'shared/tone@1.0.2');

chapter('Deliver');
say(
  'An environment is a pointer in a small committed file. A promotion checks its gates and moves it in one commit.',
);
say('Production wants one approval by the safety team; who promotes without it is told what to type.');
addConfiguration(`environments:
  - name: staging
  - name: production
    from: staging
    approvals:
      - name: safety
        approvers: [robin@example.com]
`);
promptv('promote', 'support/triage@1.0.1', '--env', 'staging');
promptvFails(3, 'promote', 'support/triage@1.0.1', '--env', 'production');
promptv('approval', 'submit', 'support/triage@1.0.1', '--env', 'production', '--comment', 'Fairer triage');
as('Robin Reviewer', 'robin@example.com');
promptv('approval', 'approve', 'support/triage@1.0.1', '--env', 'production', '--stage', 'safety');
promptv('approval', 'submit', 'support/triage@1.0.2', '--env', 'production');
promptv('approval', 'approve', 'support/triage@1.0.2', '--env', 'production', '--stage', 'safety');
as('Dana Demo', 'dana@example.com');
promptv('approval', 'status', 'support/triage@1.0.1');
promptv('promote', 'support/triage@1.0.1', '--env', 'production', '--reason', 'Fairer triage');
promptv('promote', 'support/triage@1.0.2', '--env', 'staging');
promptv('promote', 'support/triage@1.0.2', '--env', 'production', '--push');
const beforeRollback = new Date().toISOString();
say('Something is wrong: back to what ran before. A repetition never moves twice.');
promptv('rollback', 'support/triage', '--env', 'production', '--reason', 'Wrong labels', '--push');
promptvFails(2, 'rollback', 'support/triage', '--env', 'production');
promptv('rollback', '--env', 'production', '--history');
say('What runs, and what ran a moment ago.');
promptv('env', 'show', 'production');
promptv('env', 'show', 'production', '--at', beforeRollback);
promptv('annotate', 'support/triage@1.0.2', 'Labels the wrong queue', '--mark', 'deprecated');
promptv('log', 'support/triage');
promptv('audit', 'support/triage');
say('An application reads what runs, from git or from one file.');
promptv('bundle', '--env', 'production', '-o', '../production.bundle.json');
promptv('verify', '../production.bundle.json');

chapter('Measure');
say(
  'Does the new wording of the answer help? Half of the users get it; who gets what follows from a hash of their name.',
);
promptv('promote', 'rag/answer@1.0.0', '--env', 'staging');
promptv(
  ...['abtest', 'create', 'wording', '--prompt', 'rag/answer', '--env', 'staging'],
  ...['--variant', 'control=1.0.0:50', '--variant', 'treatment=1.1.0:50'],
  ...['--metric', 'quality:higher', '--guardrail', 'latency_ms:+20%', '--mde', '5%'],
);
promptv('abtest', 'start', 'wording');
promptv('abtest', 'assign', 'wording', '--key', 'user-42');
promptv(
  ...['metrics', 'record', '--experiment', 'wording', '--key', 'user-42'],
  ...['--metric', 'quality=0.9', '--metric', 'latency_ms=812'],
);
say('600 more users, whose qualities and times are invented for this demo.');
await recordInventedRuns('wording', 300);
promptv('metrics', 'summary', 'rag/answer', '--by', 'variant');
promptv('abtest', 'results', 'wording');
say('The decision stays in the file of the experiment, with the numbers that it rested on.');
promptv('abtest', 'stop', 'wording', '--winner', 'treatment', '--promote', 'staging');
promptv('env', 'show', 'staging');

chapter('Roll out');
say('A new version goes to a fifth of the users first, and is compared with the one that runs.');
edit('prompts/rag/answer.yaml', 'prefer none', 'prefer the newest');
promptv('save', 'rag/answer', '-m', 'Prefer the newest passage');
promptv(
  ...['promote', 'rag/answer', '--env', 'staging', '--strategy', 'canary'],
  ...['--steps', '20:1h,50:1h,100', '--gate', 'latency_ms <= +20%'],
);
say('1,500 users come; their times are invented for this demo, and those of the candidate are bad.');
await recordServedRuns('rag/answer', 1500, {
  question: 'When do you open?',
  passages: [{ id: 'p1', source: 'faq', text: 'We open at nine.' }],
});
promptv('rollout', 'status', 'rag/answer', '--env', 'staging');
say('A tick looks and decides; cron or CI calls it. This one goes back by itself, and exits 3.');
promptvFails(3, 'rollout', 'tick');
promptv('rollout', 'history', 'rag/answer', '--env', 'staging');
promptv('env', 'show', 'staging');

chapter('Plain git');
say('There is no database: a version is an annotated tag, and git alone can read it.');
git('log', '--oneline', '--no-decorate');
git('tag', '--list', 'prompts/support/*', 'prompts/shared/*');
git('cat-file', 'tag', 'prompts/shared/tone@1.0.1');
promptv('doctor');

print(`\nThe repository is ${repository}
Try more there:   cd ${quote(repository)} && node ${quote(promptvPath)} --help
Remove it with:   rm -rf ${quote(root)}`);
