import { checkVersion, versionOf } from './find-prompt.ts';
import { bundleIntegrity } from './format-bundle.ts';
import type { Bundle } from './schema.ts';

/** Something in a bundle that is not what it should be. What it is not about is null. */
export interface BundleFinding {
  readonly id:
    | 'INTEGRITY'
    | 'CONTENT'
    | 'POINTER'
    | 'VARIANT'
    | 'CANDIDATE'
    | 'PIN'
    | 'COMMIT_MISSING'
    | 'VERSION_MISSING'
    | 'VERSION_CHANGED'
    | 'ENVIRONMENT_CHANGED'
    | 'EXPERIMENT_CHANGED';
  readonly environment: string | null;
  readonly prompt: string | null;
  readonly version: string | null;
  readonly message: string;
}

/** Everything wrong with a bundle that it tells itself: its digest, its hashes, pointers and pins to what is not there. */
export const checkBundle = (bundle: Bundle): BundleFinding[] => [
  ...integrityFindings(bundle),
  ...versionFindings(bundle),
  ...pointerFindings(bundle),
  ...variantFindings(bundle),
  ...candidateFindings(bundle),
];

const integrityFindings = (bundle: Bundle): BundleFinding[] =>
  bundleIntegrity(bundle) === bundle.integrity
    ? []
    : [
        {
          ...{ id: 'INTEGRITY', environment: null, prompt: null, version: null },
          message: 'the content does not have the digest under "integrity"',
        },
      ];

const versionFindings = (bundle: Bundle): BundleFinding[] =>
  Object.entries(bundle.prompts).flatMap(([prompt, versions]) =>
    Object.entries(versions).flatMap(([version, { contentHash }]): BundleFinding[] => {
      const checked = checkVersion(bundle, { name: prompt, version, contentHash });
      if (!('problem' in checked)) return [];
      return [{ id: 'CONTENT', environment: null, prompt, version, message: `the text ${checked.problem}` }];
    }),
  );

const pointerFindings = (bundle: Bundle): BundleFinding[] =>
  Object.entries(bundle.environments).flatMap(([environment, prompts]) =>
    Object.entries(prompts).flatMap(([prompt, { version, contentHash }]): BundleFinding[] => {
      const place = { environment, prompt, version };
      const entry = versionOf(bundle, { name: prompt, version });
      if (entry?.contentHash !== contentHash)
        return [{ ...place, id: 'POINTER', message: 'what it runs is not in the bundle' }];
      return entry.pins
        .filter((pin) => versionOf(bundle, pin)?.contentHash !== pin.contentHash)
        .map(({ name, version: pinned }) => ({
          ...place,
          id: 'PIN',
          message: `its partial ${name}@${pinned} is not in the bundle`,
        }));
    }),
  );

const candidateFindings = (bundle: Bundle): BundleFinding[] =>
  Object.entries(bundle.rollouts ?? {}).flatMap(([environment, prompts]) =>
    Object.entries(prompts)
      .filter(
        ([name, { candidate }]) =>
          versionOf(bundle, { name, version: candidate.version })?.contentHash !== candidate.contentHash,
      )
      .map(
        ([prompt, { id, candidate }]): BundleFinding => ({
          ...{ id: 'CANDIDATE', environment, prompt, version: candidate.version },
          message: `the candidate of ${id} is not in the bundle`,
        }),
      ),
  );

const variantFindings = (bundle: Bundle): BundleFinding[] =>
  Object.entries(bundle.experiments ?? {}).flatMap(([environment, prompts]) =>
    Object.entries(prompts).flatMap(([prompt, { id, variants }]) =>
      variants
        .filter(
          ({ version, contentHash }) =>
            versionOf(bundle, { name: prompt, version })?.contentHash !== contentHash,
        )
        .map(
          ({ name, version }): BundleFinding => ({
            ...{ id: 'VARIANT', environment, prompt, version },
            message: `the variant ${name} of ${id} is not in the bundle`,
          }),
        ),
    ),
  );
