import { createHash } from 'node:crypto';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { readLinesEnd } from '../../replay/manifest/read-manifest.ts';
import { unusable } from '../../step/staged-json.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * The archive's files as they were listed, each with path, length and time: a line of JSON each.
 *
 * @throws JobError where they are not those whose SHA-256 the plan has
 */
export async function* listOfFiles(
  store: FileStore,
  manifest: string,
  sha256: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const end = await readLinesEnd(store, manifest, signal);
  const hash = createHash('sha256');
  for (let at = 0; at < end; at += CHUNK_BYTES) {
    const bytes = await store.read(manifest, at, Math.min(CHUNK_BYTES, end - at), signal);
    hash.update(bytes);
    yield bytes;
  }
  const found = hash.digest('hex');
  if (found !== sha256) throw unusable(manifest, `lines with the SHA-256 ${sha256}`, found, 'Start the job again.');
}
