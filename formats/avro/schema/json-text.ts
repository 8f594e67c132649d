import { FormatError } from '../../format-error.ts';

/** A number as it is spelled, so that longs past 2^53 stay exact. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON with exact numbers, and objects as maps: `__proto__` is a key like any other. */
export type JsonValue = null | boolean | string | JsonNumber | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;

/** Deeper JSON than this is refused, so that no schema can exhaust the stack. */
const MAX_NESTING = 1000;

const SPACE_OR_COMMENT = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const LITERALS: ReadonlyArray<readonly [string, JsonValue]> = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * Reads one JSON value as Java's Schema.Parser does: comments are allowed, what follows the value is not looked at.
 * A key that comes twice keeps its last value.
 * @throws FormatError 'schema' for what is no JSON, 'limit' for more than 1,000 levels
 */
export function parseJsonText(text: string): JsonValue {
  return new JsonText(text).value(0);
}

class JsonText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonValue {
    if (depth > MAX_NESTING)
      throw new FormatError('limit', 'the schema is nested too deeply', { expected: `at most ${MAX_NESTING} levels` });
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    for (const [word, value] of LITERALS)
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    return new JsonNumber(this.#match(NUMBER, 'a JSON value'));
  }

  #object(depth: number): JsonObject {
    const entries: JsonObject = new Map();
    this.#at++;
    if (this.#accept('}')) return entries;
    do {
      this.#skipSpace();
      const key = this.#string();
      if (!this.#accept(':')) throw this.#unexpected(`':' after the key ${JSON.stringify(key)}`);
      entries.set(key, this.value(depth + 1));
    } while (this.#accept(','));
    if (!this.#accept('}')) throw this.#unexpected("',' or '}'");
    return entries;
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#at++;
    if (this.#accept(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.#accept(','));
    if (!this.#accept(']')) throw this.#unexpected("',' or ']'");
    return items;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    if (text[start] !== '"') throw this.#unexpected('a JSON string');
    let end = start + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    try {
      const value = JSON.parse(text.slice(start, end + 1)) as string;
      this.#at = end + 1;
      return value;
    } catch {
      throw this.#unexpected('a JSON string');
    }
  }

  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    SPACE_OR_COMMENT.lastIndex = this.#at;
    this.#at += SPACE_OR_COMMENT.exec(this.#text)?.[0].length ?? 0;
  }

  #match(pattern: RegExp, expected: string): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    if (match === undefined) throw this.#unexpected(expected);
    this.#at += match.length;
    return match;
  }

  #unexpected(expected: string): FormatError {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return new FormatError('schema', `the schema is not JSON: character ${this.#at}`, {
      expected,
      found: rest === '' ? 'the end of the text' : JSON.stringify(rest),
    });
  }
}
