import type { TopicCounts } from '../archive-writing.ts';

/** The text of a counts file (`counts.*`), as Camus's EtlMultiOutputCommitter writes it. */
export function countsFile(topics: readonly TopicCounts[]): string {
  return JSON.stringify(
    topics.map(({ counts, ...topic }) => ({
      ...topic,
      counts: Object.fromEntries(
        counts.map((count) => [`{${count.server},${count.service},${count.start}}`, { ...count }]),
      ),
      errorCount: 0,
    })),
  );
}
