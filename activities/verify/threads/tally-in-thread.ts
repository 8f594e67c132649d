import type { MessagePort } from 'node:worker_threads';
import { openedOnce } from '../../step/opened-once.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { openRegistry } from '../../../connections/registry/open-registry.ts';
import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { replyOfError, type FailedReply } from '../../replay/decode/decode-reply.ts';
import { pulse } from '../../replay/decode/thread-pulse.ts';
import { JobError } from '../../step/job-error.ts';
import { kafkaInThread, registryInThread } from '../../step/thread-connections.ts';
import { telling } from '../../step/throttled-port.ts';
import { VERIFY_COUNTERS } from '../counters.ts';
import { narrowVerify } from '../narrow-verify.ts';
import type { TalliedRecords } from '../steps.ts';
import { tallyArchive } from '../tally-archive.ts';
import { tallyTopic } from '../tally-topic.ts';
import type { TallyContext, TallyServers } from '../tally/tally-servers.ts';
import type { Tallied, TallyTask } from './tally-task.ts';

export type TallyReply = Tallied | FailedReply;

/** A thread keeps its connections from step to step. */
const stores = new Map<string, FileStore>();
const registries = new Map<string, SchemaRegistry>();

/** Entry point of a counting thread. The port tells progress; a message from the other side ends the step. */
export default async function tallyInThread({
  task,
  port,
  pulse: { shared, everyMs },
}: {
  task: TallyTask;
  port: MessagePort;
  pulse: { shared: SharedArrayBuffer; everyMs: number };
}): Promise<TallyReply> {
  pulse.attach(shared);
  const beating = setInterval(() => pulse.turn(), everyMs);
  const stop = new AbortController();
  port.on('message', () => stop.abort(new Error('the step was ended')));
  const kafka = openKafka(kafkaInThread(task.kafka));
  const { connections } = task.input.job;
  const { registry: config } = task;
  let compared = 0;
  try {
    const deps = {
      hdfs: () => openedOnce(stores, connections.hdfs, () => openFileStore(task.hdfs)),
      kafka: () => kafka,
      registry: (name: string) => {
        if (config === undefined)
          throw new JobError('connection-unknown', `This worker has no connection registry.${name}.`, { name });
        return openedOnce(registries, name, () => openRegistry(registryInThread(config)));
      },
      // Taken by who asks for this.
      budget: { take: async () => () => undefined },
    };
    const context = {
      signal: stop.signal,
      progress: telling(port),
      metrics: {
        count: (counter: unknown, records: number): void => {
          if (counter === VERIFY_COUNTERS.rewind_records_compared) compared += records;
        },
      },
    };
    return { tallied: await run(task, deps, context), compared };
  } catch (error) {
    return replyOfError(error);
  } finally {
    clearInterval(beating);
    port.close();
    await kafka.close();
  }
}

function run(task: TallyTask, deps: TallyServers, context: TallyContext): Promise<TalliedRecords> {
  switch (task.step) {
    case 'tallyTopic':
      return tallyTopic(deps)(task.input, context);
    case 'tallyArchive':
      return tallyArchive(deps)(task.input, context);
    case 'narrowVerify':
      return narrowVerify(deps)(task.input, context);
  }
}
