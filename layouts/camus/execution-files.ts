import { openSequenceFileWriter } from '../../formats/hadoop/sequence-file-writer.ts';
import type { SequenceFileWriterOptions } from '../../formats/hadoop/sequence-file-writer.ts';
import { WritableOutput } from '../../formats/hadoop/writable-output.ts';
import type { EtlKey } from './etl-key.ts';
import { encodeEtlKey, ETL_KEY_CLASS } from './etl-key-output.ts';
import type { EtlRequest } from './etl-request.ts';
import { encodeEtlRequest, ETL_REQUEST_CLASS } from './etl-request.ts';

export const EXCEPTION_WRITABLE_CLASS = 'com.linkedin.camus.etl.kafka.common.ExceptionWritable';
const NULL_WRITABLE_CLASS = 'org.apache.hadoop.io.NullWritable';
const NOTHING = new Uint8Array(0);

/** How the SequenceFiles of an execution are written. Hadoop's own default is `record` with zlib; any reader takes all. */
export type ExecutionFileOptions = Pick<
  SequenceFileWriterOptions,
  'syncMarker' | 'compression' | 'codec' | 'syncBytes'
>;

/** A record that an execution could not archive, or a note about a partition. */
export interface ExecutionError {
  /** Its offset is the one behind the record. */
  key: EtlKey;
  text: string;
}

type Records<T> = AsyncIterable<T> | Iterable<T>;
type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

/**
 * `offsets-m-00000` or `offsets-previous`. What goes on from here needs one key for each partition that is known:
 * Camus2Kafka stumbles over a second one, and of two Camus takes the larger offset.
 * @throws RangeError for a second key of a partition
 */
export async function* offsetsFile(keys: Records<EtlKey>, options: ExecutionFileOptions): Chunks {
  const seen = new Set<string>();
  yield* fileOf(keys, { ...options, keyClass: ETL_KEY_CLASS, valueClass: NULL_WRITABLE_CLASS }, (key) => {
    const partition = `${key.topic} ${key.partition}`;
    if (seen.has(partition)) throw new RangeError(`an offsets file has one key a partition: ${partition} comes twice`);
    seen.add(partition);
    return [encodeEtlKey(key), NOTHING];
  });
}

/** `requests.previous`. */
export function requestsFile(requests: Records<EtlRequest>, options: ExecutionFileOptions): Chunks {
  return fileOf(requests, { ...options, keyClass: ETL_REQUEST_CLASS, valueClass: NULL_WRITABLE_CLASS }, (request) => [
    encodeEtlRequest(request),
    NOTHING,
  ]);
}

/** `errors-m-*`: there even if nothing went wrong, as Camus leaves it. */
export function errorsFile(errors: Records<ExecutionError>, options: ExecutionFileOptions): Chunks {
  return fileOf(errors, { ...options, keyClass: ETL_KEY_CLASS, valueClass: EXCEPTION_WRITABLE_CLASS }, (error) => [
    encodeEtlKey(error.key),
    new WritableOutput().text(error.text).take(),
  ]);
}

async function* fileOf<T>(
  records: Records<T>,
  options: Omit<SequenceFileWriterOptions, 'sink'>,
  encode: (record: T) => [key: Uint8Array, value: Uint8Array],
): Chunks {
  let chunks: Uint8Array[] = [];
  const sink = { write: (chunk: Uint8Array) => void chunks.push(chunk) };
  const writer = await openSequenceFileWriter({ ...options, sink });
  for await (const record of records) {
    writer.append(...encode(record));
    if (chunks.length > 0) {
      yield* chunks;
      chunks = [];
    }
  }
  await writer.end();
  yield* chunks;
}
