import type { ArchiveWriting } from './archive-writing.ts';
import { written } from './registered.ts';

/** How archives are written. */
export function writtenLayout(): ArchiveWriting {
  return written;
}
