/**
 * Rows by the 64-bit hash of their day and id: open addressing, at most three quarters full. `isSame` confirms that two rows with
 * one hash have one id; `hashes` holds two numbers a row. A slot has the row, from 1, and the first half of its hash beside it:
 * looking for the hash elsewhere would miss the processor's cache at every other row that is met.
 */
export class IdTable {
  readonly #isSame: (row: number, other: number) => boolean;
  #slots: Int32Array;
  #count = 0;

  constructor(expectedRows: number, isSame: (row: number, other: number) => boolean) {
    this.#isSame = isSame;
    this.#slots = new Int32Array(2 * 2 ** Math.ceil(Math.log2(1.34 * Math.max(64, expectedRows))));
  }

  /** The first row with the id of `row`, or -1 after noting `row` as that. */
  findOrAdd(row: number, hashes: Int32Array): number {
    const slot = this.#search(row, hashes);
    const other = (this.#slots[slot] ?? 0) - 1;
    if (other >= 0) return other;
    this.#slots[slot] = row + 1;
    this.#slots[slot + 1] = hashes[2 * row] ?? 0;
    this.#count += 1;
    if (8 * this.#count > 3 * this.#slots.length) this.#grow();
    return -1;
  }

  /** As `findOrAdd`, but notes nothing. */
  find(row: number, hashes: Int32Array): number {
    return (this.#slots[this.#search(row, hashes)] ?? 0) - 1;
  }

  /** The slot that holds the row with the id, or the free one where it belongs. */
  #search(row: number, hashes: Int32Array): number {
    const slots = this.#slots;
    const first = hashes[2 * row] ?? 0;
    const second = hashes[2 * row + 1] ?? 0;
    const mask = slots.length - 1;
    for (let slot = (2 * first) & mask; ; slot = (slot + 2) & mask) {
      const other = (slots[slot] ?? 0) - 1;
      if (other < 0) return slot;
      if (slots[slot + 1] === first && hashes[2 * other + 1] === second && this.#isSame(row, other))
        return slot;
    }
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let at = 0; at < this.#slots.length; at += 2) {
      const row = this.#slots[at] ?? 0;
      if (row === 0) continue;
      const first = this.#slots[at + 1] ?? 0;
      let slot = (2 * first) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = row;
      slots[slot + 1] = first;
    }
    this.#slots = slots;
  }
}
