/**
 * Rows by the 64-bit hash of their day and id: open addressing, at most three quarters full. `isSame` confirms that two rows with
 * one hash have one id; `hashes` holds two numbers a row.
 */
export class IdTable {
  readonly #isSame: (row: number, other: number) => boolean;
  #slots: Int32Array;
  #count = 0;

  constructor(expectedRows: number, isSame: (row: number, other: number) => boolean) {
    this.#isSame = isSame;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(1.34 * Math.max(64, expectedRows))));
  }

  /** The first row with the id of `row`, or -1 after noting `row` as that. */
  findOrAdd(row: number, hashes: Int32Array): number {
    const slot = this.#search(row, hashes);
    const other = (this.#slots[slot] ?? 0) - 1;
    if (other >= 0) return other;
    this.#slots[slot] = row + 1;
    this.#count += 1;
    if (4 * this.#count > 3 * this.#slots.length) this.#grow(hashes);
    return -1;
  }

  /** As `findOrAdd`, but notes nothing. */
  find(row: number, hashes: Int32Array): number {
    return (this.#slots[this.#search(row, hashes)] ?? 0) - 1;
  }

  /** The slot that holds the row with the id, or the free one where it belongs. */
  #search(row: number, hashes: Int32Array): number {
    const first = hashes[2 * row] ?? 0;
    const second = hashes[2 * row + 1] ?? 0;
    const mask = this.#slots.length - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const other = (this.#slots[slot] ?? 0) - 1;
      if (other < 0) return slot;
      if (hashes[2 * other] === first && hashes[2 * other + 1] === second && this.#isSame(row, other))
        return slot;
    }
  }

  #grow(hashes: Int32Array): void {
    const rows = this.#slots.filter((row) => row > 0);
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (const row of rows) {
      let slot = (hashes[2 * (row - 1)] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row;
    }
  }
}
