export type Mark = 'deprecated' | 'archived';

/** What is known of a version where its status is derived. */
export interface VersionFacts {
  readonly mark: Mark | null;
  /** Environments, in configured order, where it runs now. */
  readonly environments: readonly string[];
  /** Whether the last environment ran it before. */
  readonly wasInProduction: boolean;
  /** Whether a running rollout or experiment tries it. */
  readonly isCandidate: boolean;
}

/** Derived, never stored, in this order of precedence. */
export const versionStatus = (
  facts: VersionFacts,
  production: string | null,
): 'archived' | 'deprecated' | 'production' | 'testing' | 'superseded' | 'draft' => {
  if (facts.mark !== null) return facts.mark;
  if (production !== null && facts.environments.includes(production)) return 'production';
  if (facts.environments.length > 0 || facts.isCandidate) return 'testing';
  return facts.wasInProduction ? 'superseded' : 'draft';
};
