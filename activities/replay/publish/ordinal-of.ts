import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import type { LastRecord } from '../../../connections/kafka/read/read-port.ts';
import type { LogBatch, RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';

/** Place in the sequence that a record's headers tell; undefined where they tell none, as in a foreign record. */
export function ordinalOf(record: Pick<LastRecord, 'headers'> | undefined): bigint | undefined {
  return parseOrdinal(record?.headers[ORDINAL_HEADER]);
}

/** How many records of the sequence stand up to the largest of these ordinals. */
export function recordsUpTo(ordinals: readonly (bigint | undefined)[]): bigint {
  return ordinals.reduce<bigint>((most, ordinal = -1n) => (ordinal >= most ? ordinal + 1n : most), 0n);
}

/** The same of the record at which a cursor stands. */
export function ordinalAt(record: RecordCursor): bigint | undefined {
  return parseOrdinal(record.headers().find(({ name }) => name === ORDINAL_HEADER)?.value);
}

/** Offsets and ordinals of a batch's records, those without an ordinal left out. */
export async function* ordinalsIn(batch: LogBatch): AsyncGenerator<{ offset: bigint; ordinal: bigint }> {
  for await (const run of batch.records())
    while (run.next()) {
      const ordinal = ordinalAt(run);
      if (ordinal !== undefined) yield { offset: run.offset, ordinal };
    }
}

function parseOrdinal(value: Buffer | null | undefined): bigint | undefined {
  const text = value?.toString('latin1');
  return text !== undefined && /^\d{1,16}$/.test(text) ? BigInt(text) : undefined;
}
