/** A text as one word of a POSIX shell: a branch may be called `a;reboot` or `$(id)`, and commands are pasted. */
export const quoteShellWord = (word: string): string =>
  /^[\w@%+=:,./^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
