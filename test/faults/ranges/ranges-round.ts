import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { RangesInput } from '../../../activities/ranges/job/ranges-input.ts';
import type { Draws } from '../../support/camus-archive/draws.ts';
import { numbered, RangesHarness } from '../../support/ranges-harness.ts';
import { RangesWatch } from '../../support/ranges-watch.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import { AttackedRun } from '../attacked-run.ts';
import type { FaultStack } from '../fault-stack.ts';

const PARTITIONS = 2;

/**
 * Each range writes its numbers under its id, in one step, after a while: once, and who comes again must have the same.
 * `finish` takes a while, too, and keeps a list.
 */
const FUNCTIONS = `
import { appendFileSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const putOnce = (path, text) => {
  const own = OUT + '/.' + process.pid + '-' + Math.random();
  writeFileSync(own, text);
  try {
    linkSync(own, path);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (readFileSync(path, 'utf8') !== text) appendFileSync(OUT + '/differs', path + '\\n');
  } finally {
    unlinkSync(own);
  }
};
export const range = {
  collect: async ({ id, group }, records) => {
    appendFileSync(OUT + '/calls', id + '\\n');
    const numbers = [];
    for await (const batch of records) {
      for (const { decoded } of batch) numbers.push(decoded.n);
      await pause(100);
    }
    putOnce(OUT + '/' + id, JSON.stringify({ group, numbers }));
    return { count: numbers.length };
  },
};
export const finish = {
  sum: async (summaries, { job }) => {
    let count = 0;
    for await (const { summary } of summaries) count += summary.count;
    await pause(500);
    appendFileSync(OUT + '/finished', JSON.stringify([job, count]) + '\\n');
    return { count };
  },
};`;

/** Jobs of ranges under attack, one after the other: two topics for two groups, whose offsets are in Kafka and in ZooKeeper. */
export class RangesRound extends AttackedRun {
  readonly ranges: RangesHarness;
  readonly topics: string[];
  readonly groups: string[];
  readonly input: RangesInput;
  #handle: WorkflowHandle | undefined;
  #watch: RangesWatch | undefined;

  constructor(servers: FaultStack, harness: ReplayHarness, draws: Draws) {
    const ranges = new RangesHarness(harness);
    // Short time-outs, so that a worker that sleeps is soon taken for dead.
    super(servers, harness, { REWIND_HEARTBEAT_TIMEOUT_MS: '3000', REWIND_FUNCTIONS: ranges.module(FUNCTIONS) });
    this.ranges = ranges;
    const name = `round_${randomBytes(4).toString('hex')}`;
    this.topics = [`${name}.a`, `${name}.b`];
    this.groups = [`${name}-1`, `${name}-2`];
    const common = { function: 'collect', decode: 'json' as const };
    this.input = ranges.job({
      inputs: this.groups.flatMap((group) => this.topics.map((topic) => ({ ...common, topic, group }))),
      finish: 'sum',
      rangeMiB: draws.pick([0.003, 0.01]),
      concurrency: draws.pick([1, 3]),
      offsets: { kafka: true, zookeeper: true },
    });
  }

  get handle(): WorkflowHandle {
    if (this.#handle === undefined) throw new TypeError('the job is not started');
    return this.#handle;
  }

  get watch(): RangesWatch {
    if (this.#watch === undefined) throw new TypeError('the job is not started');
    return this.#watch;
  }

  /** Makes the topics, and produces so many records to each, numbered from `from` on. */
  async produce(count: number, from = 0): Promise<void> {
    for (const topic of this.topics) {
      if (from === 0) await this.ranges.topics.createTopic(topic, PARTITIONS);
      await this.ranges.topics.produce(topic, numbered(count, PARTITIONS, from));
    }
  }

  async start(): Promise<void> {
    const { workflowId } = await this.ranges.start(this.input);
    // Of whichever run is the newest: a reset ends the one that was started.
    this.#handle = this.harness.client.workflow.getHandle(workflowId);
    this.#watch = new RangesWatch(this.#handle);
  }

  /** Offsets of the groups in Kafka, as far as they have some. */
  async offsets(): Promise<Record<string, Record<number, string>>> {
    const all: Record<string, Record<number, string>> = {};
    for (const group of this.groups)
      for (const topic of this.topics) all[`${group} ${topic}`] = await this.ranges.offsets(group, topic);
    return all;
  }

  override async close(): Promise<void> {
    await super.close();
    this.ranges.close();
  }
}
