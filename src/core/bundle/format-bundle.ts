import { createHash } from 'node:crypto';
import { canonicalJson, orderDocument } from '../prompt/content-hash.ts';
import type { Bundle, BundleContent, BundledVersion } from './schema.ts';

/** The bundle of a content, with keys in order, so that the same content always has the same bytes. */
export const makeBundle = (content: BundleContent): Bundle => {
  const bundle = {
    format: 'promptv-bundle' as const,
    schemaVersion: 1 as const,
    commit: content.commit,
    environments: sorted(content.environments, (prompts) => sorted(prompts, (pointer) => pointer)),
    ...(Object.keys(content.experiments ?? {}).length > 0
      ? { experiments: sorted(content.experiments ?? {}, (prompts) => sorted(prompts, (one) => one)) }
      : {}),
    ...(Object.keys(content.rollouts ?? {}).length > 0
      ? { rollouts: sorted(content.rollouts ?? {}, (prompts) => sorted(prompts, (one) => one)) }
      : {}),
    prompts: sorted(content.prompts, (versions) => sorted(versions, orderVersion)),
  };
  return { ...bundle, integrity: bundleIntegrity(bundle) };
};

/** The file's text: two-space JSON with a final newline. */
export const formatBundle = (bundle: Bundle): string => `${JSON.stringify(bundle, null, 2)}\n`;

/**
 * The digest of everything but the digest: `sha256:` and 64 hex digits over canonical JSON. The order inside
 * `jsonSchema` and its kin does not count here; the content hashes tell it.
 */
export const bundleIntegrity = ({ integrity: _, ...content }: object & { integrity?: unknown }): string =>
  `sha256:${createHash('sha256').update(canonicalJson(content), 'utf8').digest('hex')}`;

const orderVersion = ({ contentHash, document, pins }: BundledVersion): BundledVersion => ({
  contentHash,
  document: orderDocument(document),
  pins: pins.map((pin) => ({ name: pin.name, version: pin.version, contentHash: pin.contentHash })),
});

/** A copy with its keys sorted by code unit; without a prototype, so that every key is only a key. */
const sorted = <From, To>(
  mapping: Readonly<Record<string, From>>,
  change: (member: From) => To,
): Record<string, To> => {
  const copy: Record<string, To> = Object.create(null);
  for (const key of Object.keys(mapping).sort()) {
    const member = mapping[key];
    if (member !== undefined) copy[key] = change(member);
  }
  return copy;
};
