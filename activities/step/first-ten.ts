/** Some of a list in a sentence: the first ten, and how many more there are. */
export function firstTen(items: readonly string[]): string {
  const more = items.length - 10;
  return `${items.slice(0, 10).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
