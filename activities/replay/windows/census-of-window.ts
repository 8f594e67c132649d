import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import { continuedCensus } from '../merge/continued-census.ts';
import { OffsetCensus, type Census } from '../merge/offset-census.ts';
import { reaching, sectionsOfSpan, type DecodedSplit, type OffsetSpan } from './carried-splits.ts';

/**
 * Counts the offsets of one window on top of those before it, before any of its records is published: records that are
 * there twice, and offsets that none has. By what the splits tell; where that is not enough, its records are gone through.
 */
export async function censusOfWindow(
  before: Census,
  splits: readonly DecodedSplit[],
  span: OffsetSpan,
  signal: AbortSignal,
): Promise<Census> {
  const sections = sectionsOfSpan(splits, span);
  const records = sections.reduce((sum, section) => sum + section.records, 0);
  const told = reaching(splits, span.from).map(({ offsets }) => offsets);
  return continuedCensus(before, told, span, records) ?? throughAll(before, sections, signal);
}

async function throughAll(
  before: Census,
  sections: ReturnType<typeof sectionsOfSpan>,
  signal: AbortSignal,
): Promise<Census> {
  const census = new OffsetCensus(before);
  const merge = new MergeStream(sections, { maxOpen: Math.max(1, sections.length), signal });
  try {
    for (;;) {
      while (merge.next()) census.take(merge.entry);
      if (!merge.needsData) return census.result(before.fingerprint);
      await merge.fill();
    }
  } finally {
    await merge.close();
  }
}
