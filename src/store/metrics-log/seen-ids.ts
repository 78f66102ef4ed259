import { findRepeatedRows } from './repeated-rows.ts';
import type { TextBytes } from './text-hash.ts';

/** The ids of a scan, each in its UTC day: equal hashes are confirmed by comparing day and bytes. */
export class SeenIds {
  #view: DataView;
  #capacity: number;
  /** Where the id of each row ends; it begins where that of the row before ends. */
  #ends: Float64Array;
  #days: Int32Array;

  constructor(expectedRows: number) {
    this.#capacity = 24 * expectedRows + 64;
    this.#view = new DataView(new ArrayBuffer(this.#capacity));
    this.#ends = new Float64Array(expectedRows + 2);
    this.#days = new Int32Array(expectedRows + 2);
  }

  /** Notes the id of the next row, and its hash in `hashes`. */
  add(row: number, hashes: Int32Array, day: number, id: TextBytes): void {
    this.#reserve(row, id.end - id.start);
    this.#days[row] = day;
    const length = id.end - id.start;
    const from = this.#ends[row] ?? 0;
    const view = this.#view;
    let first = day;
    let second = length;
    for (let index = 0; index < length; index += 4) {
      const word = id.view.getInt32(id.start + index, true);
      view.setInt32(from + index, word, true);
      const used = index + 4 <= length ? word : word & ((1 << (8 * (length - index))) - 1);
      first = Math.imul(first ^ used, 0x9e3779b1);
      first ^= first >>> 15;
      second = Math.imul(((second << 13) | (second >>> 19)) ^ used, 0x85ebca6b);
    }
    hashes[2 * row] = first ^ (second >>> 16);
    hashes[2 * row + 1] = second | 1;
    this.#ends[row + 1] = from + length;
  }

  /** The rows whose id an earlier row of the day has, ascending. */
  findRepeated(hashes: Int32Array): Uint32Array {
    return findRepeatedRows(hashes, (row, other) => this.#isSame(row, other));
  }

  /** Notes that the next row has no id. */
  skip(row: number): void {
    this.#reserve(row, 0);
    this.#ends[row + 1] = this.#ends[row] ?? 0;
  }

  #isSame(row: number, other: number): boolean {
    const from = this.#ends[row] ?? 0;
    const length = (this.#ends[row + 1] ?? 0) - from;
    const start = this.#ends[other] ?? 0;
    if (this.#days[row] !== this.#days[other] || (this.#ends[other + 1] ?? 0) - start !== length)
      return false;
    for (let index = 0; index < length; index += 1)
      if (this.#view.getUint8(from + index) !== this.#view.getUint8(start + index)) return false;
    return true;
  }

  #reserve(row: number, length: number): void {
    if (row + 2 > this.#ends.length) {
      const ends = new Float64Array(2 * this.#ends.length);
      ends.set(this.#ends);
      this.#ends = ends;
      const days = new Int32Array(2 * this.#days.length);
      days.set(this.#days);
      this.#days = days;
    }
    const needed = (this.#ends[row] ?? 0) + length + 8;
    if (needed <= this.#capacity) return;
    this.#capacity = 2 * needed;
    const larger = new Uint8Array(this.#capacity);
    larger.set(new Uint8Array(this.#view.buffer));
    this.#view = new DataView(larger.buffer);
  }
}
