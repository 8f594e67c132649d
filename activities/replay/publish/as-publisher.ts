import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { Publisher } from '../../../connections/kafka/publish/publish-port.ts';
import { openSettledPublisher, type Outcome } from '../../step/settled-publisher.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { outcomeByLog } from './outcome-by-log.ts';
import { publisherOptions, publisherScope, type PublishPosition } from './publish-position.ts';
import { refuseTorn } from './refuse-torn.ts';
import { settlePosition } from './settle-position.ts';

/** Fences whoever published before, and publishes from the committed position on. */
export async function asPublisher<T>(
  kafka: KafkaConnection,
  job: ReplayJob,
  fingerprint: string,
  publish: (publisher: Publisher, position: PublishPosition) => Promise<T>,
): Promise<T> {
  const outcome = (): Promise<Outcome> => outcomeByLog(kafka, job, 'abort');
  const publisher = await openSettledPublisher(kafka, publisherOptions(job), publisherScope(job), outcome);
  try {
    const settled = await settlePosition(kafka, job, fingerprint);
    await refuseTorn(kafka, job, settled);
    return await publish(publisher, settled.position);
  } finally {
    await publisher.close();
  }
}
