import { parseUtcTime } from '../../core/metrics/record.ts';

const quote = 0x22;
const backslash = 0x5c;
const powersOfTen = Float64Array.from({ length: 16 }, (_, power) => Number(`1e${power}`));
/** 1 for a character that stands for itself inside a JSON string, and is one byte. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte <= 0x7e && byte !== quote && byte !== backslash ? 1 : 0,
);

export const isPlain = (byte: number): boolean => plain[byte] === 1;

/**
 * Reads JSON values at a position of a buffer. Each method returns the position after the value, or -1 for one that
 * is not of the simple form, and leaves what it read in a field.
 */
export class ByteReader {
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  number = 0;
  /** Epoch milliseconds. */
  time = 0;
  #dayStart = 0;
  #day0 = 0;
  #day4 = 0;
  #day7 = 0;

  /** A text of plain characters, from after its opening quote; the last one read ends one before the position. */
  takePlainText(start: number): number {
    let at = start;
    while (plain[this.bytes[at] ?? 0] === 1) at += 1;
    return this.bytes[at] === quote ? at + 1 : -1;
  }

  /** A text whose escapes are of one character. */
  skipText(start: number): number {
    for (let at = start; ; at += 1) {
      const byte = this.bytes[at] ?? 0;
      if (plain[byte] === 1) continue;
      if (byte === quote) return at + 1;
      if (byte !== backslash || !'"\\/bfnrt'.includes(String.fromCharCode(this.bytes[at + 1] ?? 0)))
        return -1;
      at += 1;
    }
  }

  /** A decimal of at most 15 digits divided by a power of ten is exactly what Number() gives. */
  takeNumber(start: number): number {
    const { bytes } = this;
    const isNegative = bytes[start] === 0x2d;
    const first = isNegative ? start + 1 : start;
    let digits = 0;
    let at = first;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      digits = digits * 10 + digit;
    }
    if (at === first || (bytes[first] === 0x30 && at > first + 1)) return -1;
    let fraction = 0;
    if (bytes[at] === 0x2e) {
      const point = at;
      for (at += 1; ; at += 1) {
        const digit = (bytes[at] ?? 0) - 0x30;
        if (digit < 0 || digit > 9) break;
        digits = digits * 10 + digit;
      }
      fraction = at - point - 1;
      if (fraction === 0) return -1;
    }
    if (((bytes[at] ?? 0) | 0x20) === 0x65 || at - first > 15) return this.#takeLongNumber(start);
    const value = fraction === 0 ? digits : digits / (powersOfTen[fraction] ?? 1);
    // Zero has one sign here: the smaller of -0 and 0 would depend on their order.
    this.number = isNegative && value !== 0 ? -value : value;
    return at;
  }

  #takeLongNumber(start: number): number {
    const text = this.bytes.toString('latin1', start, start + 64);
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?(?=[,} \t\r])/.exec(text);
    if (match === null) return -1;
    const value = Number(match[0]);
    this.number = value === 0 ? 0 : value;
    return Number.isFinite(value) ? start + match[0].length : -1;
  }

  /** `YYYY-MM-DDTHH:MM:SS[.mmm]Z`, from after its opening quote. */
  takeTime(at: number): number {
    const { bytes, view } = this;
    const isKnownDay =
      view.getInt32(at, true) === this.#day0 &&
      view.getInt32(at + 4, true) === this.#day4 &&
      view.getInt32(at + 7, true) === this.#day7;
    if (!isKnownDay && !this.#learnDay(at)) return -1;
    const hour = twoDigits(bytes, at + 11);
    const minute = twoDigits(bytes, at + 14);
    const second = twoDigits(bytes, at + 17);
    if (bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a) return -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
    let end = at + 19;
    let millis = 0;
    if (bytes[end] === 0x2e) {
      const high = twoDigits(bytes, end + 1);
      const low = (bytes[end + 3] ?? 0) - 0x30;
      if (high < 0 || low < 0 || low > 9) return -1;
      millis = 10 * high + low;
      end += 4;
    }
    if (bytes[end] !== 0x5a || bytes[end + 1] !== quote) return -1;
    this.time = this.#dayStart + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    return end + 2;
  }

  #learnDay(at: number): boolean {
    const text = this.bytes.toString('latin1', at, at + 11);
    const start = text.endsWith('T') ? parseUtcTime(`${text}00:00:00Z`) : null;
    if (start === null) return false;
    this.#dayStart = start;
    this.#day0 = this.view.getInt32(at, true);
    this.#day4 = this.view.getInt32(at + 4, true);
    this.#day7 = this.view.getInt32(at + 7, true);
    return true;
  }
}

const twoDigits = (bytes: Buffer, at: number): number => {
  const high = (bytes[at] ?? 0) - 0x30;
  const low = (bytes[at + 1] ?? 0) - 0x30;
  return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : 10 * high + low;
};

/** True when a buffer's bytes at a position are a stretch of another's; that holds neither NUL nor DEL. */
export const isSameStretch = (
  view: DataView,
  at: number,
  stretch: DataView,
  { from, length }: { from: number; length: number },
): boolean => {
  let index = 0;
  // Eight bytes of characters are never a NaN or a zero as a double, so that equal doubles are equal bytes.
  for (; index + 8 <= length; index += 8)
    if (view.getFloat64(at + index) !== stretch.getFloat64(from + index)) return false;
  if (index === length) return true;
  if (length >= 8) return view.getFloat64(at + length - 8) === stretch.getFloat64(from + length - 8);
  if (length >= 4)
    return (
      view.getInt32(at) === stretch.getInt32(from) &&
      view.getInt32(at + length - 4) === stretch.getInt32(from + length - 4)
    );
  for (; index < length; index += 1)
    if (view.getUint8(at + index) !== stretch.getUint8(from + index)) return false;
  return true;
};
