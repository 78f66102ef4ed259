/**
 * Tokens of context by the beginning of a model's name, as the makers publish them; the longest beginning counts. A
 * beginning ends where a part of the name does: `gpt-4.5` is no `gpt-4`.
 */
const contextTokens: Readonly<Record<string, number>> = {
  'gpt-3.5-turbo': 16_385,
  'gpt-3.5-turbo-instruct': 4_096,
  'gpt-4': 8_192,
  'gpt-4-32k': 32_768,
  'gpt-4-1106': 128_000,
  'gpt-4-0125': 128_000,
  'gpt-4-vision': 128_000,
  'gpt-4-turbo': 128_000,
  'gpt-4o': 128_000,
  'gpt-4.1': 1_047_576,
  'gpt-4.5': 128_000,
  o1: 200_000,
  'o1-mini': 128_000,
  'o1-preview': 128_000,
  o3: 200_000,
  'o4-mini': 200_000,
  'claude-2': 100_000,
  'claude-2.1': 200_000,
  'claude-3': 200_000,
  'claude-3.5': 200_000,
  'claude-3.7': 200_000,
  'gemini-1.5-flash': 1_048_576,
  'gemini-1.5-pro': 2_097_152,
  'gemini-2.0-flash': 1_048_576,
  'gemini-2.5': 1_048_576,
  'llama-3.1': 128_000,
  'mistral-large': 128_000,
  'deepseek-r1': 128_000,
  'phi-4': 16_384,
  'phi-4-mini': 128_000,
  'phi-4-multimodal': 128_000,
};

/** The context of a model in tokens: the user's own table first, exactly, then the built-in one; null if unknown. */
export const contextOfModel = (model: string, own: Readonly<Record<string, number>>): number | null => {
  if (Object.hasOwn(own, model)) return own[model] ?? null;
  // GitHub Models and routers write the maker first: `openai/gpt-4o`.
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const [longest] = Object.keys(contextTokens)
    .filter((start) => `${name}-`.startsWith(`${start}-`))
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? null : (contextTokens[longest] ?? null);
};
