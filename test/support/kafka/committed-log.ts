import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { RecordHeader } from '../../../connections/kafka/read/topic-reader.ts';

export interface LoggedRecord {
  offset: bigint;
  timestamp: bigint;
  key: string | null;
  value: string | null;
  headers: RecordHeader[];
}

/** The committed records of each partition of a topic, as a consumer gets them. */
export async function committedLog(
  kafka: Pick<KafkaConnection, 'describeTopic' | 'openReader'>,
  topic: string,
): Promise<LoggedRecord[][]> {
  const { partitions } = (await kafka.describeTopic(topic))!;
  const reader = kafka.openReader();
  const logs: LoggedRecord[][] = [];
  for (const { partition, earliest: from, latest: to } of partitions) {
    const log: LoggedRecord[] = [];
    for await (const batch of reader.read({ topic, partition, from, to })) {
      if (batch.kind !== 'data') continue;
      for await (const run of batch.records())
        while (run.next()) {
          const text = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString('latin1'));
          const headers = run.headers().map(({ name, value }) => ({ name, value: value && Buffer.from(value) }));
          log.push({
            offset: run.offset,
            timestamp: run.timestamp,
            key: text(run.key),
            value: text(run.value),
            headers,
          });
        }
    }
    logs.push(log);
  }
  await reader.close();
  return logs;
}

/** A header's text; undefined where there is none of this name. */
export function headerOf({ headers }: LoggedRecord, name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value?.toString();
}
