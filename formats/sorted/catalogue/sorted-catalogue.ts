import type { SortedFileSummary } from '../file/sorted-section.ts';

/** A sorted file as the catalogue holds it. Its sections may be some of the file's: others were merged elsewhere. */
export interface CatalogueFile extends Omit<SortedFileSummary, 'fingerprint'> {
  path: string;
}

/** What the first line of a catalogue says. */
export interface CatalogueHead {
  /** The job's sequence: that of every file. */
  fingerprint: string;
}

/** What the last line of a catalogue says: that nothing is missing. */
export interface CatalogueTotals {
  files: number;
  sections: number;
  records: number;
  /** Bytes of the sorted files. */
  bytes: number;
}

export const CATALOGUE_FORMAT = 'rewind-sorted-catalogue';
export const CATALOGUE_VERSION = 1;

/** Adds a file to the totals: the records and sections that are listed, and the bytes of the whole file. */
export function addToTotals(totals: CatalogueTotals, file: CatalogueFile): void {
  totals.files++;
  totals.sections += file.sections.length;
  totals.bytes += file.length;
  for (const section of file.sections) totals.records += section.records;
}
