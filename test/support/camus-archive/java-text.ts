/** How Java prints a double (the shortest digits that give it back; `1.0E10` from 10^7 on and below 10^-3). */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/;
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/g;
const SHORT: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A JSON string as Java Avro's encoder writes it: upper case escapes, and two of them above U+FFFF. */
export function javaQuoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? `"${text.replace(ESCAPED, escapeUnit)}"` : `"${text}"`;
}

function escapeUnit(unit: string): string {
  return SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => javaQuoted(String.fromCharCode(byte)).slice(1, -1));

/** Bytes and fixed: a string of the characters U+0000 to U+00FF. */
export function javaBytes(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) text += BYTES[byte];
  return `${text}"`;
}
