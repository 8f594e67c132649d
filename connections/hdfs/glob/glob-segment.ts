import { badGlob } from './glob-alternatives.ts';

/** One segment of a pattern, ready to be matched against names. */
export interface GlobSegment {
  /** The one name that it stands for, where it holds no wildcard. */
  literal: string | undefined;
  matches(name: string): boolean;
}

type Test = (char: string) => boolean;
type Part = { kind: 'one'; test: Test; char?: string } | { kind: 'many' } | { kind: 'either'; branches: Part[][] };

/**
 * Parses a segment as Hadoop's `GlobPattern` does: `*` and `?` also match a dot at the beginning, `[^…]` and `[!…]`
 * mean any other character, groups nest. Matching takes time proportional to pattern and name, whatever the pattern.
 */
export function parseGlobSegment(text: string): GlobSegment {
  const parser = new SegmentParser(text);
  const parts = parser.sequence(0);
  if (!parser.sawWildcard) {
    const literal = parts.map((part) => (part.kind === 'one' ? part.char : '')).join('');
    return { literal, matches: (name) => name === literal };
  }
  const states: State[] = [{ to: [] }];
  const start = build(parts, 0, states);
  return { literal: undefined, matches: (name) => accepts(states, start, name) };
}

class SegmentParser {
  readonly #text: string;
  readonly #chars: readonly string[];
  #at = 0;
  sawWildcard = false;

  constructor(text: string) {
    this.#text = text;
    this.#chars = [...text];
  }

  /** Reads up to the end, or in a group up to its next `,` or `}`. */
  sequence(depth: number): Part[] {
    const parts: Part[] = [];
    for (; this.#at < this.#chars.length; this.#at++) {
      const char = this.#chars[this.#at]!;
      if (depth > 0 && (char === ',' || char === '}')) return parts;
      if (char === '\\') parts.push(literal(this.#escaped()));
      else if (char === '?') parts.push(this.#wildcard({ kind: 'one', test: () => true }));
      else if (char === '*') parts.push(this.#wildcard({ kind: 'many' }));
      else if (char === '[') parts.push(this.#wildcard({ kind: 'one', test: this.#set() }));
      else if (char === '{') parts.push(this.#wildcard({ kind: 'either', branches: this.#branches(depth + 1) }));
      else parts.push(literal(char));
    }
    if (depth > 0) throw badGlob(this.#text, 'a group { is not closed');
    return parts;
  }

  #wildcard(part: Part): Part {
    this.sawWildcard = true;
    return part;
  }

  #escaped(): string {
    const char = this.#chars[++this.#at];
    if (char === undefined) throw badGlob(this.#text, 'nothing follows its last \\');
    return char;
  }

  #branches(depth: number): Part[][] {
    const branches: Part[][] = [];
    do {
      this.#at++;
      branches.push(this.sequence(depth));
    } while (this.#chars[this.#at] === ',');
    return branches;
  }

  #set(): Test {
    let char = this.#chars[++this.#at];
    const negated = char === '^' || char === '!';
    if (negated) char = this.#chars[++this.#at];
    const ranges: [number, number][] = [];
    // A ] that comes first stands for itself.
    for (let first = true; first || char !== ']'; first = false) {
      if (char === undefined || (char === '[' && !first)) throw badGlob(this.#text, 'a set [ is not closed');
      const low = char === '\\' ? this.#escaped() : char;
      let high = low;
      if (this.#chars[this.#at + 1] === '-' && ![undefined, ']'].includes(this.#chars[this.#at + 2])) {
        this.#at += 2;
        high = this.#chars[this.#at] === '\\' ? this.#escaped() : this.#chars[this.#at]!;
      }
      if (high.codePointAt(0)! < low.codePointAt(0)!) throw badGlob(this.#text, `the range ${low}-${high} is empty`);
      ranges.push([low.codePointAt(0)!, high.codePointAt(0)!]);
      char = this.#chars[++this.#at];
    }
    return (found) => {
      const point = found.codePointAt(0)!;
      return ranges.some(([low, high]) => low <= point && point <= high) !== negated;
    };
  }
}

function literal(char: string): Part {
  return { kind: 'one', test: (found) => found === char, char };
}

/** Without a test it is left at once, to every state in `to`. State 0 is the end. */
interface State {
  test?: Test;
  to: number[];
}

/** Adds states for `parts`, from the last to the first; returns the state to begin in. */
function build(parts: readonly Part[], next: number, states: State[]): number {
  for (const part of [...parts].reverse()) {
    if (part.kind === 'one') next = states.push({ test: part.test, to: [next] }) - 1;
    else if (part.kind === 'either')
      next = states.push({ to: part.branches.map((branch) => build(branch, next, states)) }) - 1;
    else {
      const loop: State = { test: () => true, to: [] };
      const fork = states.push({ to: [next, states.push(loop) - 1] }) - 1;
      loop.to.push(fork);
      next = fork;
    }
  }
  return next;
}

function accepts(states: readonly State[], start: number, name: string): boolean {
  let current = closure(states, [start]);
  for (const char of name) {
    const next: number[] = [];
    for (const id of current) if (states[id]!.test?.(char) === true) next.push(...states[id]!.to);
    if (next.length === 0) return false;
    current = closure(states, next);
  }
  return current.has(0);
}

function closure(states: readonly State[], ids: number[]): Set<number> {
  const reached = new Set<number>();
  for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    if (states[id]!.test === undefined) ids.push(...states[id]!.to);
  }
  return reached;
}
