import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { Publisher, PublisherOptions, TransactionScope } from '../../connections/kafka/publish/publish-port.ts';

/** How a transaction ends, or what finds out where the coordinator can't tell. */
export type Outcome = 'commit' | 'abort';
export type IfUnknown = Outcome | (() => Promise<Outcome>);

/** Markers come milliseconds after the end of a transaction is decided. */
const MARKERS_COME_WITHIN_MS = 5_000;

/**
 * Opens a publisher, which fences those before it and ends what they left open, and makes sure of that end: brokers
 * that start can lose the markers of a transaction whose end was decided, and then nobody ever reads what it wrote.
 *
 * @param scope what transactions of this id write to
 * @param ifUnknown how such a transaction ends where the coordinator can't tell any more: 'abort' where what it wrote
 * is written again, 'commit' where somebody was told that it is out, or what finds out
 */
export async function openSettledPublisher(
  kafka: KafkaConnection,
  options: PublisherOptions,
  scope: TransactionScope,
  ifUnknown: IfUnknown = 'abort',
): Promise<Publisher> {
  const outcome = await kafka.lastOutcome(options.transactionalId);
  const publisher = await kafka.openPublisher(options);
  try {
    if (await kafka.hasHangingTransaction(scope, MARKERS_COME_WITHIN_MS))
      await publisher.endHanging(scope, outcome ?? (typeof ifUnknown === 'string' ? ifUnknown : await ifUnknown()));
    return publisher;
  } catch (error) {
    await publisher.close();
    throw error;
  }
}

/** The same where nothing more is to be written; nobody is fenced where nothing hangs. */
export async function settleTransactions(
  kafka: KafkaConnection,
  options: PublisherOptions,
  scope: TransactionScope,
  ifUnknown: IfUnknown,
): Promise<void> {
  if (!(await kafka.hasHangingTransaction(scope, MARKERS_COME_WITHIN_MS))) return;
  await (await openSettledPublisher(kafka, options, scope, ifUnknown)).close();
}
