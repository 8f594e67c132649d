import { crc32c } from '@node-rs/crc32';
import type { ByteSource } from '../../byte-source.ts';
import { FormatError } from '../../format-error.ts';
import { readLines } from './catalogue-lines.ts';
import { CatalogueFields } from './catalogue-fields.ts';
import { hex } from '../file/sorted-file-header.ts';
import { addToTotals, CATALOGUE_FORMAT, CATALOGUE_VERSION } from './sorted-catalogue.ts';
import type { CatalogueFile, CatalogueTotals } from './sorted-catalogue.ts';
import { compareSortKeys } from '../file/sort-key.ts';
import type { SectionSummary } from '../file/sorted-section.ts';

export interface DecodeCatalogueOptions {
  /** The sequence that the catalogue must be of; not checked unless given. */
  fingerprint?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads what `encodeCatalogue` wrote, file by file; returns the totals. Whether the catalogue is whole and unharmed is
 * known at its end only: use nothing of it before. Throws FormatError.
 */
export async function* decodeCatalogue(
  source: ByteSource,
  options: DecodeCatalogueOptions = {},
): AsyncGenerator<CatalogueFile, CatalogueTotals> {
  const totals: CatalogueTotals = { files: 0, sections: 0, records: 0, bytes: 0 };
  let checksum = 0;
  let ordinal = 0;
  let ended = false;
  for await (const { bytes, position } of readLines(source, options.signal)) {
    const fields = CatalogueFields.parse(bytes, position);
    if (ended) fields.fail('end', 'no line behind the totals', 'another line');
    if (ordinal++ === 0) checkHead(fields, options.fingerprint);
    else if (fields.has('end')) {
      checkTotals(fields.object('end'), totals, checksum);
      ended = true;
    } else {
      const file = decodeFile(fields);
      addToTotals(totals, file);
      yield file;
    }
    checksum = crc32c(bytes, checksum);
  }
  if (!ended)
    throw new FormatError('truncated', 'the catalogue ends without its totals, so it was cut off: write it again', {
      position: source.length,
      expected: 'a last line with the totals',
      found: `the end after ${ordinal} lines`,
    });
  return totals;
}

function checkHead(fields: CatalogueFields, fingerprint: string | undefined): void {
  if (fields.text('format') !== CATALOGUE_FORMAT) fields.fail('format', CATALOGUE_FORMAT, fields.text('format'));
  const version = fields.count('version');
  if (version !== CATALOGUE_VERSION)
    throw new FormatError('unsupported', 'this version of catalogues is not known: use the release that wrote it', {
      position: 0,
      expected: `version ${CATALOGUE_VERSION}`,
      found: `version ${version}`,
    });
  const found = fields.text('fingerprint');
  if (fingerprint !== undefined && found !== fingerprint) fields.fail('fingerprint', fingerprint, found);
}

function checkTotals(fields: CatalogueFields, totals: CatalogueTotals, checksum: number): void {
  for (const name of ['files', 'sections', 'records', 'bytes'] as const)
    if (fields.count(name) !== totals[name]) fields.fail(name, `${totals[name]}`, `${fields.count(name)}`);
  if (fields.text('crc32c') !== hex(checksum)) fields.fail('crc32c', hex(checksum), fields.text('crc32c'));
}

function decodeFile(fields: CatalogueFields): CatalogueFile {
  return {
    path: fields.text('path'),
    firstSplit: fields.count('firstSplit'),
    lastSplit: fields.count('lastSplit'),
    length: fields.count('length'),
    tailBytes: fields.count('tailBytes'),
    records: fields.count('records'),
    bodyBytes: fields.count('bodyBytes'),
    largestBody: fields.count('largestBody'),
    largestBlock: fields.count('largestBlock'),
    partitionRecords: fields.counts('partitionRecords'),
    sections: fields.objects('sections').map(decodeSection),
  };
}

function decodeSection(fields: CatalogueFields): SectionSummary {
  const section = {
    number: fields.count('number'),
    first: fields.key('first'),
    last: fields.key('last'),
    records: fields.count('records'),
    bytes: fields.count('bytes'),
  };
  if (compareSortKeys(section.first, section.last) > 0)
    fields.fail('last', `none before ${fields.text('first')}`, fields.text('last'));
  return section;
}
