import type { MessagePort } from 'node:worker_threads';
import { openedOnce } from '../../step/opened-once.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { Pacer } from '../../replay/publish/pacer.ts';
import { openRegistry } from '../../../connections/registry/open-registry.ts';
import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { replyOfError, type FailedReply } from '../../replay/decode/decode-reply.ts';
import { sealedLines } from '../../step/sealed-lines.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { schemaCopies } from '../schemas/schema-copies.ts';
import { AwayLeaders } from './away-leaders.ts';
import { countRecords } from './count-records.ts';
import { badFilePaths, dataFilePaths } from './data-file-paths.ts';
import { pullRanges } from './pull-ranges.ts';
import { countsOf } from './pull-counts.ts';
import { reportOf } from './pull-report.ts';
import type { PullCounts, PullTask } from './pull-task.ts';
import { kafkaInThread, registryInThread } from '../../step/thread-connections.ts';
import { valueReaders, wholeReaders } from './values/value-readers.ts';
import { telling } from '../../step/throttled-port.ts';

export type PullReply = { counts: PullCounts } | FailedReply;

/** A thread keeps its connections from pull to pull. */
const stores = new Map<string, FileStore>();
const registries = new Map<string, SchemaRegistry>();

/** Entry point of a pulling thread. The port tells progress; a message from the other side ends the pull. */
export default async function pullInThread({ task, port }: { task: PullTask; port: MessagePort }): Promise<PullReply> {
  const stop = new AbortController();
  port.on('message', () => stop.abort(new Error('the pull was ended')));
  const began = performance.now();
  const kafka = openKafka(kafkaInThread(task.kafka));
  const reader = kafka.openReader();
  const leaders = new AwayLeaders(kafka, { giveUp: task.giveUpLeaders, before: task.awayLeaders });
  try {
    const store = openedOnce(stores, task.job.connections.hdfs, () => openFileStore(task.hdfs));
    const { registry: config } = task;
    const registry =
      config && openedOnce(registries, task.job.connections.registry, () => openRegistry(registryInThread(config)));
    const topicFolder = (topic: string): string => writtenLayout().topicFolder(task.job.dest, topic);
    const pacer = new Pacer(task.rate);
    const lines = await pullRanges(
      task.pull.ranges.map(({ topic, topicId, leaderEpoch, partition, leader, from, to, skipReplayed }) => ({
        topic,
        topicId,
        leaderEpoch,
        partition,
        leader,
        from: BigInt(from),
        to: BigInt(to),
        skipReplayed,
      })),
      {
        store,
        reader,
        epochs: kafka,
        buckets: writtenLayout().buckets(task.job.files),
        pathOf: dataFilePaths(task.job),
        valuesOf: valueReaders(
          task.job,
          task.schemas,
          registry,
          registry && schemaCopies(store, registry, topicFolder),
        ),
        ...(task.job.badData.keep && { bad: { valuesOf: wholeReaders(), pathOf: badFilePaths(task.job) } }),
        countsOf: (range, values) => countRecords(task.job, range, values),
        connections: task.hdfs.connectionsPerHost,
        folder: task.folder,
        rules: {
          horizon: task.horizon,
          wild: task.job.time.wild,
          oldest: task.oldest ?? -Infinity,
          span: task.job.limits.hours === undefined ? Infinity : task.job.limits.hours * 3_600_000,
          policy: task.job.badData.policy,
        },
        passGaps: task.job.gap === 'report',
        leaders,
        signal: stop.signal,
        pace: async (records, bytes) => {
          await pacer.mayGo(records, bytes, stop.signal, () => undefined);
          stop.signal.throwIfAborted();
        },
        progress: telling(port),
      },
    );
    const seconds = (performance.now() - began) / 1000;
    await store.write(task.report, sealedLines(reportOf(task.pull.pull, seconds, lines)), { signal: stop.signal });
    const away = leaders.nodes;
    return { counts: { ...countsOf(lines, seconds), ...(away.length > 0 && { away }) } };
  } catch (error) {
    return replyOfError(error);
  } finally {
    port.close();
    await reader.close();
    await kafka.close();
  }
}
