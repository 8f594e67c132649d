import type { ByteSource } from '../../../formats/byte-source.ts';
import { decodeAvroFile } from './decode-avro-file.ts';
import { decodeSequenceFile } from './decode-sequence-file.ts';
import { decodeTextFile } from './decode-text-file.ts';
import type { FileDecoding } from './file-decoding.ts';
import { fileFormat } from './file-format.ts';

/** Decodes the records of a file that belong to the split; yields whenever the sort buffer is full. */
export async function* decodeFile(source: ByteSource, decoding: FileDecoding): AsyncGenerator<void> {
  const detected = await fileFormat(source, decoding.path, decoding.job.archive.format);
  if (detected.format === 'avro') yield* decodeAvroFile(source, decoding);
  else if (detected.format === 'sequence-file') yield* decodeSequenceFile(source, decoding);
  else yield* decodeTextFile(source, detected.compression, decoding);
}
