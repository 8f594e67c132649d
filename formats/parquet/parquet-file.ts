import { parseSchema } from '../avro/schema/parse-schema.ts';
import type { ByteSource } from '../byte-source.ts';
import { ByteWriter } from '../byte-writer.ts';
import { FormatError } from '../format-error.ts';
import { withPosition } from '../with-position.ts';
import { ColumnCursor } from './column-cursor.ts';
import { ColumnPages } from './column-pages.ts';
import { DatumWriters } from './datum-writers.ts';
import { readFooter, type RowGroup } from './footer.ts';
import { leavesOf } from './schema-tree.ts';

/** A Parquet file that parquet-avro wrote. */
export interface ParquetFile {
  /** JSON of the Avro schema that its records were written with. */
  readonly schemaJson: string;
  readonly rows: number;
  /** Byte at which the footer begins, which says what the file holds. */
  readonly footer: number;
  readonly groups: readonly RowGroup[];
  /**
   * Records of a row group in Avro's binary encoding, in their order; each is valid until the next.
   * @throws FormatError: what comes behind in the group can't be read, other groups can
   */
  records(group: RowGroup, signal?: AbortSignal): AsyncGenerator<ParquetRecord>;
}

export interface ParquetRecord {
  bytes: Uint8Array;
  /** Byte of a page that holds some of it. */
  position: number;
  /** Place in its row group. */
  ordinal: number;
}

/** What is read ahead, shared by the columns of a file. */
const WINDOWS = 16 * 1024 * 1024;
const WINDOW = { least: 16 * 1024, most: 1024 * 1024 };
/** A datum that is larger won't fit into a message. */
const RECORD_LIMIT = 128 * 1024 * 1024;

/** @throws FormatError for what is no Parquet file, was cut, or was not written by parquet-avro */
export async function openParquet(source: ByteSource, signal?: AbortSignal): Promise<ParquetFile> {
  const { schema, avroSchema, rows, groups, position } = await readFooter(source, signal);
  const leaves = leavesOf(schema);
  const window = Math.max(WINDOW.least, Math.min(WINDOW.most, Math.floor(WINDOWS / Math.max(1, leaves.length))));

  async function* records(group: RowGroup, signal?: AbortSignal): AsyncGenerator<ParquetRecord> {
    const cursors = leaves.map((node, column) => {
      const pages = new ColumnPages(source, group.chunks[column]!, node, window);
      return new ColumnCursor(node, pages);
    });
    const write = inFooter(position, source.length, () =>
      new DatumWriters(cursors).of(parseSchema(avroSchema, { lenient: true }), schema),
    );
    const out = new ByteWriter();
    for (let ordinal = 0; ordinal < group.rows; ordinal += 1) {
      for (const cursor of cursors) if (!cursor.isReady) await cursor.load(signal);
      out.length = 0;
      write(out);
      if (out.length > RECORD_LIMIT)
        throw new FormatError('limit', 'a record is larger than the reader takes', {
          position: cursors[0]?.position ?? position,
          ordinal,
          expected: `at most ${RECORD_LIMIT} bytes`,
          found: String(out.length),
        });
      for (const cursor of cursors) if (cursor.repetition !== 0) throw apart(cursor, ordinal);
      yield { bytes: out.view(), position: cursors[0]?.position ?? position, ordinal };
    }
    for (const cursor of cursors) {
      if (!cursor.isReady) await cursor.load(signal);
      if (!cursor.atEnd) throw apart(cursor, group.rows);
    }
  }

  return { schemaJson: avroSchema, rows, footer: position, groups, records };
}

/** A column has more or less of a record than the others. */
function apart({ node, position }: ColumnCursor, ordinal: number): FormatError {
  return new FormatError('corrupt', `the column ${node.name} holds other rows than its row group`, {
    position,
    ordinal,
  });
}

function inFooter<T>(position: number, end: number, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw withPosition(error, position, end);
  }
}
