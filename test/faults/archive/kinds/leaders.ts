import { leaderFaults } from '../../kinds/leaders.ts';
import type { ArchiveFault } from '../archive-fault.ts';
import type { ArchiveRound } from '../archive-round.ts';
import { UNCLEAN } from './unclean.ts';

export const LEADERS: readonly ArchiveFault[] = [
  ...leaderFaults(
    ({ archive, source }: ArchiveRound) => ({ topics: archive, names: source.names }),
    ['planArchive', 'pullArchive', 'decideArchive'],
  ),
  UNCLEAN,
];
