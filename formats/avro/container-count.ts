import type { ByteSource } from '../byte-source.ts';
import type { CountedRecords } from '../counted-records.ts';
import { Container } from './container.ts';
import { readContainerHeader } from './container-header.ts';

const HEADER_LIMIT = 16 * 1024 * 1024;

/**
 * How many records a container file, or a split of it, holds by the heads of its blocks: nothing is decompressed, so the
 * codec may be one that is not known, and the schema one that does not resolve.
 * @throws FormatError where the header can't be read
 */
export async function countContainerRecords(
  source: ByteSource,
  range: { start: number; end: number } | undefined,
): Promise<CountedRecords> {
  const header = await readContainerHeader(source, HEADER_LIMIT);
  const container = new Container(source, header, (bytes) => bytes, { decompressedLimit: Infinity });
  const counted = { records: 0, bytes: 0 };
  const blocks = container.blocks({
    ...range,
    onBadBlock: (_error, { position, end, count }) => {
      if (count === undefined) counted.bytes += end - position;
      else counted.records += count;
      return 'skip';
    },
  });
  for await (const { count } of blocks) counted.records += count;
  return counted;
}
