import { ended } from '../../kinds/steering.ts';
import { UncleanElection } from '../../kinds/unclean-election.ts';
import type { ArchiveFault } from '../archive-fault.ts';

const NODES = [1, 2, 3] as const;

/**
 * A broker that has missed records becomes the leader: they are gone, although they were acknowledged, and other records
 * get their offsets. A run of its own has archived them, or is in the middle of it.
 */
export const UNCLEAN: ArchiveFault = {
  name: 'leaders.unclean',
  brokers: 3,
  steps: ['planArchive', 'pullArchive', 'decideArchive', 'placeArchive'],
  async strike(round, draws) {
    const { servers, archive, source } = round;
    const topic = draws.pick(source.names);
    const [ahead, behind] = [...NODES].sort(() => draws.next() - 0.5) as [number, number];
    const election = new UncleanElection(servers, archive, topic, ahead, behind);
    await election.fallBehind();
    await source.produceTo(topic, 200 + draws.below(200));
    await source.capture(topic);
    await ended(round);
    await round.start({ rate: { records: 200 } });
    const inTheMiddle = draws.below(2) === 0;
    const moment = { step: 'pullArchive', share: draws.next() * 0.8 } as const;
    if (!inTheMiddle || !(await round.watch.reach(moment))) await ended(round);

    await election.elect();
    const lost = await source.cutOff(topic);
    await source.produceTo(topic, 100 + draws.below(400));
    await election.heal(NODES);
    return `an unclean election lost ${lost} records of ${topic} ${inTheMiddle ? 'while they were' : 'when they had been'} archived`;
  },
};
