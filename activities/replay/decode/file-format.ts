import type { ByteSource } from '../../../formats/byte-source.ts';
import { detectFormat, type DetectedFormat } from '../../../formats/detect.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/**
 * What a file is: as its bytes and its name tell, or as the job says. Of text the compression is looked for in either
 * case.
 */
export async function fileFormat(
  source: ByteSource,
  path: string,
  named: ReplayJob['archive']['format'],
  signal?: AbortSignal,
): Promise<DetectedFormat> {
  if (named === 'avro' || named === 'sequence-file') return { format: named };
  const detected = await detectFormat(source, path, signal);
  return named === 'text' && detected.format !== 'text' ? { format: 'text', compression: 'none' } : detected;
}

/** Whether a file of the format can be read from the middle on: at sync markers, or at line ends. */
export function isCuttable(detected: DetectedFormat): boolean {
  return detected.format !== 'text' || detected.compression === 'none';
}

/** `avro`, `sequence-file`, `text`, `text (gzip)`. */
export function describeFormat(detected: DetectedFormat): string {
  if (detected.format !== 'text' || detected.compression === 'none') return detected.format;
  return `text (${detected.compression})`;
}
