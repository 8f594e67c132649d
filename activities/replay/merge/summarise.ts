import { compareInt64, int64ToBigInt } from '../../../formats/int64.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { CatalogueSummary } from '../steps.ts';

/** What a catalogue tells of the records that are merged from it. */
export function summarise(
  files: readonly CatalogueFile[],
  overlap: number,
  passes: number,
  byTime: boolean,
): CatalogueSummary {
  const sections = files.flatMap((file) => file.sections);
  const compareTimes = (a: { timeHi: number; timeLo: number }, b: { timeHi: number; timeLo: number }): number =>
    compareInt64(a.timeHi, a.timeLo, b.timeHi, b.timeLo);
  const first = sections
    .map((section) => section.first)
    .reduce(
      (least, key) => (compareTimes(key, least) < 0 ? key : least),
      sections[0]?.first ?? { timeHi: 0, timeLo: 0 },
    );
  const last = sections
    .map((section) => section.last)
    .reduce((most, key) => (compareTimes(key, most) > 0 ? key : most), sections[0]?.last ?? { timeHi: 0, timeLo: 0 });
  const text = ({ timeHi, timeLo }: { timeHi: number; timeLo: number }): string | undefined =>
    sections.length === 0 || !byTime ? undefined : int64ToBigInt(timeHi, timeLo).toString();
  return {
    records: sections.reduce((sum, section) => sum + BigInt(section.records), 0n).toString(),
    sections: sections.length,
    overlap,
    passes,
    firstTime: text(first),
    lastTime: text(last),
    largestRecord: files.reduce((most, file) => Math.max(most, file.largestBody), 0),
  };
}
