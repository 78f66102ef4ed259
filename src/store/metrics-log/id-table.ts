/** Rows by the 64-bit hash of their day and id: open addressing, at most half full. */
export class IdTable {
  #slots: Int32Array;
  #count = 0;

  constructor(expectedRows: number) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * Math.max(64, expectedRows))));
  }

  /**
   * The first row with the hashes of `row` that `isSame` confirms, or -1 after noting `row` under them. `hashes` holds
   * two numbers a row.
   */
  findOrAdd(row: number, hashes: Int32Array, isSame: (other: number) => boolean): number {
    const slot = this.#search(row, hashes, isSame);
    const other = (this.#slots[slot] ?? 0) - 1;
    if (other >= 0) return other;
    this.#slots[slot] = row + 1;
    this.#count += 1;
    if (2 * this.#count > this.#slots.length) this.#grow(hashes);
    return -1;
  }

  /** As `findOrAdd`, but notes nothing. */
  find(row: number, hashes: Int32Array, isSame: (other: number) => boolean): number {
    return (this.#slots[this.#search(row, hashes, isSame)] ?? 0) - 1;
  }

  /** The slot that holds the row, or the free one where it belongs. */
  #search(row: number, hashes: Int32Array, isSame: (other: number) => boolean): number {
    const first = hashes[2 * row] ?? 0;
    const second = hashes[2 * row + 1] ?? 0;
    const mask = this.#slots.length - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const other = (this.#slots[slot] ?? 0) - 1;
      if (other < 0) return slot;
      if (hashes[2 * other] === first && hashes[2 * other + 1] === second && isSame(other)) return slot;
    }
  }

  #grow(hashes: Int32Array): void {
    const rows = this.#slots.filter((row) => row > 0);
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (const row of rows.sort()) {
      let slot = (hashes[2 * (row - 1)] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row;
    }
  }
}
