import type { FileSource } from '../../../connections/hdfs/file-source.ts';
import type { CountedRecords } from '../../../formats/counted-records.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { JobError } from '../../step/job-error.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import { bytesOf, recordsInFile } from './count-lost.ts';
import { decodeFile } from './decode-file.ts';
import { fileFormat, isCuttable } from './file-format.ts';
import type { DecoderInput } from './decoder-input.ts';
import { perByteOf } from './records-per-byte.ts';

/**
 * Decodes a file of the manifest, or the part of it that belongs to the split: it must be the one that was listed, and
 * hold as many records as its name counts. Yields whenever the sort buffer is full.
 *
 * What is lost under `skip` is counted by what the file itself says (heads of blocks, frames, line ends); of bytes of
 * which it says nothing, by the count in the name; else it is estimated by bytes.
 */
export async function* decodeListedFile(
  source: FileSource,
  file: ManifestFile,
  given: Omit<DecoderInput, 'path'>,
): AsyncGenerator<void> {
  const range = await rangeOf(source, file, given);
  if (range === 'nothing') return;
  const parts = { ...given, range };
  const { sink, skipped, sampling = false } = parts;
  const decoding = { ...parts, path: file.path };
  const before = { read: sink.read, found: sink.read + skipped.count };
  const found = (): number => sink.read + skipped.count - before.found;
  try {
    yield* decodeFile(source, decoding);
    // Only now is it certain that every byte was of the file in the manifest.
    await source.verify();
  } catch (error) {
    // Nor is the file blamed for anything before that.
    if (error instanceof JobError || error instanceof FormatError) await source.verify();
    if (!(error instanceof FormatError)) throw error;
    // A sample is to be quick, and only guesses.
    const counts = skipped.goesOn && !sampling;
    const all = counts ? await recordsInFile(source, decoding) : { records: 0, bytes: bytesOf(source, parts.range) };
    skipped.orThrow(error, file.path, lostOf(all, found(), parts.range));
  }
  if (sampling && skipped.hasOpen) return;
  if (parts.range === undefined && file.count !== undefined) return checkCount(file, file.count, found(), skipped);
  if (parts.range === undefined && file.room !== undefined)
    checkRoom(file, file.room, { found: found(), read: sink.read - before.read }, parts);
  skipped.settle({ perByte: perByte(file, parts, sink.read - before.read) });
}

/**
 * What of the file belongs to the split. A file that was cut by its name, and can't be read from the middle on, belongs to
 * the split that has its beginning.
 */
async function rangeOf(
  source: FileSource,
  { path }: ManifestFile,
  { job, range, sampling = false }: Omit<DecoderInput, 'path'>,
): Promise<DecoderInput['range'] | 'nothing'> {
  if (range === undefined || sampling) return range;
  try {
    if (isCuttable(await fileFormat(source, path, job.archive.format))) return range;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return range.start === 0 ? undefined : 'nothing';
}

/** What a file that was given up at some record has lost: one record at least; of a part of it maybe none. */
function lostOf(all: CountedRecords, found: number, range: DecoderInput['range']): CountedRecords {
  const records = Math.max(0, all.records - found);
  const something = records > 0 || all.bytes > 0 || range !== undefined;
  return { ...all, records: something ? records : 1 };
}

/** Records a byte, by the count in the name, by what was read of the file itself, or by the rest of the archive. */
function perByte(
  { count, path, length }: ManifestFile,
  { range, skipped, ...parts }: Omit<DecoderInput, 'path'>,
  read: number,
): number {
  if (count !== undefined && length > 0) return count / length;
  const readBytes = bytesOf({ length }, range) - skipped.openBytes;
  return read > 0 && readBytes > 0 ? read / readBytes : perByteOf(path, parts.recordsPerByte);
}

/** A container that is cut between two blocks looks whole; the count in Camus's name tells. */
function checkCount(file: ManifestFile, count: number, found: number, skipped: DecoderInput['skipped']): void {
  const rest = Math.max(0, count - found);
  // A file of which nothing could be read has lost something, whatever its name says.
  if (skipped.hasOpen) return skipped.settle({ rest: found === 0 ? Math.max(1, rest) : rest });
  if (found === count) return;
  const error = new FormatError('truncated', 'the file does not hold the records that its name counts', {
    position: file.length,
    expected: `${count} records`,
    found: `${found}`,
  });
  skipped.orThrow(error, file.path, { records: rest });
}

/**
 * A name with first and last offset: the file has these two records, and none without an offset; those of the file alone,
 * as many as the log had.
 */
function checkRoom(
  { path, length, alone }: ManifestFile,
  room: number,
  { found, read }: { found: number; read: number },
  { sink, skipped }: Pick<DecoderInput, 'sink' | 'skipped'>,
): void {
  const least = Math.min(room, 2);
  // What else is wrong with the file is told, and counted, already.
  const whole = !skipped.hasOpen && found === read;
  if (whole && found < least) {
    const what = 'the file does not hold the records of the first and last offset in its name';
    const expected = least === 1 ? 'a record' : `at least ${least} records`;
    const error = new FormatError('truncated', what, { position: length, expected, found: `${found}` });
    return skipped.orThrow(error, path, { records: least - found });
  }
  const held = `${found === 1 ? '1 record' : `${found} records`}, and its name has ${room === 1 ? '1 offset' : `${room} offsets`}`;
  if (found < room && alone === true)
    sink.remark([
      `${path} holds ${held}: transaction markers, compaction and null values that were left out make that, and so does a file that was cut between two blocks`,
    ]);
  if (found <= room) return;
  if (skipped.goesOn) return sink.remark([`${path} holds ${held}: what follows from its offsets is wrong`]);
  const error = new FormatError('corrupt', 'the file holds more records than its name has offsets', {
    position: length,
    expected: `at most ${room} records`,
    found: `${found}`,
  });
  skipped.orThrow(error, path, { records: 0 });
}
