import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileSource } from '../../../connections/hdfs/file-source.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { JobError } from '../../step/job-error.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import { decodeFile } from './decode-file.ts';
import type { FileDecoding } from './file-decoding.ts';

/**
 * Decodes a file of the manifest, or the part of it that belongs to the split: it must be the one that was listed, and
 * hold as many records as its name counts. Yields whenever the sort buffer is full.
 */
export async function* decodeListedFile(
  source: FileSource,
  file: ManifestFile,
  parts: Omit<FileDecoding, 'path'>,
): AsyncGenerator<void> {
  const { sink, skipped, range } = parts;
  const before = sink.read + skipped.count;
  const found = (): number => sink.read + skipped.count - before;
  try {
    await source.verify();
    yield* decodeFile(source, { ...parts, path: file.path });
    // Only now is it certain that every byte was of the file in the manifest.
    await source.verify();
  } catch (error) {
    if (error instanceof JobError || error instanceof ConnectionError) throw error;
    if (!(error instanceof FormatError)) throw error;
    skipped.orThrow(error, file.path, { records: Math.max(1, expectedOf(file, range) - found()) });
  }
  if (range === undefined) checkCount(file, found(), skipped);
}

/** Records that the split takes of the file, as far as its name tells. */
function expectedOf({ count = 1, length }: ManifestFile, range: FileDecoding['range']): number {
  return range === undefined ? count : Math.ceil((count * (range.end - range.start)) / length);
}

/** A container that is cut between two blocks looks whole; the count in Camus's name tells. */
function checkCount(file: ManifestFile, found: number, skipped: FileDecoding['skipped']): void {
  if (file.count === undefined || found === file.count) return;
  const error = new FormatError('truncated', 'the file does not hold the records that its name counts', {
    position: file.length,
    expected: `${file.count} records`,
    found: `${found}`,
  });
  skipped.orThrow(error, file.path, { records: Math.max(0, file.count - found) });
}
