import { ConnectionError } from '../../connection-error.ts';

/** More than anybody writes by hand; groups multiply. */
const MOST_ALTERNATIVES = 1_000;

/**
 * Takes the groups with a slash in them apart, as Hadoop's `GlobExpander` does, so that each pattern that comes out
 * can be matched segment by segment: `/{a/b,c}{d,e}` gives `/a/b{d,e}` and `/c{d,e}`. Escapes stay as they are.
 */
export function globAlternatives(pattern: string): string[] {
  const done: string[] = [];
  const pending = [pattern];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const group = firstGroupWithSlash(next);
    if (group === undefined) done.push(next);
    else {
      const [before, after] = [next.slice(0, group.start), next.slice(group.end)];
      pending.push(...group.branches.reverse().map((branch) => before + branch + after));
    }
    if (done.length + pending.length > MOST_ALTERNATIVES)
      throw badGlob(pattern, `its groups stand for more than ${MOST_ALTERNATIVES} patterns`);
  }
  return done;
}

/** The error for a pattern that is none. */
export function badGlob(pattern: string, reason: string): ConnectionError {
  return new ConnectionError(
    'refused',
    `${JSON.stringify(pattern)} is no glob: ${reason}; write * ? [abc] [^a-b] {a,b}, and \\ before a character that stands for itself`,
    { pattern },
  );
}

interface Group {
  /** Index of the `{`. */
  start: number;
  /** Index after the `}`. */
  end: number;
  branches: string[];
}

/** The leftmost outermost group that holds a slash. */
function firstGroupWithSlash(pattern: string): Group | undefined {
  let depth = 0;
  let start = 0;
  let slash = false;
  let commas: number[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index];
    if (char === '\\') index++;
    else if (char === '{') {
      if (depth++ === 0) [start, slash, commas] = [index, false, []];
    } else if (char === '}' && depth > 0) {
      if (--depth === 0 && slash) return { start, end: index + 1, branches: cutAt(pattern, [start, ...commas, index]) };
    } else if (char === ',' && depth === 1) commas.push(index);
    else if (char === '/' && depth > 0) slash = true;
  }
  return undefined;
}

/** What stands between each two marks. */
function cutAt(text: string, marks: readonly number[]): string[] {
  return marks.slice(1).map((mark, index) => text.slice(marks[index]! + 1, mark));
}
