import type { RecordCount, TopicCounts } from '../archive-writing.ts';

/** The text of a counts file (`counts.*`), as Camus's EtlMultiOutputCommitter writes it. */
export function countsFile(topics: readonly TopicCounts[]): string {
  return JSON.stringify(
    topics.map(({ counts, ...topic }) => ({
      ...topic,
      counts: Object.fromEntries(byName(counts)),
      errorCount: 0,
    })),
  );
}

/** Under Camus's names; where two are the same, since a server or service holds a comma, no count takes another's place. */
function byName(counts: readonly RecordCount[]): Map<string, RecordCount> {
  const named = new Map<string, RecordCount>();
  for (const count of counts) {
    let name = `{${count.server},${count.service},${count.start}}`;
    while (named.has(name)) name += "'";
    named.set(name, { ...count });
  }
  return named;
}

/**
 * What such a file tells.
 * @throws SyntaxError or TypeError for a text that is no counts file
 */
export function readCountsFile(text: string): TopicCounts[] {
  const topics: unknown = JSON.parse(text);
  if (!Array.isArray(topics)) throw new TypeError('expected an array of counts, one object a topic');
  return (topics as CamusCounts[]).map(({ counts, errorCount: _, ...topic }) => ({
    ...topic,
    counts: Object.values(counts),
  }));
}

type CamusCounts = Omit<TopicCounts, 'counts'> & { counts: Record<string, RecordCount>; errorCount: number };
