import { z } from 'zod';

/** What a topic's whole name must match, as Camus's `kafka.whitelist.topics` has it. @throws SyntaxError */
export function wholeName(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/** A job's pattern of topics: a regular expression of JavaScript for whole names. */
export const topicPattern = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const message = isPattern(text) ? ofJavaAlone(text) : 'expected a regular expression, such as page_.*';
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

function isPattern(text: string): boolean {
  try {
    wholeName(text);
    return true;
  } catch {
    return false;
  }
}

/** Letters that mean something behind a backslash in JavaScript; every other one stands for itself there. */
const ESCAPES = 'bBdDwWsStnrvfcxuk';

const INSTEAD: Readonly<Record<string, string>> = {
  Q: 'write a backslash in front of each dot between \\Q and \\E, and leave these two out',
  E: 'write a backslash in front of each dot between \\Q and \\E, and leave these two out',
  A: 'leave it out: whole names are matched',
  z: 'leave it out: whole names are matched',
  Z: 'leave it out: whole names are matched',
  p: 'write the characters in brackets, as [A-Za-z] for \\p{Alpha}',
  P: 'write the characters in brackets, as [^A-Za-z] for \\P{Alpha}',
};

/**
 * What in a pattern Java, for which those of Camus were written, understands in another way than JavaScript, which takes it
 * as well: topics would drop out, or excluded ones come in, without a word. What to write in its place.
 */
function ofJavaAlone(pattern: string): string | undefined {
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const [char, next = ''] = [pattern[at], pattern[at + 1]];
    if (char === '\\') {
      at += 1;
      const braced = /^[xu]\{/.test(pattern.slice(at));
      if (/[A-Za-z]/.test(next) && (!ESCAPES.includes(next) || braced))
        return unknown(`\\${next}`, INSTEAD[next] ?? 'write the characters that are meant');
    } else if (!inClass) {
      inClass = char === '[';
      if (char === '{' && !/^\{\d+(,\d*)?\}/.test(pattern.slice(at)))
        return unknown('{', 'write a quantifier as {2}, {2,} or {2,5}: no topic has a brace in its name');
    } else if (char === '[') {
      return unknown('[ within [ ]', 'write the characters that are meant in one pair of brackets');
    } else if (char === '&' && next === '&') {
      return unknown('&& within [ ]', 'write the characters that are meant, as [a-wyz] for [a-z&&[^x]]');
    } else if (char === ']') inClass = false;
  }
  return undefined;
}

function unknown(what: string, remedy: string): string {
  return `expected a regular expression of JavaScript, found ${what}, which means something else there than in Java: ${remedy}`;
}
