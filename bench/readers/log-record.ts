/** Bytes of a record, its line end included. */
export const RECORD = 513;

/** A line that compresses as logs do, to about a third. */
export function logRecord(i: number): Buffer {
  const words = Array.from({ length: 12 }, (_, n) => ((i * 2654435761 + n * 40503) >>> 0).toString(36));
  const start = `{"ts":${1394355600000 + i},"id":${i},"url":"/profile/view/${words[0]}","q":"`;
  return Buffer.from(
    `${start}${words
      .join(' member search ')
      .padEnd(RECORD, ' member')
      .slice(0, RECORD - start.length - 3)}"}\n`,
  );
}
