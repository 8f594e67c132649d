// Topics of large records in many partitions: what is held of them at a time is counted, not guessed from a process's size.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { pullArchive } from '../../../../activities/archive/pull-archive.ts';
import { countsOf } from '../../../../activities/archive/pull/pull-counts.ts';
import { pullRanges, type PullParts } from '../../../../activities/archive/pull/pull-ranges.ts';
import type { PullTask } from '../../../../activities/archive/pull/pull-task.ts';
import { UNKNOWN_PRODUCER } from '../../../../activities/archive/pull/values/producer.ts';
import type { Dependencies } from '../../../../activities/dependencies.ts';
import { MemoryBudget } from '../../../../activities/step/memory-budget.ts';
import { sealedLines } from '../../../../activities/step/sealed-lines.ts';
import type { TopicReader } from '../../../../connections/kafka/read/topic-reader.ts';
import { openLineWriter, type LineWriter } from '../../../../formats/text/line-writer.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { stepContext } from '../../../support/step-context.ts';
import { E1, leavePulled } from '../pulled-run.ts';
import { pullParts } from './pull-parts.ts';

const MIB = 1024 * 1024;
const PARTITIONS = 100;
const RECORD = Buffer.alloc(10 * MIB, 'x');

/** Partitions with one record each, and a DataNode that takes bytes slower than the broker gives them. */
class LargeRecords {
  /** Bytes that were appended to files, and that the DataNode has not taken yet. */
  held = 0;
  most = 0;
  taken = 0;

  get parts(): PullParts {
    return pullParts({
      store: this.#slowStore(),
      reader: this.#reader(),
      valuesOf: () => ({
        time: 0,
        form: '',
        wrong: '',
        look: () => undefined,
        loadSchema: async () => undefined,
        openFile: (sink) => openLineWriter({ compression: 'none', sink }),
        producer: () => UNKNOWN_PRODUCER,
        append: (writer) => {
          this.held += RECORD.length;
          this.most = Math.max(this.most, this.held);
          return (writer as LineWriter).append(RECORD);
        },
      }),
    });
  }

  #slowStore(): MemoryFileStore {
    const store = new MemoryFileStore();
    store.write = async (_path, chunks) => {
      let length = 0;
      for await (const chunk of chunks) {
        for (let turns = 0; turns < 50; turns++) await turn();
        length += chunk.length;
        this.held -= chunk.length;
        this.taken += chunk.length;
      }
      return length;
    };
    return store;
  }

  #reader(): TopicReader {
    return {
      async *read() {
        let read = false;
        const cursor = {
          next: () => !read && (read = true),
          offset: 0n,
          offsetNumber: 0,
          bytes: RECORD,
          valueStart: 0,
          valueEnd: RECORD.length,
          timestampNumber: 0,
        };
        const records = async function* () {
          yield cursor;
        };
        yield { kind: 'data', nextOffset: 1n, records } as never;
      },
      close: async () => undefined,
    };
  }
}

it('holds few of the records of 10 MiB in a hundred partitions, however slowly HDFS takes them', async () => {
  const large = new LargeRecords();
  const ranges = Array.from({ length: PARTITIONS }, (_, partition) => ({
    ...{ topic: 't', partition, leader: '1', from: 0n, to: 1n },
  }));
  const lines = await pullRanges(ranges, large.parts);
  expect(lines.filter(({ kind }) => kind === 'file')).toHaveLength(PARTITIONS);
  expect(large.taken).toBe(PARTITIONS * (RECORD.length + 1));
  // What all files may leave waiting, the record behind that, and a MiB of each that closes.
  expect(large.most).toBeLessThanOrEqual(36 * MIB);
}, 60_000);

it('lets no more pulls of them begin at a time than the memory of the worker is for', async () => {
  const store = new MemoryFileStore();
  const ranges = Array.from({ length: PARTITIONS }, (_, n) => ({ from: n, to: n + 1, lost: true as const }));
  const job = await leavePulled(store, 'a/1', undefined, E1, ranges);
  let [running, most] = [0, 0];
  const pull = async ({ pull: { pull: number }, report }: Pick<PullTask, 'pull' | 'report'>) => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    await store.write(report, sealedLines([{ kind: 'head', version: 1, pull: number, seconds: 1 }]));
    running -= 1;
    return countsOf([], 1);
  };
  const deps = { hdfs: () => store, budget: new MemoryBudget(256 * MIB), puller: { pull } } as unknown as Dependencies;
  const step = pullArchive(deps);
  const rate = {} as Parameters<typeof step>[0]['rate'];
  await Promise.all(ranges.map((_, number) => step({ job, pull: number, rate }, stepContext())));
  expect(most).toBe(2);
});
