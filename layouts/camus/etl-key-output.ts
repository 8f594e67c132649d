import { putMapWritable } from '../../formats/hadoop/map-writable-output.ts';
import { WritableOutput } from '../../formats/hadoop/writable-output.ts';
import type { EtlKey } from './etl-key.ts';

export const ETL_KEY_CLASS = 'com.linkedin.camus.etl.kafka.common.EtlKey';

/** What is in the map of Camus's key, in the order in which Java's HashMap gives these three. */
export interface EtlKeyFacts {
  service: string;
  /** Average bytes of a record: a Camus that goes on plans with it. */
  messageSize: bigint;
  server: string;
}

export function etlKeyMap({ service, messageSize, server }: EtlKeyFacts): Map<string, string | bigint> {
  return new Map<string, string | bigint>([
    ['service', service],
    ['message.size', messageSize],
    ['server', server],
  ]);
}

/**
 * A key of an older execution for a newer one, without what only the Camus that wrote it could read: entries of its map
 * that are neither text nor longs. Camus itself puts none there.
 */
export function carriedOver(key: EtlKey): EtlKey {
  const kept = [...(key.map ?? [])].filter((entry) => entry.every((one) => ['string', 'bigint'].includes(typeof one)));
  return { ...key, map: key.map === undefined ? undefined : new Map(kept) };
}

/**
 * Serializes an `EtlKey` as Camus does: what `decodeEtlKey` reads.
 * @throws RangeError for a name that is too long for Java's writeUTF, or a partition or number out of its range;
 * TypeError for what `carriedOver` leaves out
 */
export function encodeEtlKey(key: EtlKey): Buffer {
  const out = new WritableOutput()
    .modifiedUtf8(key.leaderId)
    .int32(key.partition)
    .int64(key.beginOffset)
    .int64(key.offset)
    .int64(key.checksum)
    .modifiedUtf8(key.topic)
    .int64(key.time)
    .modifiedUtf8(key.server)
    .modifiedUtf8(key.service);
  if (key.map !== undefined) putMapWritable(key.map, out);
  return out.take();
}
