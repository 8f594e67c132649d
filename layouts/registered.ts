import type { ArchiveLayout } from './archive-layout.ts';
import type { ArchiveWriting } from './archive-writing.ts';
import { camus } from './camus/camus-layout.ts';
import { camusWriting } from './camus/camus-writing.ts';

/** The layouts that a job may name in `archive.layout`: a line each. */
export const layouts = { camus } satisfies Record<string, ArchiveLayout>;

/** The one in which archives are written. */
export const written: ArchiveWriting = camusWriting;
