/** Topics that are named in a remark. */
const MOST_NAMED = 10;

/** The first few of them in words; a number stands for the others. */
export function listedTopics(topics: readonly string[]): string {
  const more = topics.length - MOST_NAMED;
  return `${topics.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
