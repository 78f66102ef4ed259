/** Whether a branch matches a glob: `*` and `?` stay within a path segment, `**` crosses them. */
export const matchesBranchGlob = (glob: string, branch: string): boolean => {
  // Reachable lengths of the branch after each token, instead of a regular expression that could backtrack for ever.
  let ends = new Set([0]);
  for (const token of glob.match(/\*\*|\*|[^*]/gsu) ?? []) ends = advance(ends, token, branch);
  return ends.has(branch.length);
};

/** The glob that names the branch most closely: itself, then most literal characters, then fewest wildcards. */
export const closestGlob = (globs: readonly string[], branch: string): string | null => {
  if (globs.includes(branch)) return branch;
  const matching = globs.filter((glob) => matchesBranchGlob(glob, branch));
  const [closest] = matching.sort((a, b) => literalLength(b) - literalLength(a) || a.length - b.length);
  return closest ?? null;
};

const literalLength = (glob: string): number => glob.replace(/[*?]/g, '').length;

const advance = (starts: ReadonlySet<number>, token: string, branch: string): Set<number> => {
  const ends = new Set<number>();
  for (const start of starts) for (const end of endsOf(token, branch, start)) ends.add(end);
  return ends;
};

const endsOf = (token: string, branch: string, start: number): number[] => {
  if (token === '?') return start < branch.length && branch[start] !== '/' ? [start + 1] : [];
  if (!token.startsWith('*')) return branch.startsWith(token, start) ? [start + token.length] : [];
  const slash = token === '*' ? branch.indexOf('/', start) : -1;
  const last = slash < 0 ? branch.length : slash;
  return Array.from({ length: last - start + 1 }, (_, step) => start + step);
};
