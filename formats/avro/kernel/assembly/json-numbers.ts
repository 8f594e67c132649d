import { hasRoom, Output, putByte } from './output';

/** The host's way to a number in the fewest digits, for those that are no short decimals: bytes that it wrote at `at`. */
declare function putDoubleText(value: f64, at: i32): i32;
declare function putFloatText(value: f32, at: i32): i32;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const EXPONENT = 0x45;
/** More than any number takes. */
const LONGEST = 40;
/** The two digits of each number below 100. */
const PAIRS: i32 = <i32>memory.data(200);
for (let i = 0; i < 100; i++) {
  store<u8>(PAIRS + 2 * i, ZERO + i / 10);
  store<u8>(PAIRS + 2 * i + 1, ZERO + (i % 10));
}

export function putLong(value: i64): void {
  if (!hasRoom(LONGEST)) return;
  if (value < 0) putByte(MINUS);
  putDigits(value < 0 ? <u64>-value : <u64>value);
}

/** Most doubles are short decimals, or whole: see short-decimal.ts, of which this is the same. */
export function putDouble(value: f64): void {
  if (!hasRoom(LONGEST)) return;
  const size = abs(value);
  if (size < 1e7) {
    const scaled = floor(size * 1e8 + 0.5);
    if (scaled / 1e8 === size && (size >= 1e-3 || size === 0)) {
      const whole = floor(size);
      return putDecimal(reinterpret<i64>(value) < 0, <u32>whole, <u32>(scaled - whole * 1e8));
    }
  } else if (size < 1e15 && floor(size) === size) return putLargeInteger(value < 0, <u64>size);
  Output.at += putDoubleText(value, Output.at);
}

export function putFloat(value: f32): void {
  if (!hasRoom(LONGEST)) return;
  const size = <f64>abs(value);
  if (size < 1e6 && (size >= 1e-3 || size === 0)) {
    const scale: f64 =
      size < 100 ? (size < 10 ? 1e5 : 1e4) : size < 1e4 ? (size < 1e3 ? 1e3 : 1e2) : size < 1e5 ? 10 : 1;
    const scaled = floor(size * scale + 0.5);
    if (<f32>(scaled / scale) === <f32>size) {
      const whole = floor(scaled / scale);
      return putDecimal(reinterpret<i32>(value) < 0, <u32>whole, <u32>((scaled - whole * scale) * (1e8 / scale)));
    }
  }
  Output.at += putFloatText(value, Output.at);
}

/** `fraction`: in units of 10^-8. */
function putDecimal(negative: bool, whole: u32, fraction: u32): void {
  if (negative) putByte(MINUS);
  putPadded(whole, digitsOf(whole));
  putByte(POINT);
  let rest = fraction;
  let count = 8;
  if (rest % 10_000 === 0) {
    rest /= 10_000;
    count = 4;
  }
  if (rest % 100 === 0) {
    rest /= 100;
    count -= 2;
  }
  if (rest % 10 === 0) {
    rest /= 10;
    count -= 1;
  }
  putPadded(rest, count);
}

/** From 10^7 on: one digit, a point, the digits that follow without zeros at their end, the exponent. */
function putLargeInteger(negative: bool, size: u64): void {
  if (negative) putByte(MINUS);
  const first = Output.at++;
  putDigits(size);
  const exponent = Output.at - first - 2;
  store<u8>(first, load<u8>(first + 1));
  store<u8>(first + 1, POINT);
  while (load<u8>(Output.at - 1) === ZERO && Output.at > first + 3) Output.at--;
  putByte(EXPONENT);
  putPadded(exponent, digitsOf(exponent));
}

function putDigits(value: u64): void {
  if (value <= u32.MAX_VALUE) return putPadded(<u32>value, digitsOf(<u32>value));
  const above = value / 100_000_000;
  putDigits(above);
  putPadded(<u32>(value - above * 100_000_000), 8);
}

/** A number below 10^count in so many digits. */
function putPadded(value: u32, count: i32): void {
  const start = Output.at;
  let rest = value;
  let at = start + count;
  while (at >= start + 2) {
    const above = rest / 100;
    at -= 2;
    store<u16>(at, load<u16>(PAIRS + <i32>(rest - above * 100) * 2));
    rest = above;
  }
  if (at > start) store<u8>(start, ZERO + rest);
  Output.at = start + count;
}

function digitsOf(value: u32): i32 {
  if (value < 100_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : value < 10_000 ? 4 : 5;
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7;
  return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;
}
