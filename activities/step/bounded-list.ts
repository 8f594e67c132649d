/**
 * The first of a list, as many as a part of a payload may hold.
 *
 * @param mostBytes - of all of them in JSON
 */
export function bounded<T>(all: readonly T[], mostBytes: number, most = Infinity): T[] {
  const kept: T[] = [];
  let bytes = 0;
  for (const one of all) {
    bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
    if (bytes > mostBytes || kept.length >= most) break;
    kept.push(one);
  }
  return kept;
}
