import { maxOverlap } from '../../../formats/sorted/merge/key-overlap.ts';
import { planMergePasses } from '../../../formats/sorted/merge/passes/plan-passes.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { SectionSummary } from '../../../formats/sorted/file/sorted-section.ts';

/** A section of a catalogue, with the file that it is in. */
export interface ListedSection extends SectionSummary {
  file: CatalogueFile;
}

/** Sections to be merged into one file each, before the rest; empty where all fits into one merge. */
export type MergeGroups = ListedSection[][];

export function sectionsOf(files: readonly CatalogueFile[]): ListedSection[] {
  return files.flatMap((file) => file.sections.map((section) => ({ ...section, file })));
}

/** Plans the next round of merge passes over a catalogue. What comes of it holds once it is in staging (merge-round.ts). */
export function planRound(files: readonly CatalogueFile[], maxOpen: number): MergeGroups {
  const plan = planMergePasses<ListedSection>(sectionsOf(files), { maxOpen });
  return (plan.passes[0] ?? []).map(({ inputs }) => inputs.flatMap(({ section }) => section ?? []));
}

/** Most sections open at once if all were merged now. */
export function overlapOf(files: readonly CatalogueFile[]): number {
  return maxOverlap(sectionsOf(files).filter(({ records }) => records > 0));
}
