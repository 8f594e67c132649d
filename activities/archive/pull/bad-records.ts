import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import type { Buckets } from '../../../layouts/archive-writing.ts';
import type { DataFiles } from './data-files.ts';
import type { PathOfFile, RangeToPull } from './range-to-pull.ts';
import { bucketTime } from './record-time.ts';
import type { ValueReader } from './values/value-reader.ts';

export interface BadRecordsParts {
  /** Of whole records: every one has a place there. */
  values: ValueReader;
  buckets: Buckets;
  pathOf: PathOfFile;
  files: DataFiles;
  /** Later times are wild. */
  horizon: number;
}

/** Keeps records of one range that have no place in files of the job's values: whole, in files of their own. */
export class BadRecords {
  readonly #range: RangeToPull;
  readonly #parts: BadRecordsParts;

  constructor(range: RangeToPull, parts: BadRecordsParts) {
    this.#range = range;
    this.#parts = parts;
  }

  async keep(cursor: RecordCursor): Promise<void> {
    const { topic, partition, leader } = this.#range;
    const { values, buckets, pathOf, files, horizon } = this.#parts;
    values.look(cursor, partition);
    const time = bucketTime(Number.NaN, cursor.timestampNumber, { horizon, wild: 'kafka' })!;
    const bucket = buckets.of(time);
    const key = `${topic}-${partition}/bad/${bucket.start}`;
    const target = (records: number, next: bigint): string =>
      pathOf({ topic, leader, partition, records, next, bucket });
    const file =
      files.get(key) ??
      (await files.begin({ topic, partition, key, target, apart: true }, cursor.offset, (sink) =>
        values.openFile(sink, `${key}@${cursor.offset}`),
      ));
    const goOn = values.append(file.writer, time, cursor);
    file.next.goBehind(cursor);
    if (!goOn) await file.writer.drained();
  }
}
