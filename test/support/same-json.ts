/**
 * Whether two JSON texts are the same to the letter, but for the spelling of floating-point numbers: 1.0E21 is 1e+21,
 * and 1.17549435E-38 is the float that 1.1754944E-38 is. Integers are compared as they stand, since they may exceed
 * what a double holds.
 */
export function sameJson(a: string, b: string): boolean {
  return a === b || canonical(a, Number) === canonical(b, Number) || canonical(a, float) === canonical(b, float);
}

function float(token: string): number {
  return Math.fround(Number(token));
}

function canonical(json: string, value: (token: string) => number): string {
  // Strings first, so that no digit inside of one is taken for a number.
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^"|^-?\d+$/.test(token) ? token : String(value(token)),
  );
}
