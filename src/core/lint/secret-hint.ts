/*
 * What any of the library's rules begins with or needs: a run of 16 characters as keys have them that is no plain
 * word, a password inside an address, an armoured key. Reading a text for these costs nothing; loading the library
 * costs as long as starting Node.
 */
const keyRun = /[A-Za-z0-9+/=_.~-]{16,}/g;
const plainRun = /^[a-z_./=~-]*$|^[A-Z_]*$|^[-=_.~/+]*$/;

/** Lower-case words and short numbers, each apart, as in `team-00/answer-0007` or a date; no key looks like this. */
const numberedName = /^(?:[a-z]+|[0-9]{1,6})(?:[-_./=~]+(?:[a-z]+|[0-9]{1,6}))*[-_./=~]*$/;

/** Whether a text may hold a secret at all; without this the rules need not be asked. */
export const mayHoldSecret = (text: string): boolean =>
  /:\/\/[^\s/@]{0,200}:[^\s@]{1,200}@|-----BEGIN|password\s*=/i.test(text) ||
  (text.match(keyRun) ?? []).some((run) => !plainRun.test(run) && !numberedName.test(run));
