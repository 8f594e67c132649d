import type { ArchiveLayout } from './archive-layout.ts';
import { camus } from './camus/camus-layout.ts';

/** The layouts that a job may name in `archive.layout`: a line each. */
export const layouts = { camus } satisfies Record<string, ArchiveLayout>;
