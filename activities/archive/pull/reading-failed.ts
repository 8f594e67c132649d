import { ConnectionError } from '../../../connections/connection-error.ts';
import type { LogBatch, RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';

/** The log could not be read on: an error of the range, not of the pull. */
export class ReadingFailed extends Error {
  override readonly name = 'ReadingFailed';
  override readonly cause: ConnectionError;

  constructor(cause: ConnectionError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** What is read of the log, its errors told from those of writing. */
export async function* readingOf<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await iterator.next().catch((error: unknown) => {
        throw readingError(error);
      });
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    await iterator.return?.();
  }
}

export function nextOf(cursor: RecordCursor): boolean {
  try {
    return cursor.next();
  } catch (error) {
    throw readingError(error);
  }
}

function readingError(error: unknown): unknown {
  return error instanceof ConnectionError ? new ReadingFailed(error) : error;
}

/** What was read of the log, whatever became of it. */
export class Walked {
  records = 0;
  /** Of whole records, as they are uncompressed. */
  bytes = 0;

  add({ recordStart, recordEnd }: RecordCursor): void {
    this.records += 1;
    this.bytes += recordEnd - recordStart;
  }
}

/** The records of a batch that are in the range: compaction leaves fewer than its offsets. */
export async function walkOver(batch: LogBatch): Promise<Walked> {
  const walked = new Walked();
  for await (const records of readingOf(batch.records())) while (nextOf(records)) walked.add(records);
  return walked;
}
