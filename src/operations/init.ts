import { basename, join, relative, sep } from 'node:path';
import { promptvError } from '../errors.ts';
import { exampleConfig, examplePrompt } from '../store/examples.ts';
import { listPromptFiles } from '../store/prompt-files.ts';
import { fileExists, readTextFile } from '../store/read-file.ts';
import { writeFileWhole } from '../store/write-file.ts';
import { type CiFilesRequest, planCiFiles } from './ci-files.ts';
import type { HooksResult, InstallHooksRequest } from './hooks/install.ts';
import { findSamePrefix } from './tag-prefix-clash.ts';
import type { Warning } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface InitRequest {
  /** Also writes a first prompt. */
  readonly example?: boolean;
  /** Also installs the git hooks, which call this program. */
  readonly hooks?: InstallHooksRequest['program'];
  /** Also writes a pipeline for a CI system. */
  readonly ci?: CiFilesRequest;
  readonly dryRun?: boolean;
}

export interface InitResult {
  readonly created: readonly string[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** What the host must be told to protect, one rule an entry. */
  readonly advice: readonly string[];
  /** Null unless hooks were asked for. */
  readonly hooks: HooksResult | null;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** Lines are added to a file that is there; any other file is left alone. */
  readonly appends?: readonly string[];
}

/** What git shall not see: derived data and the local log. */
const ignoredLines = ['.promptv/cache/', '.promptv/metrics/'];

/** Prepares a workspace: configuration, ignored folders, the prompts directory. Never overwrites. @throws FILE_ACCESS */
export const init = async (workspace: Workspace, request: InitRequest): Promise<InitResult> => {
  const created: string[] = [];
  const { path: config } = workspace.loadedConfig;
  const skipped: { path: string; reason: string }[] = [];
  if (config !== null) skipped.push({ path: shortPath(workspace, config), reason: 'it exists' });
  const ci = request.ci ? await planCiFiles(workspace, request.ci) : { files: [], advice: [] };
  const above = relative(workspace.root, workspace.repository.topLevel);
  const ciFiles = ci.files.map(({ path, text }) => ({ path: [above, path].filter(Boolean).join('/'), text }));
  for (const file of [...(await plannedFiles(workspace, request)), ...ciFiles]) {
    const outcome = await planFile(workspace, file);
    if ('reason' in outcome) skipped.push({ path: file.path, reason: outcome.reason });
    else {
      if (!request.dryRun) await writeFileWhole(join(workspace.root, file.path), outcome.text);
      created.push(file.path);
    }
  }
  return {
    created,
    skipped,
    advice: [...adviceFor(workspace), ...ci.advice, ...(await codeownersAdvice(workspace))],
    hooks: await installAskedFor(workspace, request),
    dryRun: request.dryRun ?? false,
    warnings: [...warnAbove(workspace), ...(await warnSamePrefix(workspace))],
  };
};

const installAskedFor = async (
  workspace: Workspace,
  { hooks: program, dryRun }: InitRequest,
): Promise<HooksResult | null> => {
  if (!program) return null;
  const { installHooks } = await import('./hooks/install.ts');
  return installHooks(workspace, { program, dryRun });
};

/** From a folder below the workspace the paths lead nowhere, and a workspace of that folder may have been meant. */
const warnAbove = ({ root, cwd }: Workspace): Warning[] => {
  if (cwd === root) return [];
  const prefix = `${basename(cwd)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')}-prompts`.replace(/^-/, '');
  const message =
    `The workspace is ${root}, above this folder; the paths count from there. For a workspace of this folder alone: ` +
    `echo "tagPrefix: ${prefix}" > .promptrc.yaml && promptv init`;
  return [{ code: 'WORKSPACE_ABOVE', message }];
};

const warnSamePrefix = async (workspace: Workspace): Promise<Warning[]> => {
  const paths = await findSamePrefix(workspace);
  if (paths.length === 0) return [];
  const prefix = workspace.config.tagPrefix;
  const { code, message, hint } = promptvError('TAG_PREFIX_CLASH', { prefix, paths });
  return [{ code, message: `${message} ${hint}` }];
};

const plannedFiles = async (
  workspace: Workspace,
  { example }: InitRequest,
): Promise<readonly PlannedFile[]> => {
  const { dir } = workspace.config.prompts;
  const { files } = await listPromptFiles(workspace.root, workspace.config.prompts);
  const config =
    workspace.loadedConfig.path === null ? [{ path: '.promptrc.yaml', text: exampleConfig }] : [];
  const ignore = { path: '.gitignore', text: `${ignoredLines.join('\n')}\n`, appends: ignoredLines };
  if (example) return [...config, ignore, { path: `${dir}/example/greeting.yaml`, text: examplePrompt }];
  // A directory with prompts in it is kept by git already.
  return files.length > 0 ? [...config, ignore] : [...config, ignore, { path: `${dir}/.gitkeep`, text: '' }];
};

const shortPath = ({ root }: Workspace, path: string): string => relative(root, path).split(sep).join('/');

const planFile = async (
  workspace: Workspace,
  { path, text, appends }: PlannedFile,
): Promise<{ text: string } | { reason: string }> => {
  const place = join(workspace.root, path);
  if (!(await fileExists(place))) return { text };
  if (!appends) return { reason: 'it exists' };
  const present = await readTextFile(place);
  const lines = new Set(present.split(/\r?\n/).map((line) => line.trim()));
  const missing = appends.filter((line) => !lines.has(line));
  if (missing.length === 0) return { reason: 'it has these lines' };
  const end = present.includes('\r\n') ? '\r\n' : '\n';
  const gap = present === '' || present.endsWith('\n') ? '' : end;
  return { text: `${present}${gap}${missing.join(end)}${end}` };
};

const adviceFor = (workspace: Workspace): string[] => {
  const { tagPrefix } = workspace.config;
  return [
    `Protect the tags "${tagPrefix}/**" on your host, so that a version cannot be moved or deleted.`,
    `Keep these tags from starting tag pipelines: exclude "${tagPrefix}/**" where your CI reacts to tags.`,
    `Describe your own releases with: git describe --match 'v*'`,
  ];
};

/** Places where hosts look for it. */
const codeownersPaths = ['.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'docs/CODEOWNERS', 'CODEOWNERS'];

/** Lines for a CODEOWNERS file; a person's own file is never touched. None when it names the state already. */
const codeownersAdvice = async ({
  prefix,
  config,
  loadedConfig,
  repository,
}: Workspace): Promise<string[]> => {
  for (const path of codeownersPaths) {
    const place = join(repository.topLevel, path);
    if ((await fileExists(place)) && (await readTextFile(place)).includes('.promptv/')) return [];
  }
  const production = config.environments.at(-1);
  const folder = `/${prefix}.promptv`;
  const lines = [
    `/${prefix}${config.prompts.dir}/ @your-org/prompt-authors`,
    `${folder}/environments/ @your-org/prompt-authors`,
    `${folder}/environments/${production?.name}/ @your-org/prompt-owners`,
    ...(production?.approvals ?? []).map(
      ({ name }) => `${folder}/approvals/${production?.name}/${name}/ @your-org/prompt-owners`,
    ),
    `/${prefix}${loadedConfig.path ? basename(loadedConfig.path) : '.promptrc.yaml'} @your-org/prompt-owners`,
  ];
  const intro =
    'Name in CODEOWNERS (such as .github/CODEOWNERS) who must review what runs, with teams of your own:';
  return [[intro, ...lines.map((line) => `  ${line}`)].join('\n')];
};
