import type { Diagnosis, DoctorRequest } from './doctor.ts';
import { readRenames } from './renames.ts';
import { shallowWarnings } from './shallow-history.ts';
import { sparseWarnings } from './sparse-checkout.ts';
import { type PromptStatus, type Survey, surveyPrompts } from './status.ts';
import { isVersion, type Version, type VersionRef } from './versions.ts';
import { gitPath, type Workspace } from './workspace.ts';

/** What is wrong with prompt files and with the tags of the namespace. */
export const promptChecks = async (workspace: Workspace, request: DoctorRequest): Promise<Diagnosis[]> => {
  const survey = await surveyPrompts(workspace, {});
  const broken = survey.prompts
    .filter(({ state }) => state === 'invalid')
    .map((prompt) => brokenPrompt(survey, prompt));
  const tags = await checkTags(survey, request);
  const unseen = [...missingTags(workspace, survey), ...(await leftOut(workspace, survey))];
  return [...broken, ...tags, ...unseen, ...(await checkGone(workspace, survey))];
};

const missingTags = (workspace: Workspace, { prompts }: Survey): Diagnosis[] =>
  shallowWarnings(workspace, prompts).map(({ code, message }) => ({
    id: code,
    severity: 'warning',
    message,
    fix: 'promptv sync --tags',
  }));

/** What a sparse checkout leaves out is named as deleted below. */
const leftOut = async (workspace: Workspace, { prompts }: Survey): Promise<Diagnosis[]> =>
  (await sparseWarnings(workspace, prompts)).map(({ code, message }) => ({
    id: code,
    severity: 'info',
    message,
    fix: `git sparse-checkout add ${gitPath(workspace, workspace.config.prompts.dir)}`,
  }));

/** A file that reads well is not to blame for what it includes, and one that cannot be read has no place to correct. */
const brokenPrompt = ({ sources }: Survey, { path, prompt, reason }: PromptStatus): Diagnosis => {
  if (sources.prompts.get(prompt)?.parsed.document)
    return {
      id: 'PARTIAL_INVALID',
      severity: 'error',
      message: `${prompt} cannot be saved for what it includes: ${reason}`,
      fix: `Correct the partial or its tag, or "dependencies" in ${path}; see promptv status ${prompt}.`,
    };
  const unreadable = sources.unreadable.find((source) => source.path === path);
  return {
    id: 'PROMPT_INVALID',
    severity: 'error',
    message: `The prompt ${prompt} cannot be read: ${reason}`,
    fix: unreadable?.error.hint ?? `Correct ${path}; "promptv status ${prompt}" lists what is wrong.`,
  };
};

/** Every tag is read: one that is no version keeps its number taken, and someone should know. */
const checkTags = async ({ versions }: Survey, { onProgress }: DoctorRequest): Promise<Diagnosis[]> => {
  const refs = (await Promise.all(versions.names().map((name) => versions.refsOf(name)))).flat();
  const findings: Diagnosis[] = [];
  for (const [index, ref] of refs.entries()) {
    if (index % 200 === 0) onProgress?.({ stage: 'tags', done: index, total: refs.length });
    const loaded = await versions.load(ref);
    if (!isVersion(loaded)) findings.push(invalidTag(ref, loaded.invalid));
  }
  return findings;
};

const invalidTag = ({ tag, version, name }: VersionRef, reason: string): Diagnosis => ({
  id: 'TAG_INVALID',
  severity: 'error',
  message: `The tag ${tag} is not a version (${reason}); the number ${version} of ${name} stays taken.`,
  fix: `Look at it with "git show ${tag}"; "git tag -d ${tag}" removes it here if nobody needs it.`,
});

/**
 * Prompts with versions and without a file: renamed if `rename` says so or a new file holds the same text, else deleted.
 * One whose numbers have gone on under another name is where it should be.
 */
const checkGone = async (workspace: Workspace, { versions, sources }: Survey): Promise<Diagnosis[]> => {
  const present = new Set(sources.names);
  const renames = await readRenames(workspace, versions, [...sources.prompts.values()]);
  const newNames = new Map([...renames].map(([to, from]) => [from, to]));
  const saved = (await Promise.all(versions.names().map((name) => versions.versionsOf(name)))).flat();
  const continued = new Set(saved.map(({ record }) => record.renamedFrom));
  const gone = versions.names().filter((name) => !present.has(name) && !continued.has(name));
  const latest = await Promise.all(gone.map((name) => versions.highest(name, { stable: false })));
  const byBlob = new Map([...sources.prompts.values()].map((source) => [source.blob, source.name]));
  return latest.flatMap((version) => {
    if (!version) return [];
    const renamedTo = newNames.get(version.name);
    return [renamedTo ? renamedFinding(version, renamedTo) : goneFinding(version, byBlob.get(version.blob))];
  });
};

const renamedFinding = ({ name, version }: Version, newName: string): Diagnosis => ({
  id: 'PROMPT_RENAMED',
  severity: 'info',
  message: `${name} was renamed to ${newName} after ${version}; the next save of ${newName} continues its numbers.`,
  fix: `promptv save ${newName}`,
});

const goneFinding = ({ name, version }: Version, newName: string | undefined): Diagnosis =>
  newName === undefined
    ? {
        id: 'PROMPT_DELETED',
        severity: 'info',
        message: `The file of ${name} was deleted after ${version}; its versions stay.`,
        fix: `promptv restore ${name}@${version}`,
      }
    : {
        id: 'PROMPT_RENAMED',
        severity: 'warning',
        message: `${name} seems to have been renamed to ${newName} by hand after ${version}: ${newName} will start anew at 1.0.0.`,
        fix: `Move the file back and run: promptv rename ${name} ${newName}`,
      };
