import type { ArchiveLayout } from './archive-layout.ts';
import type { ArchiveWriting } from './archive-writing.ts';
import { camus } from './camus/camus-layout.ts';
import { camusWriting } from './camus/camus-writing.ts';
import { kafkaConnect } from './kafka-connect/kafka-connect-layout.ts';
import { nifi } from './nifi/nifi-layout.ts';

/** The layouts that a job may name in `archive.layout`: a line each. */
export const layouts = { camus, 'kafka-connect': kafkaConnect, nifi } satisfies Record<string, ArchiveLayout>;

/** The one in which archives are written. */
export const written: ArchiveWriting = camusWriting;
