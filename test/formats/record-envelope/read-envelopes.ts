import avsc from 'avsc';
import { ENVELOPE_SCHEMA } from '../../../formats/record-envelope/envelope-schema.ts';
import { bigintLong } from '../../support/camus-archive/read-back.ts';

/** A record as another library reads it from the envelope; numbers of 64 bits whole. */
export interface ReadEnvelope {
  key: Buffer | null;
  value: Buffer | null;
  topic: string;
  partition: number;
  offset: bigint;
  timestamp: bigint;
  timestampType: number;
  headers: { key: string; value: Buffer | null }[];
  keySchemaId: number | null;
  valueSchemaId: number | null;
}

/** Numbers of 64 bits as bigints, those with a logical type too. */
const options = (): Partial<avsc.ForSchemaOptions> => ({
  registry: { long: bigintLong },
  wrapUnions: false,
  typeHook: (schema: avsc.Schema) =>
    typeof schema === 'object' && 'logicalType' in schema && schema.logicalType === 'timestamp-millis'
      ? bigintLong
      : undefined,
});

const type = avsc.Type.forSchema(JSON.parse(ENVELOPE_SCHEMA) as avsc.Schema, options());

/** The one record that the bytes are. */
export function readEnvelope(bytes: Buffer): ReadEnvelope {
  return plain(type.fromBuffer(bytes));
}

type Codecs = Record<string, (data: Buffer, done: (error: Error | null, bytes?: Buffer) => void) => void>;

/** The records of a container file, by the schema in its header. */
export async function envelopesIn(file: Buffer, codecs: Codecs = {}): Promise<ReadEnvelope[]> {
  const decoder = new avsc.streams.BlockDecoder({
    parseHook: (schema: avsc.Schema) => avsc.Type.forSchema(schema, options()),
    codecs: { ...avsc.streams.BlockDecoder.defaultCodecs(), ...codecs },
  });
  decoder.end(file);
  const records: ReadEnvelope[] = [];
  for await (const record of decoder as unknown as AsyncIterable<unknown>) records.push(plain(record));
  return records;
}

function plain(record: unknown): ReadEnvelope {
  const read = { ...(record as ReadEnvelope) };
  return { ...read, headers: read.headers.map((header) => ({ ...header })) };
}
