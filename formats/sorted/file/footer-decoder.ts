import type { FieldReader } from './field-reader.ts';
import { SectionIndex } from './section-index.ts';
import { BLOCK_HEAD_BYTES, ENTRY_HEAD_BYTES, MAX_PARTITIONS } from './sorted-file-layout.ts';
import { compareSortKeys, formatSortKey } from './sort-key.ts';
import type { SortedSection } from './sorted-section.ts';
import { SourceFiles } from './source-files.ts';

/** A footer whose numbers agree with each other. */
export interface SortedFileFooter {
  firstSplit: number;
  lastSplit: number;
  fingerprint: string;
  dataStart: number;
  dataEnd: number;
  records: number;
  bodyBytes: number;
  largestBody: number;
  largestBlock: number;
  partitionRecords: number[];
  sections: SortedSection[];
  files: SourceFiles;
}

/** Reads a footer whose checksum was right, and checks that it describes this file without gaps. Throws FormatError. */
export function decodeFooter(reader: FieldReader): SortedFileFooter {
  const [firstSplit, lastSplit] = [reader.u32('first split'), reader.u32('last split')];
  const fingerprint = Buffer.from(reader.take(reader.u32('length of the fingerprint'), 'fingerprint')).toString();
  const [dataStart, dataEnd] = [reader.u53('end of the header'), reader.u53('end of the sections')];
  if (dataEnd !== reader.start) reader.fail('end of the sections', `${reader.start}`, `${dataEnd}`);
  const [records, bodyBytes] = [reader.u53('number of records'), reader.u53('bytes of bodies')];
  const [largestBody, largestBlock] = [reader.u32('largest body'), reader.u32('largest block')];
  const partitionRecords = decodePartitions(reader, records);
  const sections: SortedSection[] = [];
  const sectionCount = reader.u32('number of sections');
  let position = dataStart;
  let total = 0;
  for (let number = 0; number < sectionCount; number++) {
    const section = decodeSection(reader, number, position);
    position += section.bytes;
    total += section.records;
    sections.push(section);
  }
  if (position !== dataEnd) reader.fail('end of the last section', `${dataEnd}`, `${position}`);
  if (total !== records) reader.fail('records of the sections', `${records}`, `${total}`);
  const heads = records * ENTRY_HEAD_BYTES + (records > 0 ? BLOCK_HEAD_BYTES : 0);
  if (heads + bodyBytes > dataEnd - dataStart)
    reader.fail('bytes of bodies', `at most ${dataEnd - dataStart - heads}`, `${bodyBytes}`);
  const files = new SourceFiles(reader, firstSplit, lastSplit);
  if (reader.remaining > 0) reader.fail('end of the footer', 'no more bytes', `${reader.remaining} bytes`);
  const facts = { firstSplit, lastSplit, fingerprint, dataStart, dataEnd, records, bodyBytes };
  return { ...facts, largestBody, largestBlock, partitionRecords, sections, files };
}

function decodePartitions(reader: FieldReader, records: number): number[] {
  const count = reader.u32('number of partitions');
  if (count > MAX_PARTITIONS) reader.fail('number of partitions', `at most ${MAX_PARTITIONS}`, `${count}`);
  const partitionRecords: number[] = [];
  for (let partition = 0; partition < count; partition++) partitionRecords.push(reader.u53('records of a partition'));
  const total = partitionRecords.reduce((all, one) => all + one, 0);
  if (total !== records) reader.fail('records of the partitions', `${records}`, `${total}`);
  return partitionRecords;
}

function decodeSection(reader: FieldReader, number: number, expectedPosition: number): SortedSection {
  const position = reader.u53('position of a section');
  if (position !== expectedPosition) reader.fail('position of a section', `${expectedPosition}`, `${position}`);
  const [bytes, records] = [reader.u53('bytes of a section'), reader.u53('records of a section')];
  const [first, last] = [reader.key('first key of a section'), reader.key('last key of a section')];
  if (records === 0) reader.fail('records of a section', 'at least one', 'none');
  if (compareSortKeys(first, last) > 0)
    reader.fail('last key of a section', `none before ${formatSortKey(first)}`, formatSortKey(last));
  const index = new SectionIndex(reader, reader.u32('length of an index'));
  checkIndex(reader, index, { number, position, bytes, records, first, last, index });
  return { number, position, bytes, records, first, last, index };
}

function checkIndex(reader: FieldReader, index: SectionIndex, section: SortedSection): void {
  if (index.length === 0) reader.fail('index of a section', 'at least one entry', 'none');
  let before = index.entry(0);
  if (before.position !== section.position || before.before !== 0 || compareSortKeys(before.first, section.first) !== 0)
    reader.fail('index of a section', 'its first entry at the first record', `${before.position}`);
  for (let number = 1; number < index.length; number++) {
    const entry = index.entry(number);
    const ascends =
      entry.position > before.position &&
      entry.before > before.before &&
      compareSortKeys(entry.first, before.first) > 0;
    if (!ascends) reader.fail('index of a section', 'ascending entries', `entry ${number} at ${entry.position}`);
    before = entry;
  }
  if (
    before.position >= section.position + section.bytes ||
    before.before >= section.records ||
    compareSortKeys(before.first, section.last) > 0
  )
    reader.fail('index of a section', 'its last entry within the section', `an entry at ${before.position}`);
}
