import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { unusable } from '../../step/staged-json.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { readCatalogue } from '../publish/read-catalogue.ts';
import type { Staging } from '../staging.ts';
import type { FileListing } from '../steps.ts';
import { decodePlan, encodePlan, type WrittenPlan } from './merge-plan-file.ts';
import { planRound, sectionsOf, type MergeGroups } from './plan-round.ts';

export interface MergeRound {
  /** The catalogue that the round merges from. */
  files: CatalogueFile[];
  groups: MergeGroups;
  /** Most sections that a pass has open. */
  maxOpen: number;
}

/**
 * The round of merge passes at a level: planned by whoever comes first, and read from staging by everybody. Another
 * fan-in or another way of planning changes nothing about a round that has begun.
 */
export async function mergeRound(
  store: FileStore,
  staging: Staging,
  { job, listing, level }: { job: ReplayJob; listing: FileListing; level: number },
  signal: AbortSignal,
): Promise<MergeRound> {
  const { fingerprint } = listing;
  const path = staging.mergePlan(level);
  const files = await readCatalogue(store, staging, level, fingerprint, signal);
  const { mergeFanIn } = job.tuning;
  const present = await staging.readSmall(path, signal);
  const bytes =
    present ??
    (await staging.putSmall(
      path,
      encodePlan({ fingerprint, level }, mergeFanIn, planRound(files, mergeFanIn)),
      signal,
    ));
  const plan = decodePlan(path, bytes, { fingerprint, level });
  return { files, groups: groupsOf(path, plan, files), maxOpen: plan.maxOpen };
}

/** The sections that a plan names, each of which must be in the catalogue and in no other pass. */
function groupsOf(path: string, { groups }: WrittenPlan, files: readonly CatalogueFile[]): MergeGroups {
  const left = new Map(
    sectionsOf(files).map((section) => [`${baseName(section.file.path)} ${section.number}`, section]),
  );
  return groups.map(({ sections, records }, pass) => {
    const group = sections.map(([file, number]) => {
      const section = left.get(`${file} ${number}`);
      if (section === undefined)
        throw unusable(path, `section ${number} of ${file} in the catalogue, and in one pass`, `none for pass ${pass}`);
      left.delete(`${file} ${number}`);
      return section;
    });
    const found = group.reduce((sum, section) => sum + section.records, 0);
    if (found !== records) throw unusable(path, `${records} records in pass ${pass}`, `${found} in the catalogue`);
    return group;
  });
}
