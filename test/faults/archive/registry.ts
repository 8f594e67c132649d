import type { ArchiveWatchedStep } from '../../support/archive-watch.ts';
import { networkFaults } from '../kinds/network.ts';
import { PROCESSES } from '../kinds/processes.ts';
import { STEERING } from '../kinds/steering.ts';
import type { StrikePlaces } from '../plan-strikes.ts';
import type { ArchiveFault } from './archive-fault.ts';
import { LEADERS } from './kinds/leaders.ts';
import { REGISTRY } from './kinds/registry.ts';
import { AT_RENAMES } from './kinds/renames.ts';
import { ROOM } from './kinds/room.ts';
import { SEVERAL } from './kinds/several.ts';
import { TOPICS } from './kinds/topics.ts';

/** Mostly into what takes most of the time, and into each step. */
export const ARCHIVE_PLACES: StrikePlaces<ArchiveWatchedStep> = {
  weights: { recoverArchive: 1, planArchive: 1, pullArchive: 6, decideArchive: 2, placeArchive: 4, tidyArchive: 1 },
  withShare: ['pullArchive'],
  // The first pulls are the largest.
  mostShare: 0.5,
};

/** A run that was reset to its middle while it tidied up finds its plan gone, and what it decided in place: it is started again. */
const PEOPLE: readonly ArchiveFault[] = STEERING.map((kind) =>
  kind.name === 'people.reset-anywhere'
    ? { ...kind, steps: ['recoverArchive', 'planArchive', 'pullArchive', 'decideArchive', 'placeArchive'] }
    : kind,
);

/** Every way of attacking an archive. It uses no ZooKeeper. */
export const ARCHIVE_FAULTS: readonly ArchiveFault[] = [
  ...PROCESSES.filter(({ name }) => !name.includes('zookeeper')),
  ...networkFaults<ArchiveWatchedStep>({
    temporal: undefined,
    namenode: undefined,
    datanode: ['planArchive', 'pullArchive', 'decideArchive', 'placeArchive'],
    kafka: ['planArchive', 'pullArchive'],
    registry: ['planArchive', 'pullArchive'],
  }),
  ...PEOPLE,
  ...AT_RENAMES,
  ...TOPICS,
  ...LEADERS,
  ...REGISTRY,
  ...ROOM,
  ...SEVERAL,
];
