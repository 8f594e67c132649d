import { ApplicationFailure } from '@temporalio/common';
import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import type { DecodedSplit, FileListing, PublishedSlice } from '../../activities/replay/steps.ts';
import { noneDecoded } from '../../workflows/replay/replay-state.ts';
import { SortedInTurn, type SortedPart } from './sorted-in-turn.ts';
import type { ActedSteps } from './step-worker.ts';

export const REPLAY_ACTED = [
  ...['validateJob', 'readOffsets', 'listFiles', 'claimReplayTopic', 'verifyReplay', 'commitOffsets', 'cleanStaging'],
  ...['publishWindows', 'stageSplit', 'catalogueWindow', 'mergeWindowPass', 'publishStaged'],
  ...['decodeAndSort', 'catalogueSorted', 'mergePass', 'mergePublish'],
] as (keyof ActedSteps)[];

interface ActedJob {
  job: ReplayJob;
  listing: FileListing;
}

/** The steps of a replay all of whose windows are sorted in staging, which answer at once, each in its turn. */
export function stagedSteps(of: ActedJob, windows: readonly SortedPart[]): ActedSteps {
  let at = -1;
  let part: SortedInTurn | undefined;
  const inHand = (window: { number: number }): SortedInTurn => {
    if (part !== undefined && !part.isOut && window.number === at) return part;
    throw ApplicationFailure.nonRetryable(`window ${window.number} is not in hand, ${at} is`);
  };
  return {
    ...commonSteps(of),
    publishWindows: async () => {
      if (part?.isOut === false) throw ApplicationFailure.nonRetryable(`window ${at} is not out`);
      at += 1;
      const next = windows[at];
      part = next && new SortedInTurn(next);
      const told = { ...slice(next === undefined), window: Math.max(0, at - 1), decoded: noneDecoded() };
      if (next === undefined) return { ...told, sequence: { ...new SortedInTurn(NOTHING).catalogue(0) } };
      const { number, firstSplit, endSplit } = next;
      return { ...told, stage: { number, firstSplit, endSplit } };
    },
    stageSplit: async ({ split, window }) => {
      inHand(window).sort(split);
      return decoded(split);
    },
    catalogueWindow: async ({ window, level }) => inHand(window).catalogue(level),
    mergeWindowPass: async ({ window, level, pass }) => inHand(window).merge(level, pass),
    publishStaged: async ({ window, level }) => slice(inHand(window).publish(level)),
  };
}

/** Those of one that is sorted as a whole. */
export function wholeSteps(of: ActedJob, whole: SortedPart): ActedSteps {
  const part = new SortedInTurn(whole);
  return {
    ...commonSteps(of),
    decodeAndSort: async ({ split }) => {
      part.sort(split);
      return decoded(split);
    },
    catalogueSorted: async ({ level }) => part.catalogue(level),
    mergePass: async ({ level, pass }) => part.merge(level, pass),
    mergePublish: async ({ level }) => slice(part.publish(level)),
  };
}

const NOTHING: SortedPart = { number: 0, firstSplit: 0, endSplit: 0, passes: [], slices: 0 };

function commonSteps({ job, listing }: ActedJob): ActedSteps {
  const topic = job.replayTopic.name;
  return {
    validateJob: async () => job,
    readOffsets: async () => ({ execution: undefined, partitions: listing.partitions, remarks: [] }),
    listFiles: async () => listing,
    claimReplayTopic: async () => ({ topic, partitions: 1, created: true, maxMessageBytes: 1_048_588 }),
    verifyReplay: async () => ({ partitions: [], morePartitions: 0 }),
    commitOffsets: async () => ({ zookeeper: 'none', kafka: 'none', group: undefined, offsets: [], remarks: [] }),
    cleanStaging: async () => undefined,
  };
}

function slice(done: boolean): PublishedSlice {
  return { published: '1000', done, records: 1, bytes: '100', transactions: 1, seconds: 1 };
}

function decoded(split: number): DecodedSplit {
  const { splits: _splits, timeUnits: _units, ...counts } = noneDecoded();
  return { ...counts, split, files: 1, timeUnit: 'millis', seconds: 1, reused: false };
}
