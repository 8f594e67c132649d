import { createHash, type Hash } from 'node:crypto';
import { ORDINAL_HEADER } from '../../connections/kafka/batch/record-batch.ts';
import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { RecordCursor } from '../../connections/kafka/read/topic-reader.ts';

/** What one partition holds, as a reader of committed records sees it. */
export interface PartitionSum {
  records: number;
  /** SHA-256 over timestamp, key, value and headers of all records, in their order. */
  sum: string;
}

/** Lengths, the count of headers and the timestamp before the bytes of a record. */
const HEAD_BYTES = 24;
const OWN_HEADER = Buffer.from(ORDINAL_HEADER);

/** Sums up the partitions of a topic; the header that Rewind gives each record of a replay is left out. */
export async function sumTopic(kafka: KafkaConnection, topic: string): Promise<PartitionSum[]> {
  const { partitions } = (await kafka.describeTopic(topic)) ?? { partitions: [] };
  const reader = kafka.openReader();
  try {
    const sums: PartitionSum[] = [];
    for (const { partition, earliest: from, latest: to } of partitions) {
      const sum = new RecordSum();
      for await (const batch of reader.read({ topic, partition, from, to }))
        if (batch.kind === 'data') for await (const run of batch.records()) while (run.next()) sum.add(run);
      sums.push(sum.finish());
    }
    return sums;
  } finally {
    await reader.close();
  }
}

/** @throws where a topic doesn't hold what its source does: each record once, byte for byte, in the order of its partition */
export function assertSame(who: string, source: readonly PartitionSum[], copy: readonly PartitionSum[]): void {
  for (const [partition, expected] of source.entries()) {
    const found = copy[partition];
    if (found?.records !== expected.records)
      throw new Error(`${who}: partition ${partition} holds ${found?.records} records, expected ${expected.records}`);
    if (found.sum !== expected.sum) throw new Error(`${who}: partition ${partition} doesn't hold what its source does`);
  }
}

class RecordSum {
  readonly #hash: Hash = createHash('sha256');
  #room = Buffer.allocUnsafe(1024 * 1024);
  #used = 0;
  #records = 0;

  add(record: RecordCursor): void {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd, recordEnd } = record;
    const headersStart = behindOwnHeader(record);
    const headers = record.headerCount - (headersStart === record.headersStart ? 0 : 1);
    const most = HEAD_BYTES + recordEnd - record.recordStart;
    if (this.#used + most > this.#room.length) this.#flush();
    if (most > this.#room.length) this.#room = Buffer.allocUnsafe(most);
    const room = this.#room;
    let at = this.#used;
    at = room.writeDoubleLE(record.timestampNumber, at);
    at = room.writeInt32LE(keyStart < 0 ? -1 : keyEnd - keyStart, at);
    at = room.writeInt32LE(valueStart < 0 ? -1 : valueEnd - valueStart, at);
    at = room.writeInt32LE(headers, at);
    at = room.writeInt32LE(recordEnd - headersStart, at);
    if (keyStart >= 0) at += bytes.copy(room, at, keyStart, keyEnd);
    if (valueStart >= 0) at += bytes.copy(room, at, valueStart, valueEnd);
    this.#used = at + bytes.copy(room, at, headersStart, recordEnd);
    this.#records += 1;
  }

  finish(): PartitionSum {
    this.#flush();
    return { records: this.#records, sum: this.#hash.digest('hex') };
  }

  #flush(): void {
    this.#hash.update(this.#room.subarray(0, this.#used));
    this.#used = 0;
  }
}

/** Where the headers begin that the record had before it was replayed. */
function behindOwnHeader({ bytes, headersStart, headerCount }: RecordCursor): number {
  const nameEnd = headersStart + 1 + OWN_HEADER.length;
  if (headerCount === 0 || bytes[headersStart] !== OWN_HEADER.length * 2) return headersStart;
  if (OWN_HEADER.compare(bytes, headersStart + 1, nameEnd) !== 0) return headersStart;
  // The digits of an ordinal: their length takes one byte.
  return nameEnd + 1 + bytes[nameEnd]! / 2;
}
