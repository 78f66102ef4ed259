import { isSameStretch } from './byte-reader.ts';

const guesses = 1024;
/** Texts longer than this in words of four bytes are told apart by their beginnings. */
const maxWords = 16;
const quote = 0x22;

/** Texts numbered from 1 in the order they are first met, found by their bytes without making strings. */
export class ByteDictionary {
  readonly texts: string[] = [];
  /** Length of the last text that `guess` found, in bytes. */
  guessedLength = 0;
  readonly #codes = new Map<string, number>();
  /** The texts, each with a closing quote, that may be guessed. */
  #bytes = new DataView(new ArrayBuffer(4096));
  readonly #starts: number[] = [0];
  /** A code by the bytes from where a text begins, as many as the longest text has. */
  readonly #guesses = new Int32Array(guesses);
  #words = 1;

  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.push(text);
    this.#codes.set(text, code);
    this.#keepBytes(Buffer.from(`${text}"`));
    return code;
  }

  /** The code of the text that begins at `at` and ends with a quote, if it is the one met last in such surroundings; else 0. */
  guess(view: DataView, at: number): number {
    const code = this.#guesses[guessSlot(view, at, this.#words)] ?? 0;
    if (code === 0) return 0;
    const from = this.#starts[code - 1] ?? 0;
    const length = (this.#starts[code] ?? 0) - from;
    if (!isSameStretch(view, at, this.#bytes, { from, length })) return 0;
    this.guessedLength = length - 1;
    return code;
  }

  /** Looks the plain text between two positions up, and guesses it next time. */
  intern(bytes: Buffer, view: DataView, { start, end }: { start: number; end: number }): number {
    const code = this.code(bytes.toString('latin1', start, end));
    if (view.getUint8(end) === quote) this.#guesses[guessSlot(view, start, this.#words)] = code;
    return code;
  }

  #keepBytes(text: Buffer): void {
    this.#words = Math.min(maxWords, Math.max(this.#words, Math.ceil(text.length / 4)));
    const from = this.#starts.at(-1) ?? 0;
    if (from + text.length + 8 > this.#bytes.byteLength) {
      const larger = new Uint8Array(2 * (from + text.length + 8));
      larger.set(new Uint8Array(this.#bytes.buffer));
      this.#bytes = new DataView(larger.buffer);
    }
    new Uint8Array(this.#bytes.buffer).set(text, from);
    this.#starts.push(from + text.length);
  }
}

const guessSlot = (view: DataView, at: number, words: number): number => {
  let mixed = 0;
  for (let word = 0; word < words; word += 1)
    mixed = Math.imul(mixed ^ view.getInt32(at + 4 * word), 0x9e3779b1) ^ (mixed >>> 15);
  return (mixed ^ (mixed >>> 15)) & (guesses - 1);
};
