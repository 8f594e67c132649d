import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveFault } from '../archive-fault.ts';

const LASTS_MS = [500, 6_000] as const;
const WRITING = ['pullArchive', 'decideArchive', 'placeArchive'] as const;

/** For a while so much and no more fits below the round's folders; a run may fail for it. */
function quota(name: string, set: readonly string[], clear: string): ArchiveFault {
  return {
    name,
    steps: WRITING,
    async strike({ servers, archive, harness, run }, draws) {
      const folder = draws.pick([archive.dest, archive.exec]);
      await harness.store.makeDirectory(folder);
      const lasts = draws.between(LASTS_MS);
      run.mayFail = 'a quota';
      try {
        await servers.stack.hdfsAdmin(...set, folder);
        await sleep(lasts);
      } finally {
        await servers.stack.hdfsAdmin(clear, folder);
      }
      return `${set.join(' ')} on ${folder === archive.dest ? 'DEST' : 'EXEC'} for ${lasts} ms`;
    },
  };
}

export const ROOM: readonly ArchiveFault[] = [
  quota('room.names', ['-setQuota', '2'], '-clrQuota'),
  quota('room.space', ['-setSpaceQuota', '1m'], '-clrSpaceQuota'),
  {
    name: 'room.safe-mode',
    async strike({ servers }, draws) {
      const lasts = draws.between(LASTS_MS);
      await servers.stack.hdfsAdmin('-safemode', 'enter');
      await sleep(lasts);
      await servers.stack.hdfsAdmin('-safemode', 'leave');
      return `the NameNode was in safe mode for ${lasts} ms, and took no writes`;
    },
  },
];
