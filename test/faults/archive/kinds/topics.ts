import type { ArchiveFault } from '../archive-fault.ts';

/** While the plan may know of the topic what is no longer so. */
const STEPS = ['planArchive', 'pullArchive', 'decideArchive'] as const;

export const TOPICS: readonly ArchiveFault[] = [
  {
    name: 'topics.partition-added',
    steps: STEPS,
    async strike({ source }, draws) {
      const topic = draws.pick(source.names);
      await source.addPartition(topic);
      await source.produce(200);
      return `${topic} got a partition and records meanwhile`;
    },
  },
  {
    name: 'topics.records-deleted',
    steps: STEPS,
    async strike({ source }, draws) {
      const topic = draws.pick(source.names);
      const share = draws.next();
      await source.deleteRecords(topic, share);
      return `${Math.round(share * 100)} % of the offsets of ${topic} were deleted`;
    },
  },
  {
    name: 'topics.recreated',
    steps: STEPS,
    async strike({ source }, draws) {
      const topic = draws.pick(source.names);
      await source.deleteTopic(topic, true);
      return `${topic} was deleted and made anew, with other records at the same offsets`;
    },
  },
  {
    name: 'topics.deleted',
    steps: STEPS,
    async strike({ source }, draws) {
      if (source.names.length === 1) return 'the only topic stayed';
      const topic = draws.pick(source.names);
      await source.deleteTopic(topic, false);
      return `${topic} was deleted`;
    },
  },
];
