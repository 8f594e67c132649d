import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import { SERVER, word } from './kafka-commands.ts';

/** What to do after a replay, as commands of Kafka's own tools; $BROKERS is for the one who reads it to set. `id`: that of the replay. */
export function nextCommands({ topic, replayTopic, partitions, offsets }: ReplayResult, id = 'ID'): string[] {
  const lines: string[] = [];
  if (replayTopic !== undefined && partitions.some(({ records }) => records !== '0')) {
    const disturbed = partitions.some(({ aborted }) => aborted !== '0');
    lines.push(
      disturbed
        ? 'a look at the replay (without read_committed a consumer would see the aborted records as well):'
        : 'a look at the replay (any consumer sees each record once):',
      `  kafka-console-consumer.sh ${SERVER} --topic ${word(replayTopic)} --from-beginning --max-messages 5 ` +
        '--isolation-level read_committed --property print.timestamp=true --property print.headers=true',
      'how far a group of yours is with it, and how it goes on when it is done:',
      `  rewind drain ${word(id)} --group THE_GROUP_THAT_READS_IT --watch`,
    );
  }
  const { group } = offsets;
  if (group !== undefined && (offsets.kafka === 'committed' || offsets.kafka === 'already'))
    lines.push(
      `where ${group} goes on in ${topic}; its consumers may start once the replay is drained:`,
      `  kafka-consumer-groups.sh ${SERVER} --describe --group ${word(group)}`,
    );
  if (offsets.zookeeper === 'committed' || offsets.zookeeper === 'already')
    lines.push(
      `the same in ZooKeeper, of partition ${offsets.offsets[0]?.partition ?? '0'}:`,
      `  zkCli.sh -server $ZOOKEEPER get ${word(`/consumers/${group}/offsets/${topic}/${offsets.offsets[0]?.partition ?? '0'}`)}`,
    );
  if (replayTopic !== undefined)
    lines.push(
      'when all have drained it, and not before:',
      `  kafka-topics.sh ${SERVER} --delete --topic ${word(replayTopic)}`,
    );
  return lines;
}
