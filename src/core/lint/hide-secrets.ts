/** Shorter parts of a secret, such as the name of a protocol, are words as others are. */
const secretPart = /[A-Za-z0-9_+/=.-]{8,}/g;

/** A function that takes secrets out of messages that quote the text they stand in, also where a quotation ends inside. */
export const createSecretHider = (secrets: readonly string[]): ((message: string) => string) => {
  const parts = secrets
    .flatMap((secret) => [secret, ...(secret.match(secretPart) ?? [])])
    .sort((a, b) => b.length - a.length);
  return (message) => parts.reduce(hidePart, message);
};

const hidePart = (message: string, part: string): string => {
  const whole = message.replaceAll(part, '***');
  const end = whole.indexOf('…');
  if (end < 0) return whole;
  const quoted = whole.slice(0, end);
  for (let length = Math.min(part.length, end); length >= 4; length--)
    if (quoted.endsWith(part.slice(0, length))) return `${quoted.slice(0, -length)}***${whole.slice(end)}`;
  return whole;
};
