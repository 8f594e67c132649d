import type { ByteSource } from '../../byte-source.ts';
import type { CatalogueFile } from '../catalogue/sorted-catalogue.ts';
import type { MergeSection } from './mergeable-section.ts';
import { openSortedFile } from '../file/open-sorted-file.ts';
import type { SortedFile } from '../file/open-sorted-file.ts';
import { FormatError } from '../../format-error.ts';
import { SectionCursor } from '../file/section-cursor.ts';
import type { SectionCursorOptions } from '../file/section-cursor.ts';
import type { SectionSummary } from '../file/sorted-section.ts';

export interface SortedFilePoolOptions extends Pick<SectionCursorOptions, 'rangeBytes'> {
  /** Opens a file by its path; its length is the one in the catalogue, or an error. */
  openSource: (path: string, length: number) => ByteSource | Promise<ByteSource>;
  /** The sequence that every file must belong to. */
  fingerprint: string;
}

/** Opens sorted files when a merge comes to one of their sections; sections of one file share its footer. */
export class SortedFilePool {
  readonly #options: SortedFilePoolOptions;
  /** Footers of the files that have been opened and are still used by somebody. */
  readonly #files = new Map<string, WeakRef<SortedFile>>();

  constructor(options: SortedFilePoolOptions) {
    this.#options = options;
  }

  /** The sections of a file of the catalogue, to be merged. */
  sections(file: CatalogueFile): MergeSection[] {
    return file.sections.map((section) => this.section(file, section));
  }

  section(file: CatalogueFile, section: SectionSummary): MergeSection {
    return {
      name: `${file.path}, section ${section.number}`,
      first: section.first,
      last: section.last,
      records: section.records,
      open: (signal) => this.#open(file, section.number, signal),
    };
  }

  async #open(file: CatalogueFile, number: number, signal?: AbortSignal): Promise<SectionCursor> {
    const sortedFile = this.#files.get(file.path)?.deref() ?? (await this.#openFile(file, signal));
    const section = sortedFile.sections[number];
    if (section === undefined)
      throw new FormatError('corrupt', 'the sorted file is not the one in the catalogue: write both again', {
        expected: `section ${number}`,
        found: `${sortedFile.sections.length} sections`,
      });
    return new SectionCursor(sortedFile, section, { rangeBytes: this.#options.rangeBytes, signal });
  }

  async #openFile(file: CatalogueFile, signal?: AbortSignal): Promise<SortedFile> {
    const source = await this.#options.openSource(file.path, file.length);
    if (source.length !== file.length)
      throw new FormatError('truncated', 'the sorted file has another length than in the catalogue: write it again', {
        position: source.length,
        expected: `${file.length} bytes`,
        found: `${source.length} bytes`,
      });
    const { fingerprint } = this.#options;
    const sortedFile = await openSortedFile(source, { fingerprint, tailBytes: file.tailBytes, signal });
    this.#files.set(file.path, new WeakRef(sortedFile));
    return sortedFile;
  }
}
