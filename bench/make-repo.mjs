// Builds a repository of many versioned prompts with `git fast-import`, the same bytes every time.
//   npm run --silent bench:repo -- DIR --prompts 1000 --versions 20
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadProduct } from './load-product.mjs';
import { git, isolatedEnv } from './place.mjs';
import {
  formatPrompt,
  impactOf,
  includedBy,
  promptDocument,
  promptName,
  versionsOf,
} from './prompt-texts.mjs';

const authors = ['Ana Duarte <ana@example.com>', 'Ben Osei <ben@example.com>', 'Chen Wei <chen@example.com>'];
const firstSecond = Date.UTC(2024, 0, 8, 9) / 1000;
const secondsApart = 600;

const blobId = (text) =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
const dataCommand = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** Every version in the order of its save: each revision of all prompts, partials before those that include them. */
function* planVersions(promptCount, versionCount, contentHash) {
  const numbers = Array.from({ length: promptCount }, (_, index) => versionsOf(index, versionCount));
  const partials = new Map();
  for (let revision = 1; revision <= versionCount; revision += 1) {
    for (let index = 0; index < promptCount; index += 1) {
      const document = promptDocument(index, revision);
      const partial = includedBy(index);
      const pins = partial === null ? [] : [partials.get(partial)];
      const version = numbers[index][revision - 1];
      const planned = {
        index,
        revision,
        name: promptName(index),
        version,
        previousVersion: numbers[index][revision - 2] ?? null,
        contentHash: contentHash(document, pins),
        pins,
        text: formatPrompt(document),
      };
      partials.set(index, { name: planned.name, version, contentHash: planned.contentHash });
      yield planned;
    }
  }
}

/** Feeds commands to a `git fast-import`, waiting whenever its pipe is full. */
const fastImport = async (place, args, commands) => {
  const child = spawn('git', ['fast-import', '--quiet', ...args], {
    cwd: place.cwd,
    env: place.env,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {});
  let batch = '';
  for (const command of commands) {
    batch += command;
    if (batch.length < 1 << 20) continue;
    if (!child.stdin.write(batch)) await Promise.race([once(child.stdin, 'drain'), ended]);
    batch = '';
  }
  child.stdin.end(batch);
  const [exitCode] = await ended;
  if (exitCode !== 0) throw new Error(`git fast-import ended with ${exitCode}`);
};

const filePath = (name) => `prompts/${name}.yaml`;
const personAt = (sequence, index) =>
  `${authors[index % authors.length]} ${firstSecond + sequence * secondsApart} +0000`;

function* commitCommands(planned, product) {
  const start = `commit refs/heads/main\nmark :1\ncommitter ${personAt(0, 0)}\n${dataCommand('Start')}`;
  yield `${start}M 100644 inline .gitignore\n${dataCommand('.promptv/cache/\n.promptv/metrics/\n')}\n`;
  for (const [at, { index, name, revision, text }] of planned.entries()) {
    const message = dataCommand(`${name}: revision ${revision}`);
    const head = `commit refs/heads/main\nmark :${at + 2}\ncommitter ${personAt(at + 1, index)}\n${message}`;
    yield `${head}M 100644 inline ${filePath(name)}\n${dataCommand(text)}\n`;
  }
  yield* stateCommands(planned, product);
}

/** Environment → how many versions before the latest it stands; each was promoted there in turn. */
const environments = { development: 0, staging: 1, production: 2 };

/** The state file of a prompt in an environment after the promotion of its last three versions up to there. */
const stateText = (versions, environment, { addDeployment, emptyState, formatEnvironmentState }) => {
  const promoted = versions.slice(0, Math.max(1, versions.length - environments[environment])).slice(-3);
  let state = emptyState(versions[0].name, environment);
  for (const [at, { version, contentHash, index }] of promoted.entries())
    state = addDeployment(state, {
      action: 'promote',
      version,
      previousVersion: state.current,
      contentHash,
      at: new Date((firstSecond + at * secondsApart) * 1000).toISOString(),
      by: authors[index % authors.length],
      reason: `Revision ${at + 1} of the wording.`,
      approvals: [],
      ci: null,
    });
  return formatEnvironmentState(state);
};

/** One commit with the state files of all prompts in all environments. */
function* stateCommands(planned, product) {
  const versions = new Map();
  for (const version of planned) versions.set(version.name, [...(versions.get(version.name) ?? []), version]);
  yield `commit refs/heads/main\nmark :${planned.length + 2}\ncommitter ${personAt(planned.length + 1, 0)}\n`;
  yield `${dataCommand('Promote every prompt')}from :${planned.length + 1}\n`;
  for (const environment of Object.keys(environments))
    for (const [name, list] of versions) {
      const text = stateText(list, environment, product);
      yield `M 100644 inline .promptv/environments/${environment}/${name}.json\n${dataCommand(text)}`;
    }
  yield '\n';
}

const tagRecord = (version, commit) => ({
  name: version.name,
  version: version.version,
  previousVersion: version.previousVersion,
  bump: version.revision === 1 ? 'initial' : impactOf(version.index, version.revision),
  impact: version.revision === 1 ? 'none' : impactOf(version.index, version.revision),
  contentHash: version.contentHash,
  blob: blobId(version.text),
  path: filePath(version.name),
  pins: version.pins,
  renamedFrom: null,
  authors: [authors[version.index % authors.length]],
  branch: 'main',
  commit,
  ci: null,
  meta: {},
  message: version.revision === 1 ? 'First version.' : `Revision ${version.revision} of the wording.`,
});

function* tagCommands(planned, commits, formatTagMessage) {
  for (const [at, version] of planned.entries()) {
    const commit = commits.get(at + 2);
    const head = `tag prompts/${version.name}@${version.version}\nfrom ${commit}\n`;
    const message = formatTagMessage(tagRecord(version, commit));
    yield `${head}tagger ${personAt(at + 1, version.index)}\n${dataCommand(message)}`;
  }
}

/** Mark → commit id. */
const readMarks = (path) =>
  new Map(
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([mark, commit]) => [Number(mark.slice(1)), commit]),
  );

const makeRepository = async (directory, promptCount, versionCount) => {
  const product = await loadProduct();
  mkdirSync(directory, { recursive: true });
  const place = { cwd: directory, env: isolatedEnv(directory) };
  git(place, 'init', '--quiet', '--initial-branch=main');
  const planned = [...planVersions(promptCount, versionCount, product.contentHash)];
  const marks = join(directory, '.git', 'bench-marks');
  await fastImport(place, [`--export-marks=${marks}`], commitCommands(planned, product));
  // The tags name their commits, whose ids only git knows.
  await fastImport(place, [], tagCommands(planned, readMarks(marks), product.formatTagMessage));
  rmSync(marks);
  git(place, 'pack-refs', '--all');
  git(place, 'checkout', '--quiet', '--force', 'main');
};

const readSize = (text, option) => {
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`--${option} needs a positive whole number, not ${text}`);
  return size;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { prompts: { type: 'string', default: '1000' }, versions: { type: 'string', default: '20' } },
});
const [directory] = positionals;
if (directory === undefined || positionals.length > 1)
  throw new Error('Usage: npm run --silent bench:repo -- DIR [--prompts N] [--versions N]');
const target = resolve(directory);
if (existsSync(target) && readdirSync(target).length > 0) throw new Error(`${target} is not empty`);
await makeRepository(target, readSize(values.prompts, 'prompts'), readSize(values.versions, 'versions'));
