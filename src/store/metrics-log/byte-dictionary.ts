/** Texts numbered from 1 in the order they are first met, looked up by their UTF-8 bytes without making strings. */
export class ByteDictionary {
  readonly texts: string[] = [];
  #bytes = new Uint8Array(1024);
  #ends = [0];
  #hashes: number[] = [];
  #slots = new Int32Array(64);

  /** The code of the bytes from `start` to `end`, whose `hash` is a function of these bytes alone. */
  intern(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot] ?? 0;
      if (code === 0) return this.#add(bytes.subarray(start, end), hash);
      if (this.#hashes[code - 1] === hash && this.#isAt(code, bytes, start, end)) return code;
    }
  }

  #isAt(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#ends[code - 1] ?? 0;
    if ((this.#ends[code] ?? 0) - from !== end - start) return false;
    for (let index = end - start - 1; index >= 0; index -= 1)
      if (this.#bytes[from + index] !== bytes[start + index]) return false;
    return true;
  }

  #add(text: Uint8Array, hash: number): number {
    const from = this.#ends[this.texts.length] ?? 0;
    if (from + text.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (from + text.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(text, from);
    this.#ends.push(from + text.length);
    this.#hashes.push(hash);
    this.texts.push(Buffer.from(text).toString('utf8'));
    if (2 * this.texts.length > this.#slots.length) this.#rebuildSlots();
    else this.#place(this.texts.length);
    return this.texts.length;
  }

  #rebuildSlots(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let code = 1; code <= this.texts.length; code += 1) this.#place(code);
  }

  #place(code: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[code - 1] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = code;
  }
}

/** The hash that `intern` is called with. */
export const hashBytes = (bytes: Uint8Array): number => {
  let hash = 0;
  for (const byte of bytes) hash = hashByte(hash, byte);
  return hash;
};

export const hashByte = (hash: number, byte: number): number => {
  const mixed = Math.imul(hash ^ byte, 0x5bd1e995);
  return mixed ^ (mixed >>> 15);
};
