import type { ByteSource } from '../../../formats/byte-source.ts';
import { detectFormat } from '../../../formats/detect.ts';
import { recordFormat, type DetectedFormat } from '../../../formats/record-formats.ts';
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
  if (named === 'auto') return detectFormat(source, path, signal);
  const { assumed, varies, lookingAs } = recordFormat({ format: named });
  if (!varies) return assumed;
  const detected = await detectFormat(source, path, signal);
  return detected.format === named ? detected : (lookingAs?.(detected) ?? assumed);
}

/** Whether a file of the format can be read from the middle on. */
export function isCuttable(detected: DetectedFormat): boolean {
  return recordFormat(detected).cuttable(detected);
}

/** `avro`, `sequence-file`, `text`, `text (gzip)`. */
export function describeFormat(detected: DetectedFormat): string {
  if (!('compression' in detected) || detected.compression === 'none') return detected.format;
  return `${detected.format} (${detected.compression})`;
}
