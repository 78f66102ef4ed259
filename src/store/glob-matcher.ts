interface Globs {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * A test for paths relative to the prompts directory, with `/`: no part of it is hidden or node_modules, some `include`
 * matches it (without any: all do) and no `exclude`. The same for files on disk, in the index and in a commit.
 */
export const createGlobMatcher = async ({
  include = [],
  exclude = [],
}: Globs): Promise<(below: string) => boolean> => {
  if (include.length === 0 && exclude.length === 0) return isVisible;
  // Patterns are rare: without them its loading is spared.
  const { default: picomatch } = await import('picomatch');
  const isMatch = picomatch(include.length === 0 ? ['**'] : [...include], { ignore: [...exclude] });
  return (below) => isVisible(below) && isMatch(below);
};

const isVisible = (below: string): boolean => !/(?:^|\/)(?:\.|node_modules\/)/.test(below);
