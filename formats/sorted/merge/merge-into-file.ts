import type { MergeSection } from './mergeable-section.ts';
import { MergeStream } from './merge-stream.ts';
import type { EntryOrigin } from '../file/sorted-entry.ts';
import type { SectionOpenerOptions } from './section-opener.ts';
import type { SortedFileWriter } from '../file/sorted-file-writer.ts';
import type { SortedFileSummary } from '../file/sorted-section.ts';

/**
 * Merges sections into one sorted file of one section: a merge pass. Keys keep the splits that they came with, so the
 * sequence, and every position in it, is the same whichever passes were run. Yields chunks in memory of their own,
 * returns the summary. Holds one block, the open sections, and the table of input files.
 */
export async function* mergeSections(
  sections: Iterable<MergeSection>,
  writer: SortedFileWriter,
  options: SectionOpenerOptions,
): AsyncGenerator<Uint8Array, SortedFileSummary> {
  const merge = new MergeStream(sections, options);
  try {
    yield writer.start();
    const section = writer.openSection();
    /** Where the input files of each sorted file begin in the writer's table. */
    const tables = new Map<EntryOrigin, number>();
    for (;;) {
      while (merge.next()) {
        const { entry } = merge;
        const { bytes, bodyStart, bodyEnd } = entry;
        if (section.isFull(bodyEnd - bodyStart)) yield section.takeBlock()!;
        const table = tables.get(entry.sortedFile) ?? addFiles(writer, tables, entry.sortedFile);
        section.append(entry, table + entry.file, entry.partition, bytes, bodyStart, bodyEnd);
      }
      if (!merge.needsData) break;
      await merge.fill();
    }
    const last = section.end();
    if (last !== undefined) yield last;
    yield writer.finish();
    return writer.summary;
  } finally {
    await merge.close();
  }
}

function addFiles(writer: SortedFileWriter, tables: Map<EntryOrigin, number>, sortedFile: EntryOrigin): number {
  let first = 0;
  for (let file = 0; file < sortedFile.files.length; file++) {
    const number = writer.addFile(sortedFile.files.file(file));
    if (file === 0) first = number;
  }
  tables.set(sortedFile, first);
  return first;
}
