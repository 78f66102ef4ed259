/** Distinct 64-bit hashes, given as two halves of which the second is not 0. Open addressing, at most half full. */
export class UnitSet {
  #slots = new Int32Array(2 * 1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(first: number, second: number): void {
    if (!insert(this.#slots, first, second)) return;
    this.#size += 1;
    if (4 * this.#size > this.#slots.length) this.#grow();
  }

  #grow(): void {
    const wider = new Int32Array(4 * this.#slots.length);
    for (let at = 0; at < this.#slots.length; at += 2)
      if (this.#slots[at + 1]) insert(wider, this.#slots[at] ?? 0, this.#slots[at + 1] ?? 0);
    this.#slots = wider;
  }
}

/** Whether it was not there. */
const insert = (slots: Int32Array, first: number, second: number): boolean => {
  const mask = slots.length / 2 - 1;
  for (let slot = first & mask; ; slot = (slot + 1) & mask) {
    const known = slots[2 * slot + 1];
    if (known === second && slots[2 * slot] === first) return false;
    if (known !== 0) continue;
    slots[2 * slot] = first;
    slots[2 * slot + 1] = second;
    return true;
  }
};
