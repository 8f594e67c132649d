import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openContainer } from '../../formats/avro/container.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { openSequenceFile } from '../../formats/hadoop/sequence-file.ts';
import { leavesOf } from '../../formats/parquet/schema-tree.ts';
import { readFooter } from '../../formats/parquet/footer.ts';
import { readPageHeader } from '../../formats/parquet/page-header.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';

const FOLDER = join(projectRoot, 'test/java-archives/tiny');
const TWELVE_RECORDS = '0.0.12.12.1414915200000';
const PER_UNIT = 4;
const SYNC_LENGTH = 16;
/** The length of -1 before a marker in a SequenceFile. */
const SYNC_ESCAPE_LENGTH = 4;

/** The bytes between two sync markers, with the marker that ends them: what is lost when one of them is damaged. */
export interface Unit {
  start: number;
  /** Where its sync marker begins; `end` where the file has none. */
  markerStart: number;
  end: number;
  /** The ordinals in the file of its first record, and of the one behind its last. */
  firstRecord: number;
  endRecord: number;
}

/** A small file as Java wrote it, and what is known of its bytes. */
export interface Original {
  /** `snappy.avro`, `block.gzip.seq`, `lines.gz` */
  name: string;
  /** Under which it is read: Camus's names tell how many records there are. */
  path: string;
  bytes: Buffer;
  units: Unit[];
  /** Whether it can be read from the middle on. */
  isCuttable: boolean;
  /** Whether its parts are found by the bytes at which they are to begin, so that none is after one byte more or less. */
  isAddressed?: boolean;
  /** Whether the format has a checksum over this byte or a length that tells, so that a change can't pass. */
  isProtected: (position: number) => boolean;
}

/** The files of test/java-archives/tiny. */
export async function originals(): Promise<Original[]> {
  const names = readdirSync(FOLDER).sort();
  return Promise.all(names.map(async (name) => original(name, readFileSync(join(FOLDER, name)))));
}

async function original(name: string, bytes: Buffer): Promise<Original> {
  if (name.startsWith('lines')) {
    const path = `/in/tiny.${TWELVE_RECORDS}${name.slice('lines'.length)}`;
    const whole = { start: 0, markerStart: bytes.length, end: bytes.length, firstRecord: 0, endRecord: 12 };
    const hasChecksum = ['.gz', '.deflate', '.zst'].some((end) => name.endsWith(end));
    return { name, path, bytes, units: [whole], isCuttable: name === 'lines', isProtected: () => hasChecksum };
  }
  if (name.endsWith('.avro')) {
    const { syncMarker, codec } = await openContainer(bytesSource(bytes));
    const units = unitsOf(bytes, syncMarker, 0);
    const hasChecksum = codec === 'zstandard' ? name.includes('checksum') : !['null', 'deflate'].includes(codec);
    const isProtected = (position: number): boolean => hasChecksum && position >= units[0]!.start;
    return { name, path: `/in/tiny.${TWELVE_RECORDS}.avro`, bytes, units, isCuttable: true, isProtected };
  }
  if (name.endsWith('.parquet')) return parquet(name, bytes);
  const file = await openSequenceFile(bytesSource(bytes));
  const units = unitsOf(bytes, file.header.syncMarker!, SYNC_ESCAPE_LENGTH);
  return {
    name,
    path: `/in/tiny.${TWELVE_RECORDS}`,
    bytes,
    units,
    isCuttable: true,
    isProtected: await sequenceChecksums(name, bytes, units),
  };
}

/** Its units are row groups. Their pages have checksums, over what follows the head of each. */
async function parquet(name: string, bytes: Buffer): Promise<Original> {
  const { groups, schema } = await readFooter(bytesSource(bytes));
  const isChecked = new Uint8Array(bytes.length);
  const units = groups.map(({ chunks }, index): Unit => {
    for (const { start, end } of chunks)
      for (let at = start; at < end;) {
        const { header, length } = readPageHeader(bytes.subarray(at));
        if (header.crc === undefined) throw new Error(`a page of ${name} has no checksum`);
        isChecked.fill(1, at + length, at + length + header.compressed);
        at += length + header.compressed;
      }
    const { end } = chunks[leavesOf(schema).length - 1]!;
    const [start, firstRecord] = [chunks[0]!.start, index * PER_UNIT];
    return { start, markerStart: end, end, firstRecord, endRecord: firstRecord + PER_UNIT };
  });
  const path = `/in/tiny.${TWELVE_RECORDS}.parquet`;
  const isProtected = (position: number): boolean => isChecked[position] === 1;
  return { name, path, bytes, units, isCuttable: false, isAddressed: true, isProtected };
}

/** Compressed values, or whole blocks, of the codecs that have a checksum. Nothing is over keys of single records. */
async function sequenceChecksums(name: string, bytes: Buffer, units: Unit[]): Promise<(position: number) => boolean> {
  if (!['default', 'deflate', 'gzip', 'bzip2'].some((codec) => name.includes(`.${codec}.`))) return () => false;
  if (name.startsWith('block')) return (position) => position >= units[0]!.start;
  const values = new Uint8Array(bytes.length);
  for await (const { position, key } of (await openSequenceFile(bytesSource(bytes))).records()) {
    const length = bytes.readInt32BE(position);
    values.fill(1, position + 8 + key.length, position + 8 + length);
  }
  return (position) => values[position] === 1;
}

/** The first marker ends the header; every other ends four records. What is behind the last is a unit of its own. */
function unitsOf(bytes: Buffer, marker: Uint8Array, escape: number): Unit[] {
  const units: Unit[] = [];
  let start = bytes.indexOf(marker) + SYNC_LENGTH;
  while (start < bytes.length) {
    const found = bytes.indexOf(marker, start);
    const markerStart = found < 0 ? bytes.length : found - escape;
    const end = found < 0 ? bytes.length : found + SYNC_LENGTH;
    const firstRecord = units.at(-1)?.endRecord ?? 0;
    // In files compressed by blocks a marker comes before each block as well: no record is between the two.
    const isEmpty = markerStart === start;
    units.push({ start, markerStart, end, firstRecord, endRecord: firstRecord + (isEmpty ? 0 : PER_UNIT) });
    start = end;
  }
  return units;
}
