/**
 * Whether a pattern in which `*` is any characters, and all others are themselves, is for this name. As a regular expression
 * one with many stars could take for ever; here each part is looked for once, from where the one before it has ended.
 */
export function standsFor(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
