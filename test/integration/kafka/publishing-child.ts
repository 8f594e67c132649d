// A process that publishes a numbered sequence until it is done or killed: position and records in one transaction,
// taken up again at the position. Arguments: brokers, topic, group, last ordinal, records a transaction, and what to do
// in the transaction that begins at the ordinal of the sixth: `hang` in it for ever before its end.
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { TransactionCoordinator } from '../../../connections/kafka/publish/transaction-coordinator.ts';
import { numbered, position } from './numbered-records.ts';

const [brokers, topic, group, end, step, hangAt] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string?,
];
const kafka = openKafka(parseKafkaConfig({ brokers }, 'child'));
const publisher = await kafka.openPublisher({ transactionalId: topic });
const { offsets } = await kafka.describeGroup(group, topic);
let next = Number(offsets[0]?.offset ?? 0);
process.send!({ began: next });

while (next < Number(end)) {
  const to = Math.min(next + Number(step), Number(end));
  if (next === Number(hangAt ?? -1)) {
    TransactionCoordinator.prototype.commit = () => {
      process.send!({ hanging: next });
      return new Promise(() => undefined);
    };
  }
  const half = (next + to) >> 1;
  const batches = [numbered(topic, 0, next, half, 200), numbered(topic, 0, half, to, 200)];
  await publisher.commit({ batches, offsets: [position(group, topic, to)] });
  next = to;
  process.send!({ committed: next });
}
await publisher.close();
await kafka.close();
process.disconnect();
