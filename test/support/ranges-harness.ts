import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { RangesInput } from '../../activities/ranges/job/ranges-input.ts';
import type { RangesResult } from '../../workflows/ranges/ranges-result.ts';
import { ArchiveHarness } from './archive-harness.ts';
import { reasonOf, type ReplayHarness } from './replay-harness.ts';

/** One test's jobs of ranges: topics, groups and a staging folder of its own, and a local folder for what functions write. */
export class RangesHarness {
  readonly base: ReplayHarness;
  readonly topics: ArchiveHarness;
  /** Where functions of tests write. */
  readonly out = mkdtempSync(join(tmpdir(), 'rewind-ranges-'));

  constructor(base: ReplayHarness) {
    this.base = base;
    this.topics = new ArchiveHarness(base, 'ranges');
  }

  /** Writes a functions module into the local folder; `OUT` in it is that folder. */
  module(text: string): string {
    const path = join(this.out, `functions-${randomBytes(4).toString('hex')}.mjs`);
    writeFileSync(path, `const OUT = ${JSON.stringify(this.out)};\n${text}`);
    return path;
  }

  job(input: Partial<RangesInput> & { inputs: RangesInput['inputs'] }): RangesInput {
    return { staging: `${this.base.folder}/staging`, ...input };
  }

  async start(
    job: RangesInput,
    workflowId = `ranges-${this.base.id}-${randomBytes(4).toString('hex')}`,
  ): Promise<WorkflowHandle> {
    return this.base.client.workflow.start('ranges', { args: [job], taskQueue: this.base.taskQueue, workflowId });
  }

  async run<Result = RangesResult>(job: RangesInput): Promise<Result> {
    const handle = await this.start(job);
    try {
      return (await handle.result()) as Result;
    } catch (error) {
      throw error instanceof WorkflowFailedError ? new Error(reasonOf(error)) : error;
    }
  }

  async failure(job: RangesInput): Promise<{ type: string | undefined; message: string }> {
    return this.base.failureOf(await this.start(job));
  }

  /** Offsets of a group in Kafka, by partition; those that it has. */
  async offsets(group: string, topic: string): Promise<Record<number, string>> {
    const [found] = await this.topics.admin((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    const known = found?.partitions.filter(({ offset }) => offset !== '-1') ?? [];
    return Object.fromEntries(known.map(({ partition, offset }) => [partition, offset]));
  }

  async setOffsets(group: string, topic: string, offsets: Record<number, string>): Promise<void> {
    const partitions = Object.entries(offsets).map(([partition, offset]) => ({ partition: Number(partition), offset }));
    await this.topics.admin(async (admin) => {
      await admin.setOffsets({ groupId: group, topic, partitions });
      // It is done by a member, which the group has until it has left.
      for (;;) {
        const { groups } = await admin.describeGroups([group]);
        if (groups[0]?.members.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
  }

  /** What is left in the staging folder of a group. */
  async debris(group: string): Promise<string[]> {
    const found: string[] = [];
    const walk = async (folder: string): Promise<void> => {
      if ((await this.base.store.status(folder)) === undefined) return;
      for await (const { path, kind } of this.base.store.list(folder))
        if (kind === 'directory') await walk(path);
        else found.push(path);
    };
    await walk(`${this.base.folder}/staging`);
    return found.filter((path) => path.includes(`/ranges/${group}-`));
  }

  close(): void {
    rmSync(this.out, { recursive: true });
  }
}

/** Messages with a number each, over so many partitions. */
export function numbered(count: number, partitions = 1, from = 0): { partition: number; key: string; value: string }[] {
  return Array.from({ length: count }, (_, n) => ({
    partition: (from + n) % partitions,
    key: `k${from + n}`,
    value: JSON.stringify({ n: from + n }),
  }));
}
