import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { decodeCatalogue } from '../../../formats/sorted/catalogue/decode-catalogue.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { JobError } from '../../step/job-error.ts';
import type { Staging } from '../staging.ts';

/** All sorted files of a job as the catalogue of this level lists them; nothing is returned before its end is checked. */
export async function readCatalogue(
  store: FileStore,
  staging: Staging,
  level: number,
  fingerprint: string,
  signal: AbortSignal,
): Promise<CatalogueFile[]> {
  const path = staging.catalogue(level);
  const status = await store.status(path, signal);
  if (status === undefined)
    throw new JobError(
      'staging-lost',
      `The catalogue ${path} is gone while the job runs: was the staging folder cleaned? Start the job again.`,
      { path },
    );
  const files: CatalogueFile[] = [];
  for await (const file of decodeCatalogue(openFileSource(store, status), { fingerprint, signal })) files.push(file);
  return files;
}
