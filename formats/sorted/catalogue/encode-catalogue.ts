import { crc32c } from '@node-rs/crc32';
import { hex } from '../file/sorted-file-header.ts';
import { addToTotals, CATALOGUE_FORMAT, CATALOGUE_VERSION } from './sorted-catalogue.ts';
import type { CatalogueFile, CatalogueHead, CatalogueTotals } from './sorted-catalogue.ts';
import { formatSortKey } from '../file/sort-key.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * A catalogue as JSON lines: the head, one line a sorted file, and a last line with the totals and the CRC32C of all
 * bytes before it. Yields chunks, returns the totals.
 */
export async function* encodeCatalogue(
  head: CatalogueHead,
  files: Iterable<CatalogueFile> | AsyncIterable<CatalogueFile>,
): AsyncGenerator<Uint8Array, CatalogueTotals> {
  const totals: CatalogueTotals = { files: 0, sections: 0, records: 0, bytes: 0 };
  const { fingerprint } = head;
  let text = line({ format: CATALOGUE_FORMAT, version: CATALOGUE_VERSION, fingerprint });
  let checksum = 0;
  for await (const file of files) {
    addToTotals(totals, file);
    text += line(fileLine(file));
    if (text.length < CHUNK_BYTES) continue;
    const chunk = Buffer.from(text);
    checksum = crc32c(chunk, checksum);
    text = '';
    yield chunk;
  }
  checksum = crc32c(Buffer.from(text), checksum);
  yield Buffer.from(text + line({ end: { ...totals, crc32c: hex(checksum) } }));
  return totals;
}

/** The fields in an order of their own, so that equal files give equal bytes. */
function fileLine(file: CatalogueFile): object {
  const { path, firstSplit, lastSplit, length, tailBytes, records, bodyBytes, largestBody, largestBlock } = file;
  const sections = file.sections.map(({ number, first, last, records: count, bytes }) => ({
    number,
    first: formatSortKey(first),
    last: formatSortKey(last),
    records: count,
    bytes,
  }));
  const sizes = { length, tailBytes, records, bodyBytes, largestBody, largestBlock };
  return { path, firstSplit, lastSplit, ...sizes, partitionRecords: file.partitionRecords, sections };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
