import type { Api } from './api.ts';

export interface ProduceRequest {
  transactionalId: string;
  timeoutMs: number;
  /** At most one batch for a partition; header and records, which are sent without being copied. */
  batches: readonly { topic: string; partition: number; header: Uint8Array; records: Uint8Array }[];
}

export interface ProduceAnswer {
  topic: string;
  partition: number;
  error: number;
  baseOffset: bigint;
}

/** Appends record batches, and answers when all in-sync replicas have them. */
export const produce: Api<ProduceRequest, ProduceAnswer[]> = {
  key: 0,
  name: 'Produce',
  versions: [3, 4, 5, 6, 7],
  encode(writer, { transactionalId, timeoutMs, batches }) {
    const topics = new Map<string, ProduceRequest['batches'][number][]>();
    for (const batch of batches) {
      const ofTopic = topics.get(batch.topic);
      if (ofTopic === undefined) topics.set(batch.topic, [batch]);
      else ofTopic.push(batch);
    }
    writer.string(transactionalId).int16(-1).int32(timeoutMs); // acknowledged by all in-sync replicas
    writer.array([...topics], ([topic, ofTopic]) =>
      writer.string(topic).array(ofTopic, ({ partition, header, records }) => {
        writer
          .int32(partition)
          .int32(header.length + records.length)
          .piece(header)
          .piece(records);
      }),
    );
  },
  decode(reader, version) {
    return reader
      .array(() => {
        const topic = reader.string() ?? '';
        return reader.array(() => {
          const answer = { topic, partition: reader.int32(), error: reader.int16(), baseOffset: reader.int64() };
          reader.int64(); // log append time
          if (version >= 5) reader.int64(); // log start
          return answer;
        });
      })
      .flat();
  },
};
