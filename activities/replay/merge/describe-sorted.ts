import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { openSortedFile } from '../../../formats/sorted/file/open-sorted-file.ts';
import { openStaged } from '../publish/replay-sequence.ts';

/** A sorted file in staging as a catalogue lists it; its footer is checked, its blocks are not read. */
export async function describeSorted(
  store: FileStore,
  path: string,
  fingerprint: string,
  signal: AbortSignal,
): Promise<CatalogueFile> {
  const source = await openStaged(store, path, signal);
  const {
    fingerprint: _same,
    source: _source,
    files: _files,
    sections,
    ...facts
  } = await openSortedFile(source, { fingerprint, signal });
  return {
    ...facts,
    path,
    length: source.length,
    tailBytes: source.length - facts.dataEnd,
    sections: sections.map(({ number, first, last, records, bytes }) => ({ number, first, last, records, bytes })),
  };
}
