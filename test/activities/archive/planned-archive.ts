import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import { describeArchive } from '../../../activities/archive/describe-archive.ts';
import type { ArchiveInput } from '../../../activities/archive/job/archive-input.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import type { ArchivePlan } from '../../../activities/archive/plan/archive-plan.ts';
import { planArchive } from '../../../activities/archive/plan-archive.ts';
import type { DecidedRun, PlannedRun } from '../../../activities/archive/steps.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { writeExecution } from '../../support/camus-execution.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';
import { DEST, EXEC, filesBelow, jobOf } from './pulled-run.ts';

const context = stepContext();

/** An archive in memory whose runs plan what is in Kafka, and what a Camus beside them leaves. */
export class PlannedArchive {
  readonly store = new MemoryFileStore();
  readonly kafka = new MemoryKafka();
  readonly #deps = {
    hdfs: () => this.store,
    kafka: () => this.kafka,
    reachTimeoutMs: 1_000,
    tuning: { heartbeatTimeoutMs: 1_000 },
  } as unknown as Dependencies;

  /** A log of one partition that begins at an offset and ends before another. */
  async topic(topic: string, begin: number, end: number): Promise<void> {
    await this.kafka.createTopic(topic, { partitions: 1, replicationFactor: 1, settings: {} });
    this.kafka.partition(topic, 0).emptyAt(BigInt(begin));
    if (end > begin) await this.append(topic, end - begin);
  }

  async append(topic: string, count: number): Promise<void> {
    const facts = { topic, partition: 0, count, firstTimestamp: 0n, maxTimestamp: 0n };
    await this.kafka.partition(topic, 0).append({ ...facts, records: Buffer.alloc(16) });
  }

  /** Nobody leads the topic's partitions from here on. */
  loseLeader(topic: string): void {
    const listTopics = this.kafka.listTopics.bind(this.kafka);
    this.kafka.listTopics = async (names) =>
      (await listTopics(names)).map((each) => {
        const partitions = each.partitions.map((partition) => ({ ...partition, leader: -1 }));
        return each.topic === topic ? { ...each, partitions } : each;
      });
  }

  /** A data file as Camus names it, of records up to before `next`. */
  async file(topic: string, count: number, next: number, dest = DEST): Promise<string> {
    const path = `${dest}/${topic}/hourly/2014/11/03/12/${topic}.1.0.${count}.${next}.1414962000000.avro`;
    await this.store.write(path, [Buffer.from('of Camus')]);
    return path;
  }

  /** A folder of Camus's in EXEC: of a run that goes on, or that failed. */
  async camusRun(name: string, base = EXEC): Promise<string> {
    await this.store.write(`${base}/${name}/_temporary/0/task/data`, [Buffer.from('x')]);
    return `${base}/${name}`;
  }

  /** An execution of Camus's in a history. */
  async camusExecution(history: string, name: string, next: Record<string, number>): Promise<void> {
    const offsets = Object.fromEntries(Object.entries(next).map(([topic, offset]) => [topic, { 0: offset }]));
    await writeExecution(this.store, `${history}/${name}`, { offsets });
  }

  plan(id: string, input: Partial<ArchiveInput> = {}): Promise<PlannedRun> {
    return planArchive(this.#deps)({ job: this.job(id, input) }, context);
  }

  decide(id: string, input: Partial<ArchiveInput> = {}): Promise<DecidedRun> {
    return decideArchive(this.#deps)({ job: this.job(id, input) }, context);
  }

  /** A run that reads nothing, from its plan to its execution. */
  async record(id: string, input: Partial<ArchiveInput> = {}): Promise<string> {
    await this.plan(id, input);
    const { execution } = await this.decide(id, input);
    await placeArchive(this.#deps)({ job: this.job(id, input) }, context);
    return execution;
  }

  describe(input: Partial<ArchiveInput> = {}): Promise<ArchivePlan> {
    const all = { dest: DEST, exec: EXEC, value: 'json', ...input };
    return describeArchive(this.#deps)({ input: all, id: 'plan/1', scheduledAt: Date.now() }, context);
  }

  job(id: string, input: Partial<ArchiveInput> = {}): ArchiveJob {
    const job = jobOf(id, input);
    return { ...job, history: input.history ?? job.history };
  }

  below(folder: string): Promise<string[]> {
    return filesBelow(this.store, folder);
  }
}
