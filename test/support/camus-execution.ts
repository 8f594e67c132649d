import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { ETL_KEY_CLASS, EXCEPTION_CLASS, NULL_CLASS, etlKeyBytes } from './camus-archive/etl-key.ts';
import { WritableBytes } from './camus-archive/hadoop-writable.ts';
import { SequenceFileWriter } from './camus-archive/sequence-file-writer.ts';

export interface WrittenExecution {
  /** Next offset by topic and partition. */
  offsets: Record<string, Record<number, number | bigint>>;
  /** Offsets of records that could not be archived, by topic and partition. */
  errors?: Record<string, Record<number, number[]>>;
}

const SYNC = Buffer.alloc(16, 7);

/** Writes an execution of Camus, of a test's own making: offsets, and records that Camus gave up. */
export async function writeExecution(
  store: FileStore,
  folder: string,
  { offsets, errors }: WrittenExecution,
): Promise<void> {
  const next = new SequenceFileWriter({ keyClass: ETL_KEY_CLASS, valueClass: NULL_CLASS, sync: SYNC });
  for (const [topic, partitions] of Object.entries(offsets))
    for (const [partition, offset] of Object.entries(partitions))
      next.append(keyOf(topic, Number(partition), BigInt(offset)), Buffer.alloc(0));
  await store.write(`${folder}/offsets-m-00000`, [next.take()]);
  if (errors === undefined) return;
  const given = new SequenceFileWriter({ keyClass: ETL_KEY_CLASS, valueClass: EXCEPTION_CLASS, sync: SYNC });
  for (const [topic, partitions] of Object.entries(errors))
    for (const [partition, lost] of Object.entries(partitions))
      for (const offset of lost)
        given.append(
          keyOf(topic, Number(partition), BigInt(offset) + 1n),
          new WritableBytes().text('java.lang.RuntimeException: no schema\n\tat a.b(C.java)').take(),
        );
  await store.write(`${folder}/errors-m-00000`, [given.take()]);
}

function keyOf(topic: string, partition: number, offset: bigint): Buffer {
  return etlKeyBytes({
    topic,
    leaderId: '',
    partition,
    beginOffset: 0n,
    offset,
    checksum: 0,
    time: 0,
    map: undefined,
  });
}
