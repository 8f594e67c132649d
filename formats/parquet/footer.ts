import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { withPosition } from '../with-position.ts';
import { ThriftFields } from './thrift-fields.ts';
import { ThriftEnd, ThriftReader } from './thrift.ts';
import { leavesOf, schemaTree, type SchemaNode } from './schema-tree.ts';

/** What the end of a Parquet file says of it. */
export interface ParquetFooter {
  readonly schema: SchemaNode;
  /** The Avro schema that its records were written with: `parquet.avro.schema`, of parquet-avro. */
  readonly avroSchema: string;
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  /** Byte at which it begins. */
  readonly position: number;
}

export interface RowGroup {
  readonly rows: number;
  /** In the order of the schema's columns. */
  readonly chunks: readonly ColumnChunk[];
}

/** The bytes of one column in a row group. */
export interface ColumnChunk {
  readonly start: number;
  readonly end: number;
  /** Number of the codec. */
  readonly codec: number;
  /** Levels and values, nulls too. */
  readonly values: number;
}

const MAGIC = 'PAR1';
const TAIL = 8;
/** As of the header of an Avro container file. */
const FOOTER_LIMIT = 16 * 1024 * 1024;

/** @throws FormatError 'truncated' for a file without its end, 'unsupported' for one that parquet-avro has not written */
export async function readFooter(source: ByteSource, signal?: AbortSignal): Promise<ParquetFooter> {
  const { length } = source;
  const edge = async (at: number): Promise<string> => Buffer.from(await source.read(at, 4, signal)).toString('latin1');
  if (length < TAIL + 4 || (await edge(0)) !== MAGIC)
    throw new FormatError('corrupt', 'the file is no Parquet file', {
      position: 0,
      expected: MAGIC,
      found: 'other bytes',
    });
  const tail = Buffer.from(await source.read(length - TAIL, TAIL, signal));
  const magic = tail.toString('latin1', 4);
  if (magic === 'PARE')
    throw new FormatError('unsupported', 'the Parquet file is encrypted', { position: length - TAIL });
  if (magic !== MAGIC)
    throw new FormatError('truncated', 'the Parquet file has no footer at its end: it was cut, or never finished', {
      position: length - TAIL,
      expected: MAGIC,
      found: 'other bytes',
    });
  const bytes = tail.readUInt32LE(0);
  const position = length - TAIL - bytes;
  if (position < 4 || bytes > FOOTER_LIMIT)
    throw new FormatError(position < 4 ? 'corrupt' : 'limit', 'the footer of the Parquet file is too long', {
      position: length - TAIL,
      expected: `at most ${Math.min(FOOTER_LIMIT, length - TAIL - 4)} bytes`,
      found: String(bytes),
    });
  try {
    return footerOf(await source.read(position, bytes, signal), position);
  } catch (error) {
    if (error instanceof ThriftEnd)
      throw new FormatError('corrupt', 'the footer of the Parquet file is damaged', { position, noticedAt: length });
    throw withPosition(error, position, length);
  }
}

function footerOf(bytes: Uint8Array, position: number): ParquetFooter {
  const meta = new ThriftFields(new ThriftReader(bytes).struct(), 'FileMetaData');
  const schema = schemaTree(meta.all(2, 'SchemaElement'));
  const columns = leavesOf(schema).length;
  if (columns === 0) throw new FormatError('unsupported', 'the Parquet file has no columns');
  const groups = meta.all(4, 'RowGroup').map((group): RowGroup => {
    const chunks = group.all(1, 'ColumnChunk').map((column) => chunkOf(column, position));
    if (chunks.length !== columns)
      throw new FormatError('corrupt', 'a row group lacks columns', {
        expected: `${columns} columns`,
        found: String(chunks.length),
      });
    return { rows: group.count(3), chunks };
  });
  const rows = meta.count(3);
  const inGroups = groups.reduce((sum, group) => sum + group.rows, 0);
  if (inGroups !== rows)
    throw new FormatError('corrupt', 'the row groups have other rows than the file counts', {
      expected: String(rows),
      found: String(inGroups),
    });
  return { schema, avroSchema: avroSchemaOf(meta), rows, groups, position };
}

function chunkOf(column: ThriftFields, limit: number): ColumnChunk {
  if (!column.has(3)) throw new FormatError('unsupported', 'a column of the Parquet file lies in another file');
  const meta = column.fields(3, 'ColumnMetaData');
  const dictionary = meta.countOr(11, 0);
  const data = meta.count(9);
  // Some writers give 0 where there is no dictionary.
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const end = start + meta.count(7);
  const values = meta.count(5);
  // Arrow gives no place to the columns of a row group without rows.
  if ((start < 4 && values > 0) || end > limit)
    throw new FormatError('corrupt', 'a column of the Parquet file is outside of its data', {
      expected: `bytes 4 to ${limit}`,
      found: `${start} to ${end}`,
    });
  return { start, end, codec: meta.count(4), values };
}

function avroSchemaOf(meta: ThriftFields): string {
  const pairs = meta.has(5) ? meta.all(5, 'KeyValue') : [];
  for (const name of ['parquet.avro.schema', 'avro.schema'])
    for (const pair of pairs) if (pair.text(1) === name) return pair.text(2);
  throw new FormatError('unsupported', 'the Parquet file has no Avro schema, so what its columns mean is not known', {
    expected: 'the property parquet.avro.schema, as parquet-avro (and so Kafka Connect) writes it',
    found: pairs.map((pair) => pair.text(1)).join(', ') || 'no property',
  });
}
