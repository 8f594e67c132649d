import type { ByteSource } from '../../../formats/byte-source.ts';
import type { DetectedFormat, RecordFormatName } from '../../../formats/record-formats.ts';
import { decodeAvroFile, decodeWholeRecords } from './decode-avro-file.ts';
import { decodeNifiFile } from './decode-nifi-file.ts';
import { decodeParquetFile } from './decode-parquet-file.ts';
import { decodeSequenceFile } from './decode-sequence-file.ts';
import { decodeTextFile } from './decode-text-file.ts';
import type { DecoderInput } from './decoder-input.ts';
import { fileFormat } from './file-format.ts';

/** Decodes the records of a file that belong to the split; yields whenever the sort buffer is full. */
type Decode<Detected> = (source: ByteSource, decoding: DecoderInput, detected: Detected) => AsyncGenerator<void>;

/** How the records of each format come into the sort buffer; the compiler asks for one that is missing. */
const DECODERS: { [Name in RecordFormatName]: Decode<DetectedFormat & { format: Name }> } = {
  avro: decodeAvroFile,
  'sequence-file': decodeSequenceFile,
  record: decodeWholeRecords,
  parquet: decodeParquetFile,
  text: (source, decoding, { compression }) => decodeTextFile(source, compression, decoding),
  nifi: (source, decoding, { compression }) => decodeNifiFile(source, compression, decoding),
};

/** Decodes a file of whatever format it is. */
export async function* decodeFile(source: ByteSource, decoding: DecoderInput): AsyncGenerator<void> {
  const detected = await fileFormat(source, decoding.path, decoding.job.archive.format);
  const decode = DECODERS[detected.format] as Decode<DetectedFormat>;
  yield* decode(source, decoding, detected);
}
