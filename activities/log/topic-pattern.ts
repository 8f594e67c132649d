import { z } from 'zod';

/** What a topic's whole name must match, as Camus's `kafka.whitelist.topics` has it. @throws SyntaxError */
export function wholeName(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/** A job's pattern of topics: a regular expression for whole names. */
export const topicPattern = z.string().min(1).refine(isPattern, 'expected a regular expression, such as page_.*');

function isPattern(text: string): boolean {
  try {
    wholeName(text);
    return true;
  } catch {
    return false;
  }
}
