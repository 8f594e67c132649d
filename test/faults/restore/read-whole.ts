import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';

/** A record with all that it is; bytes as text, one character each. */
export interface WholeRecord {
  offset: bigint;
  key: string | null;
  value: string | null;
  timestamp: bigint;
  /** Those of a replay's own left out. */
  headers: [name: string, value: string | null][];
}

/** The committed records of a topic's partitions, in the order of their offsets. */
export async function readWhole(brokers: string[], topic: string): Promise<WholeRecord[][]> {
  const kafka = openKafka(parseKafkaConfig({ brokers }, 'test'));
  const reader = kafka.openReader();
  try {
    const description = await kafka.describeTopic(topic);
    if (description === undefined) throw new Error(`${topic} is not there`);
    const partitions: WholeRecord[][] = [];
    for (const { partition, earliest, latest } of description.partitions) {
      const records: WholeRecord[] = [];
      for await (const batch of reader.read({ topic, partition, from: earliest, to: latest })) {
        if (batch.kind !== 'data') continue;
        for await (const run of batch.records())
          while (run.next()) {
            const { offset, key, value, timestamp } = run;
            const headers = run.headers().filter(({ name }) => !name.startsWith('rewind-'));
            records.push({
              offset,
              key: text(key),
              value: text(value),
              timestamp,
              headers: headers.map(({ name, value: of }) => [name, text(of)]),
            });
          }
      }
      partitions[partition] = records;
    }
    return partitions;
  } finally {
    await reader.close();
    await kafka.close();
  }
}

function text(bytes: Buffer | null): string | null {
  return bytes?.toString('latin1') ?? null;
}
