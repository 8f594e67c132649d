import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveInput } from '../../activities/archive/job/archive-input.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import { ArchiveHarness } from './archive-harness.ts';
import type { ReplayHarness } from './replay-harness.ts';

const START = Date.UTC(2026, 10, 20, 10);

/** A topic that is archived, lost, and replayed into itself while its archive goes on: the loop of backup and restore. */
export class LoopedTopic {
  readonly archive: ArchiveHarness;
  readonly topic: string;
  readonly #base: ReplayHarness;

  private constructor(base: ReplayHarness) {
    this.#base = base;
    this.archive = new ArchiveHarness(base, 'loop');
    this.topic = this.archive.topic('looped');
  }

  /** @param records - in the topic, numbered from 0 */
  static async open(base: ReplayHarness, records: number): Promise<LoopedTopic> {
    const looped = new LoopedTopic(base);
    await looped.#create();
    await looped.produce(0, records);
    return looped;
  }

  /** An archive that goes on with the topic when it is made anew. */
  get job(): ArchiveInput {
    return this.archive.job({
      topics: { include: [this.topic] },
      time: { format: 'ISO-8601' },
      files: { timeZone: 'UTC', codec: 'none' },
      recreated: 'continue-at-earliest',
    });
  }

  async produce(from: number, to: number): Promise<void> {
    await this.archive.produce(
      this.topic,
      Array.from({ length: to - from }, (_, at) => ({
        value: JSON.stringify({ n: from + at, timestamp: new Date(START + (from + at) * 1000).toISOString() }),
        headers: { trace: `t${from + at}` },
      })),
    );
  }

  /** Deletes the topic, and makes it anew, without a record. */
  async lose(): Promise<void> {
    await this.archive.admin(async (admin) => {
      await admin.deleteTopics({ topics: [this.topic] });
      while ((await admin.listTopics()).includes(this.topic)) await sleep(50);
    });
    await this.#create();
  }

  /** Replays the archive into the topic itself, and does something again and again until that is done. */
  async restore(rate: number, meanwhile: () => Promise<unknown>): Promise<ReplayResult> {
    let done = false;
    const replay = this.#base
      .replay({
        topic: this.topic,
        replayTopic: { name: this.topic, allowSource: true, unsafeSettings: 'accept' },
        archive: { dest: this.archive.dest, timeZone: 'UTC' },
        time: { format: 'ISO-8601' },
        output: { encoding: 'original' },
        rate: { records: rate },
      })
      .finally(() => (done = true));
    const beside = (async () => {
      while (!done) await meanwhile();
    })();
    const [result] = await Promise.all([replay, beside]);
    return result;
  }

  /** Numbers of the records that are archived, in order; each once, or it shows. */
  async archived(archive = this.archive): Promise<number[]> {
    const lines = (await archive.lines(this.topic)).get(0) ?? [];
    return lines.map((line) => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b);
  }

  async #create(): Promise<void> {
    // Its records are of a fixed day, which retention would delete.
    await this.archive.createTopic(this.topic, 1, [{ name: 'retention.ms', value: '-1' }]);
  }
}
