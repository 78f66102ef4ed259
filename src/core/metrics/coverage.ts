import type { LineProblem, LogCoverage } from './source.ts';

/** How many lines of a segment are named; more are only counted. */
export const maxProblems = 100;

const byPlace = (a: LineProblem, b: LineProblem): number =>
  a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : a.line - b.line;

/** What was read in all, where the parts have no record in common; `segments` is not added up. */
export const addCoverages = (segments: number, coverages: readonly LogCoverage[]): LogCoverage => {
  const sum = (count: (coverage: LogCoverage) => number): number =>
    coverages.reduce((total, coverage) => total + count(coverage), 0);
  const named = new Map<string, number>();
  const problems = coverages
    .flatMap((coverage) => coverage.problems)
    .sort(byPlace)
    .filter(({ segment }) => {
      const count = (named.get(segment) ?? 0) + 1;
      named.set(segment, count);
      return count <= maxProblems;
    });
  return {
    segments,
    records: sum(({ records }) => records),
    duplicates: sum(({ duplicates }) => duplicates),
    skipped: sum(({ skipped }) => skipped),
    problems,
  };
};
