import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { ETL_KEY_CLASS, etlKeyBytes, NULL_CLASS } from './camus-archive/etl-key.ts';
import { SequenceFileWriter } from './camus-archive/sequence-file-writer.ts';

/** Writes an execution folder of Camus with the next offset of each partition, by topic. */
export async function writeExecution(
  store: FileStore,
  folder: string,
  offsets: Record<string, Record<number, number>>,
): Promise<void> {
  const writer = new SequenceFileWriter({ keyClass: ETL_KEY_CLASS, valueClass: NULL_CLASS, sync: Buffer.alloc(16, 7) });
  for (const [topic, partitions] of Object.entries(offsets))
    for (const [partition, next] of Object.entries(partitions))
      writer.append(
        etlKeyBytes({
          topic,
          leaderId: '1',
          partition: Number(partition),
          beginOffset: BigInt(next - 1),
          offset: BigInt(next),
          checksum: 0,
          time: 0,
          map: undefined,
        }),
        new Uint8Array(0),
      );
  await store.write(`${folder}/offsets-m-00000`, [writer.take()]);
}
