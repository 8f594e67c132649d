import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import { SERVER, word } from './kafka-commands.ts';

/** What to do after a replay, as commands of Kafka's own tools; $BROKERS is for the one who reads it to set. `id`: that of the replay. */
export function nextCommands({ topic, replayTopic, partitions, offsets }: ReplayResult, id = 'ID'): string[] {
  if (replayTopic === topic) return inSource(topic, partitions);
  const lines: string[] = [];
  if (replayTopic !== undefined && partitions.some(({ records }) => records !== '0')) {
    const disturbed = isDisturbed(partitions);
    lines.push(
      disturbed ? `a look at the replay (${DISTURBED}):` : 'a look at the replay (any consumer sees each record once):',
      look(replayTopic),
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
      `  ${deleteMarker(replayTopic)}`,
    );
  return lines;
}

const DISTURBED = 'without read_committed a consumer would see the aborted records as well';

function isDisturbed(partitions: ReplayResult['partitions']): boolean {
  return partitions.some(({ aborted }) => aborted !== '0');
}

function look(topic: string): string {
  return (
    `  kafka-console-consumer.sh ${SERVER} --topic ${word(topic)} --from-beginning --max-messages 5 ` +
    '--isolation-level read_committed --property print.timestamp=true --property print.headers=true'
  );
}

/** The group in which the replay has noted its position: who uses the name of the topic again must not find it. */
function deleteMarker(topic: string): string {
  return `kafka-consumer-groups.sh ${SERVER} --delete --group ${word(`rewind.${topic}`)}`;
}

/** The topic was made anew and has its records again: it is nothing to drain, and nothing to delete. */
function inSource(topic: string, partitions: ReplayResult['partitions']): string[] {
  const configs = `kafka-configs.sh ${SERVER}`;
  const ofTopic = `--entity-type topics --entity-name ${word(topic)}`;
  return [
    `a look at ${topic}${isDisturbed(partitions) ? ` (${DISTURBED})` : ''}:`,
    look(topic),
    'producers may write to it again; a group begins at its beginning, by this command while it has no consumer:',
    `  kafka-consumer-groups.sh ${SERVER} --group GROUP --topic ${word(topic)} --reset-offsets --to-earliest --execute`,
    'when all have read it, and not before, since old records are deleted then: the retention that the brokers have,',
    'by those of these settings that the topic itself has (of one that it has not older Kafka says "Invalid config(s)"):',
    ...KEEPING.map((setting) => `  ${configs} --alter ${ofTopic} --delete-config ${setting}`),
    `  ${deleteMarker(topic)}`,
  ];
}

/**
 * Settings without which the topic would not have taken old records, where the brokers' defaults don't have them. Each gets a
 * command of its own: kafka-configs.sh of older releases deletes none where one of those it is given is not set on the topic; that
 * of 4.3 no longer minds.
 */
const KEEPING = ['retention.ms', 'retention.bytes', 'cleanup.policy'];
