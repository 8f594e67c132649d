import { planMergePasses } from '../../../formats/sorted/merge/passes/plan-passes.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { SectionSummary } from '../../../formats/sorted/file/sorted-section.ts';

/** A section of a catalogue, with the file that it is in. */
export interface ListedSection extends SectionSummary {
  file: CatalogueFile;
}

export interface MergeRound {
  /** Sections to be merged into one file each, before the rest; empty where all fits into one merge. */
  groups: ListedSection[][];
  /** Most sections open at once if all were merged now. */
  overlap: number;
}

/** The next round of merge passes over a catalogue: the same for everybody who computes it. */
export function planRound(files: readonly CatalogueFile[], maxOpen: number): MergeRound {
  const sections = files.flatMap((file) => file.sections.map((section) => ({ ...section, file })));
  const plan = planMergePasses<ListedSection>(sections, { maxOpen });
  const groups = (plan.passes[0] ?? []).map(({ inputs }) => inputs.flatMap(({ section }) => section ?? []));
  return { groups, overlap: plan.overlapBefore };
}
