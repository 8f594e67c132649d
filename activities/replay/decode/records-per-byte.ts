import { nameEnding } from '../manifest/file-picker.ts';

/** Records a byte of the files that a sample could read, by the ending of their names, and of all of them as `*`. */
export type RecordsPerByte = Record<string, number>;

/** Where a sample could read nothing at all: a record is taken to have so many bytes. */
const BYTES_A_RECORD = 256;
/** What a compressed file holds more a byte than a plain one, where only plain ones could be read: usual for logs. */
const COMPRESSED_FACTOR = 8;
const COMPRESSED = new Set(['.gz', '.deflate', '.snappy', '.lz4', '.zst', '.bz2', '.xz', '.lzo']);

/** Of a file that was sampled, what counts here; nothing where it could not be read. */
type Sampled = { file: { path: string } } & (
  { sample: { read: number; skipped: number; bytes: number } } | { error: unknown }
);

export function recordsPerByte(sampled: readonly Sampled[]): RecordsPerByte {
  const sums = new Map<string, { records: number; bytes: number }>();
  for (const one of sampled) {
    if (!('sample' in one)) continue;
    const { read, skipped, bytes } = one.sample;
    if (read - skipped === 0 || bytes === 0) continue;
    for (const key of ['*', nameEnding(one.file.path)]) {
      const sum = sums.get(key) ?? { records: 0, bytes: 0 };
      sums.set(key, { records: sum.records + read - skipped, bytes: sum.bytes + bytes });
    }
  }
  return Object.fromEntries([...sums].map(([key, { records, bytes }]) => [key, records / bytes]));
}

/** How many records a byte of this file holds, as far as others tell. */
export function perByteOf(path: string, known: RecordsPerByte = {}): number {
  const ending = nameEnding(path);
  const same = known[ending];
  if (same !== undefined) return same;
  const { '*': all = 1 / BYTES_A_RECORD } = known;
  const plainOnly = !Object.keys(known).some((one) => COMPRESSED.has(one));
  return COMPRESSED.has(ending) && plainOnly ? all * COMPRESSED_FACTOR : all;
}
