import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import type { AvroSchema } from '../../../formats/avro/schema/schema.ts';
import type { LeftReason } from '../left-reasons.ts';

/** What a value calls its schema: the number of a registry, or a GUID. */
export type SchemaKey = number | string;

/** Finds Avro data in the values of a topic, whatever is around them. What was found stays in the fields. */
export interface DatumSource {
  /** Finds what the value calls its schema; undefined where it doesn't, and `fault` and `wrong` say why. */
  find(record: RecordCursor): SchemaKey | undefined;
  /** What brings a value that was found to its datum, once its schema is known; throws FormatError. */
  decoder(schema: AvroSchema): () => void;
  /** The datum: [start, end) of `bytes`. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly fault: LeftReason;
  readonly wrong: string;
}
