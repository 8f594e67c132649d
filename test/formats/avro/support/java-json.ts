const STRING_OR_FLOAT = /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+(?:E-?[0-9]+)?|E-?[0-9]+)/g;

/**
 * The line that Java wrote, with the floats and doubles of `found` where both spell the same number: Java until 18
 * gives some more digits than they need. Everything else stays byte for byte.
 */
export function respelled(java: string, found: string): string {
  const others = found.match(STRING_OR_FLOAT) ?? [];
  let at = 0;
  return java.replace(STRING_OR_FLOAT, (token) => {
    const other = others[at++];
    return other !== undefined && !token.startsWith('"') && sameNumber(token, other) ? other : token;
  });
}

function sameNumber(a: string, b: string): boolean {
  if (Number(a) === Number(b)) return true;
  const areFloats = digits(a) <= 9 && digits(b) <= 9;
  return areFloats && Math.fround(Number(a)) === Math.fround(Number(b));
}

function digits(number: string): number {
  return number.replace(/E.*|[-.]/g, '').length;
}
