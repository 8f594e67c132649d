import { topicSettings } from '../admin/settings.ts';
import type { Cluster } from '../wire/cluster.ts';
import { batchStream } from './batch-stream.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import type { LogBatch, OffsetRange, ReadOptions, TopicReader } from './topic-reader.ts';

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;

/** `ReadPort.openReader`: connections are made when the first range is read. */
export function openReader(open: () => Promise<Cluster>): TopicReader {
  let cluster: Promise<Cluster> | undefined;
  return {
    async *read(range, options) {
      cluster ??= open();
      cluster.catch(() => (cluster = undefined));
      yield* readRange(await cluster, range, options);
    },
    close: async () => {
      await (await cluster?.catch(() => undefined))?.close();
    },
  };
}

/** The batches of a range over connections that are there already. */
export async function* readRange(
  cluster: Cluster,
  range: OffsetRange,
  options: ReadOptions = {},
): AsyncGenerator<LogBatch> {
  const readCommitted = options.isolation !== 'uncommitted';
  const fetcher = new PartitionFetcher(cluster, {
    topic: range.topic,
    topicId: range.topicId,
    partition: range.partition,
    readCommitted,
    maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
    signal: options.signal,
  });
  const isCompacted = async (): Promise<boolean> =>
    (await topicSettings(cluster, range.topic))['cleanup.policy']?.value.includes('compact') === true;
  try {
    yield* batchStream(fetcher, range, { readCommitted, waitTimeoutMs: cluster.waitTimeoutMs, isCompacted });
  } finally {
    fetcher.stop();
  }
}
