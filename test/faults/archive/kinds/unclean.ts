import { kafkaServerName } from '../../../../scripts/stack/kafka-broker.ts';
import type { ArchiveHarness } from '../../../support/archive-harness.ts';
import { ended } from '../../kinds/steering.ts';
import type { ArchiveFault } from '../archive-fault.ts';
import { assign, placed, untilInSync, untilLed } from './placement.ts';

const NODES = [1, 2, 3] as const;
const TOPIC_RESOURCE = 2; // kafkajs: ConfigResourceTypes.TOPIC

async function configure(archive: ArchiveHarness, topic: string, settings: Record<string, string>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const resources = [{ type: TOPIC_RESOURCE, name: topic, configEntries }];
  await archive.admin((admin) => admin.alterConfigs({ validateOnly: false, resources }));
}

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
    const server = (node: number) => servers.stack.server(kafkaServerName(node));
    await configure(archive, topic, { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1' });
    const partitions = await placed(archive, topic);
    await assign(archive, topic, partitions, () => [ahead]);
    await untilLed(archive, topic, (node) => node === ahead);
    await assign(archive, topic, partitions, () => [ahead, behind]);
    await untilInSync(archive, topic, [ahead, behind]);

    await server(behind).stop('SIGKILL');
    await untilInSync(archive, topic, [ahead]);
    await source.produceTo(topic, 200 + draws.below(200));
    await source.capture(topic);
    await ended(round);
    await round.start({ rate: { records: 200 } });
    const inTheMiddle = draws.below(2) === 0;
    const moment = { step: 'pullArchive', share: draws.next() * 0.8 } as const;
    if (!inTheMiddle || !(await round.watch.reach(moment))) await ended(round);

    await server(ahead).stop('SIGKILL');
    await server(behind).start();
    await untilLed(archive, topic, (node) => node === behind);
    const lost = await source.cutOff(topic);
    await source.produceTo(topic, 100 + draws.below(400));
    await server(ahead).start();
    await assign(archive, topic, partitions, () => [behind, ...NODES.filter((node) => node !== behind)]);
    await untilInSync(archive, topic, NODES);
    await configure(archive, topic, {});
    return `an unclean election lost ${lost} records of ${topic} ${inTheMiddle ? 'while they were' : 'when they had been'} archived`;
  },
};
