import type { FileStatus } from '../../../connections/hdfs/file-store.ts';
import type { FileFacts } from '../../../layouts/archive-layout.ts';
import type { ManifestFile } from './manifest.ts';

/** A file as the manifest has it, with what its name tells. */
export function listedFile({ path, length, modifiedAt }: FileStatus, facts?: FileFacts): ManifestFile {
  const file = { path, length, modifiedAt };
  if (facts === undefined) return file;
  const { partition, count, firstOffset, nextOffset, alone } = facts;
  if (count !== undefined) return { ...file, partition, count };
  if (firstOffset === undefined || nextOffset === undefined) return { ...file, partition };
  // One that no number holds is more than a file has records.
  const room = Number(nextOffset - firstOffset);
  return { ...file, partition, ...(Number.isSafeInteger(room) && { room, ...(alone === true && { alone }) }) };
}
