/** A JSON object, as text and parsed. */
export interface JsonObject {
  text: string;
  value: unknown;
}

/** Leaves out a byte order mark, as Camus's parser of JSON does. */
const decoder = new TextDecoder('utf-8');

/** A JSON object; undefined for any other value. */
export function jsonObject(bytes: Uint8Array): JsonObject | undefined {
  const text = decoder.decode(bytes);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { text, value } : undefined;
  } catch {
    return undefined; // the caller says what was there
  }
}

/** What is wrong with a value or key that is no JSON object. */
export function unlikeObject(what: string, bytes: Uint8Array): string {
  return `expected a JSON object as ${what}, found ${JSON.stringify(decoder.decode(bytes.subarray(0, 60)))}`;
}
