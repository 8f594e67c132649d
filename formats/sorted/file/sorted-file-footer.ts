import { crc32c } from '@node-rs/crc32';
import { FieldWriter } from './field-writer.ts';
import type { IndexEntry } from './section-index.ts';
import type { SectionSummary, SourceFile } from './sorted-section.ts';
import { TRAILER_MAGIC } from './sorted-file-layout.ts';

/** What a writer knows at the end of a file. */
export interface FooterFacts {
  firstSplit: number;
  lastSplit: number;
  fingerprint: string;
  /** Where the header ends. */
  dataStart: number;
  /** Where the last section ends and the footer begins. */
  dataEnd: number;
  records: number;
  bodyBytes: number;
  largestBody: number;
  largestBlock: number;
  partitionRecords: readonly number[];
  sections: readonly (SectionSummary & { position: number; index: readonly IndexEntry[] })[];
  files: readonly SourceFile[];
}

/** The footer and the trailer: all that follows the last section. */
export function encodeFooter(facts: FooterFacts): Uint8Array {
  const fingerprint = Buffer.from(facts.fingerprint);
  const fields = new FieldWriter()
    .u32(facts.firstSplit)
    .u32(facts.lastSplit)
    .u32(fingerprint.length)
    .bytes(fingerprint)
    .u53(facts.dataStart)
    .u53(facts.dataEnd)
    .u53(facts.records)
    .u53(facts.bodyBytes)
    .u32(facts.largestBody)
    .u32(facts.largestBlock);
  fields.u32(facts.partitionRecords.length);
  for (const records of facts.partitionRecords) fields.u53(records);
  fields.u32(facts.sections.length);
  for (const section of facts.sections) {
    fields.u53(section.position).u53(section.bytes).u53(section.records).key(section.first).key(section.last);
    fields.u32(section.index.length);
    for (const entry of section.index) fields.u53(entry.position).u53(entry.before).key(entry.first);
  }
  fields.u32(facts.files.length);
  for (const file of facts.files) {
    const path = Buffer.from(file.path);
    fields.u32(file.split).i32(file.sourcePartition).u32(path.length).bytes(path);
  }
  fields.u32(fields.view().length);
  return Buffer.from(fields.u32(crc32c(fields.view())).bytes(Buffer.from(TRAILER_MAGIC)).view());
}
