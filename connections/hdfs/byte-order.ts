/** Orders two texts by their UTF-8 bytes, unsigned: what 'byte order' means everywhere in Rewind. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index === length) return a.length - b.length;
  const left = a.charCodeAt(index);
  const right = b.charCodeAt(index);
  // A surrogate stands for a code point above every other UTF-16 unit, and below nothing but another surrogate.
  const lifted = Number(isSurrogate(left)) - Number(isSurrogate(right));
  return lifted !== 0 ? lifted : left - right;
}

/**
 * Brings names from the NameNode's order into byte order. HDFS compares names as *signed* bytes, so that in it 'é'
 * comes before 'a'. Only entries whose name holds a character beyond ASCII wait here, until the listing has left the
 * prefix before that character; plain names pass through.
 */
export async function* inByteOrder<Entry>(
  entries: AsyncIterable<Entry>,
  nameOf: (entry: Entry) => string,
): AsyncGenerator<Entry, void, undefined> {
  // Prefixes grow from the bottom of the stack to its top, each the beginning of the next.
  const waiting: { prefix: string; entries: Entry[] }[] = [];
  const sorted = (group: Entry[]): Entry[] => group.sort((a, b) => compareBytes(nameOf(a), nameOf(b)));
  for await (const entry of entries) {
    const name = nameOf(entry);
    let top = waiting.at(-1);
    while (top !== undefined && !name.startsWith(top.prefix)) {
      waiting.pop();
      yield* sorted(top.entries);
      top = waiting.at(-1);
    }
    const beyondAscii = name.search(/[^\0-\x7f]/);
    if (beyondAscii < 0) yield entry;
    else if (top?.prefix.length === beyondAscii) top.entries.push(entry);
    else waiting.push({ prefix: name.slice(0, beyondAscii), entries: [entry] });
  }
  for (const group of waiting.reverse()) yield* sorted(group.entries);
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
