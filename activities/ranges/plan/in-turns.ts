/** One of each list, then the next of each: partitions go on side by side, each with its oldest first. */
export function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  const all: T[] = [];
  for (let turn = 0; turn < longest; turn += 1) for (const list of lists) if (turn < list.length) all.push(list[turn]!);
  return all;
}
