import { isSafeNumber, parse } from 'lossless-json';

/** Of all numbers only integers of so many digits may be ones that a JavaScript number can't hold. */
const MANY_DIGITS = /\d{16}/;

/** What JSON says, with integers beyond 2^53 as BigInts. @throws SyntaxError */
export function exactJson(json: string): unknown {
  return MANY_DIGITS.test(json) ? parse(json, undefined, exactNumber) : (JSON.parse(json) as unknown);
}

function exactNumber(digits: string): unknown {
  return isSafeNumber(digits) || !/^-?\d+$/.test(digits) ? Number(digits) : BigInt(digits);
}
