import { crc32 } from '@node-rs/crc32';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { openSettledPublisher, type Outcome } from '../../step/settled-publisher.ts';
import { JobError } from '../../step/job-error.ts';
import type { ArchiveFolders } from '../archive-folders.ts';
import type { AuditPost } from '../decision/decision.ts';
import { readRewindJson } from '../history/rewind-json.ts';
import type { PostedCounts } from '../steps.ts';
import { auditBatches } from './audit-batches.ts';
import { mark, readMarks, tidyMarks } from './audit-marks.ts';
import { auditName, auditPosition, readAuditPosition } from './audit-position.ts';
import { readCounts } from './read-counts.ts';

interface PostParts {
  store: FileStore;
  kafka: () => KafkaConnection;
  folders: ArchiveFolders;
  history: string;
  signal: AbortSignal;
  progress: (execution: string) => void;
}

/**
 * Posts the counts of every execution that asks for it and is behind the last one that was posted, the oldest first,
 * each in one transaction with the position: whichever attempt, run or worker that slept does it, they are there once.
 */
export async function postCounts(executions: readonly string[], parts: PostParts): Promise<PostedCounts> {
  const { store, folders, history, signal, progress } = parts;
  const { posted } = await readMarks(store, folders.audit, signal);
  const done: PostedCounts = { executions: 0, events: 0 };
  let marked = false;
  for (const execution of executions) {
    if (posted !== undefined && execution <= posted) continue;
    progress(execution);
    const post = (await readRewindJson(store, `${history}/${execution}`, signal))?.post;
    if (post === undefined) continue;
    const events = await postExecution(execution, post, parts);
    if (events > 0) done.executions += 1;
    done.events += events;
    await mark(store, folders.audit, execution, 'posted', signal);
    marked = true;
  }
  if (marked) await tidyMarks(store, folders.audit, signal);
  return done;
}

/** Posts what one execution counts, unless that was done; tells how many events it posted. */
async function postExecution(execution: string, post: AuditPost, parts: PostParts): Promise<number> {
  const { store, folders, history, signal } = parts;
  const counts = await readCounts(store, `${history}/${execution}`, signal);
  if (counts.length === 0) return 0;
  const { topic } = post;
  const name = auditName(history);
  const kafka = parts.kafka();
  const partitions = (await kafka.describeTopic(topic))?.partitions.length;
  if (partitions === undefined)
    throw new ConnectionError('not-found', `topic ${topic} does not exist; create it, or correct its name`, { topic });
  const scope = { topic, groups: [name], records: true };
  // What hangs, and no coordinator remembers, is ended as the position was: both are of one transaction.
  const ifUnknown = async (): Promise<Outcome> => {
    const { posting } = await readMarks(store, folders.audit, signal);
    const begun = [...posting].sort().at(-1);
    if (begun === undefined) return 'abort'; // a position alone
    const before = await readAuditPosition(kafka, name, topic, { pending: 'ignore' });
    if (before !== undefined && before >= begun) return 'commit';
    throw unknown(begun, topic, folders.audit);
  };
  const publisher = await openSettledPublisher(kafka, { transactionalId: name }, scope, ifUnknown);
  try {
    // Read with everybody else fenced: what is out now is all that others will ever post.
    const position = await readAuditPosition(kafka, name, topic);
    if (position !== undefined && position >= execution) return 0;
    const { posted, posting } = await readMarks(store, folders.audit, signal);
    if (posted !== undefined && posted >= execution) return 0;
    if (position === undefined) {
      if (posting.has(execution)) throw unknown(execution, topic, folders.audit);
      await publisher.commit({ batches: [], offsets: [auditPosition(name, topic, posted ?? '')] });
    }
    await mark(store, folders.audit, execution, 'posting', signal);
    const partition = crc32(execution) % partitions;
    const { batches, events } = auditBatches(execution, counts, post, { partition, now: Date.now() });
    signal.throwIfAborted();
    await publisher.commit({ batches, offsets: [auditPosition(name, topic, execution)] });
    return events;
  } finally {
    await publisher.close();
  }
}

function unknown(execution: string, topic: string, folder: string): JobError {
  return new JobError(
    'audit-unknown',
    `Whether the counts of ${execution} are in ${topic} can't be told: a worker died while it posted them, and Kafka has forgotten since how far it came. Look for events with the header rewind-execution ${execution}; if they are there rename ${folder}/${execution}.posting to ${execution}.posted, else delete it. The next run goes on from there.`,
    { execution, topic },
  );
}
