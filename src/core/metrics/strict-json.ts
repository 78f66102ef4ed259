type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/** Parses JSON and refuses an object that has one key twice, which JSON.parse lets pass. */
export const parseStrictJson = (text: string): StrictJson => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  if (countWrittenKeys(text) > countKeys(value)) return { ok: false, reason: 'a key stands twice' };
  return { ok: true, value };
};

/** Colons outside of strings: in valid JSON, one for each key as written. */
const countWrittenKeys = (text: string): number => {
  let count = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at += 1;
    else if (char === 0x22) inString = !inString;
    else if (char === 0x3a && !inString) count += 1;
  }
  return count;
};

/** Keys of all objects; walks a list of its own, because nesting can be deeper than the stack. */
const countKeys = (value: unknown): number => {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner = Object.values(next);
    if (!Array.isArray(next)) count += inner.length;
    for (const child of inner) open.push(child);
  }
  return count;
};
