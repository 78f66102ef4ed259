/** Shorter values would mask parts of ordinary words. */
const leastLength = 6;

/** A function that replaces secrets in a text by `***`: as they are, and as they stand in a URL or in JSON. */
export const createMask = (secrets: readonly string[]): ((text: string) => string) => {
  const spellings = secrets
    .filter(({ length }) => length >= leastLength)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  return (text) => spellings.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
};
