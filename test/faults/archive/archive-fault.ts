import type { ArchiveWatchedStep } from '../../support/archive-watch.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { ArchiveRound } from './archive-round.ts';

/** One way in which an archive is attacked. */
export type ArchiveFault = FaultKind<ArchiveRound, ArchiveWatchedStep>;
