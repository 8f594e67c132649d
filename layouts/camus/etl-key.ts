import type { ByteSource } from '../../formats/byte-source.ts';
import { FormatError } from '../../formats/format-error.ts';
import { openSequenceFile } from '../../formats/hadoop/sequence-file.ts';
import { WritableInput } from '../../formats/hadoop/writable-input.ts';
import { readMapWritable } from '../../formats/hadoop/map-writable.ts';
import type { WritableValue } from '../../formats/hadoop/writables.ts';

/** The names under which Camus has had its key. */
export const ETL_KEY_CLASSES: readonly string[] = [
  'com.linkedin.camus.etl.kafka.common.EtlKey',
  'com.linkedin.batch.etl.kafka.common.EtlKey',
];

/** Camus's `EtlKey`: where in Kafka a record came from, and the offset to go on from. */
export interface EtlKey {
  /** The broker that led the partition; a node id for Kafka 0.7. */
  leaderId: string;
  partition: number;
  beginOffset: bigint;
  /** The next offset: one past the last record. */
  offset: bigint;
  checksum: bigint;
  topic: string;
  /** Milliseconds since 1970. */
  time: bigint;
  server: string;
  service: string;
  /** The key's MapWritable in stored order; undefined in keys of Camus versions that had none. */
  map: Map<WritableValue, WritableValue> | undefined;
}

function wrong(what: string, expected: string, found: string): FormatError {
  return new FormatError('corrupt', `${what} of an EtlKey is wrong`, { expected, found });
}

function readEtlKey(input: WritableInput): EtlKey {
  const leaderId = input.modifiedUtf8('the leader id');
  const partition = input.int32('the partition');
  const beginOffset = input.int64('the begin offset');
  const offset = input.int64('the offset');
  const checksum = input.int64('the checksum');
  const topic = input.modifiedUtf8('the topic');
  const time = input.int64('the time');
  const server = input.modifiedUtf8('the server');
  const service = input.modifiedUtf8('the service');
  // Only the length of the key tells whether there is a map.
  const map = input.remaining > 0 ? readMapWritable(input) : undefined;
  if (input.remaining > 0) throw wrong('the length', 'no byte behind the map', `${input.remaining} bytes`);
  return { leaderId, partition, beginOffset, offset, checksum, topic, time, server, service, map };
}

/**
 * Decodes one serialized `EtlKey`, with or without its map.
 * @throws FormatError 'truncated' or 'corrupt', without a position
 */
export function decodeEtlKey(bytes: Uint8Array): EtlKey {
  return readEtlKey(new WritableInput(bytes));
}

/** What a consumer can't start from: the check for keys that stand for offsets. */
function checkOffset(key: EtlKey): void {
  if (key.topic === '') throw wrong('the topic', 'a name', 'none');
  if (key.partition < 0) throw wrong('the partition', 'zero or more', `${key.partition}`);
  if (key.offset < 0n) throw wrong('the offset', 'zero or more', `${key.offset}`);
}

/**
 * All keys of an offsets file of Camus (`offsets-m-*`, `offsets-previous`), in file order. Either the whole file is
 * good or there is no result: keys in front of a broken one are not to be used alone.
 * @throws FormatError with the position and the ordinal of the key
 */
export async function readOffsetsFile(source: ByteSource, signal?: AbortSignal): Promise<EtlKey[]> {
  const keys: EtlKey[] = [];
  for await (const { key } of readKeyedFile(source, 'offsets', signal)) keys.push(key);
  return keys;
}

/**
 * The keys of a file of an execution with what stands beside each, in file order.
 * @throws FormatError with the position and the ordinal of the key
 */
export async function* readKeyedFile(
  source: ByteSource,
  what: 'offsets' | 'errors',
  signal?: AbortSignal,
): AsyncGenerator<{ key: EtlKey; value: Uint8Array }> {
  const options = signal === undefined ? {} : { signal };
  const file = await openSequenceFile(source, options);
  if (!ETL_KEY_CLASSES.includes(file.header.keyClass))
    throw new FormatError('corrupt', `the file holds no ${what} of Camus`, {
      position: 0,
      noticedAt: file.header.headerLength,
      expected: `keys of the class ${ETL_KEY_CLASSES.join(' or ')}`,
      found: file.header.keyClass,
    });
  let ordinal = 0;
  for await (const { key: bytes, value, position } of file.records(options)) {
    try {
      const key = decodeEtlKey(bytes);
      checkOffset(key);
      yield { key, value };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(error.fault, `key ${ordinal} of the ${what} file: ${error.message}`, {
        ...error.facts,
        position,
        ordinal,
      });
    }
    ordinal += 1;
  }
}
