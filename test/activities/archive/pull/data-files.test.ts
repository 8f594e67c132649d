import { describe, expect, it } from 'vitest';
import { dataFileLimits, DataFiles, type DataFileLimits } from '../../../../activities/archive/pull/data-files.ts';
import { openContainerWriter, syncMarkerOf, type ContainerWriter } from '../../../../formats/avro/container-writer.ts';
import { compileDatumWriter } from '../../../../formats/avro/datum-writer.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

const STRING = compileDatumWriter({ type: 'string' }, { type: 'string' });

const begun = (limits: DataFileLimits): DataFiles =>
  new DataFiles(new MemoryFileStore(), '/attempt', new AbortController().signal, limits);

async function open(files: DataFiles, bucket: string): Promise<void> {
  const place = { topic: 't', partition: 0, key: bucket, target: () => `/t/${bucket}` };
  const { writer } = await files.begin(place, 0n, (sink) =>
    openContainerWriter({ schemaJson: '"string"', syncMarker: syncMarkerOf(bucket), sink }),
  );
  (writer as ContainerWriter).append(STRING, Buffer.of(0), 0, 1);
}

describe('data files under way', () => {
  it('end once none of many records was for them, long before the range does', async () => {
    const files = begun({ idle: 1000 });
    await open(files, 'first hour');
    await files.keepBounds(600);
    await open(files, 'second hour');
    await files.keepBounds(1000);
    expect(files.get('first hour')).toBeDefined();
    await files.keepBounds(900);
    await files.keepBounds(101);
    expect([files.get('first hour'), files.get('second hour')]).toEqual([expect.anything(), undefined]);
    expect((await files.finished()).map(({ target }) => target)).toEqual(['/t/second hour', '/t/first hour']);
  });

  it('stay as long as records come for them, though nobody asks for the one in hand', async () => {
    const files = begun({ idle: 1000 });
    await open(files, 'hour');
    await files.keepBounds(5000);
    await open(files, 'late records');
    await files.keepBounds(1000);
    expect(files.get('hour')).toBeDefined();
  });

  it('never ends the one in hand, of which nobody knows whether a record comes', async () => {
    const files = begun({ idle: 1000 });
    await open(files, 'hour');
    await files.keepBounds(5000);
    expect(files.get('hour')).toBeDefined();
  });

  it('end in the order of their use where there are too many', async () => {
    const files = begun({ open: 2 });
    for (const bucket of ['a', 'b']) await open(files, bucket);
    files.get('a');
    await open(files, 'c');
    expect(['a', 'b', 'c'].map((bucket) => files.get(bucket) !== undefined)).toEqual([true, false, true]);
  });
});

describe('data files that hold connections', () => {
  const CONNECTIONS = 16;
  const CHUNK = Buffer.concat([Buffer.of(0x80, 0x80, 0x28), Buffer.alloc(320 * 1024)]); // a string of 320 KiB

  /** A store of one DataNode: an upload waits for a connection, in turn, and has it until its last byte is there. */
  function oneDataNode(connections: number): MemoryFileStore {
    const store = new MemoryFileStore();
    const write = store.write.bind(store);
    const waiting: (() => void)[] = [];
    let free = connections;
    store.write = async (...args) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await write(...args);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    };
    return store;
  }

  async function send(files: DataFiles, bucket: string): Promise<ContainerWriter> {
    const place = { topic: 't', partition: 0, key: bucket, target: () => `/t/${bucket}` };
    const file =
      files.get(bucket) ??
      (await files.begin(place, 0n, (sink) =>
        openContainerWriter({ schemaJson: '"string"', syncMarker: syncMarkerOf(bucket), sink }),
      ));
    (file.writer as ContainerWriter).append(STRING, CHUNK, 0, CHUNK.length);
    return file.writer as ContainerWriter;
  }

  /** Whether it ends; what waits for itself never does, however many turns the event loop has. */
  async function ends(work: Promise<unknown>): Promise<boolean> {
    let ended = false;
    void work.finally(() => (ended = true));
    for (let turn = 0; turn < 2000 && !ended; turn++) await new Promise((resolve) => setImmediate(resolve));
    return ended;
  }

  const begunAt = (connections: number, limits: DataFileLimits): DataFiles =>
    new DataFiles(oneDataNode(connections), '/attempt', new AbortController().signal, limits);

  it('never wait for each other, however many have begun between two looks', async () => {
    const files = begunAt(CONNECTIONS, {});
    const buckets = Array.from({ length: 100 }, (_, number) => `hour ${number}`);
    for (const bucket of buckets) await send(files, bucket);
    // Those whose turn for a connection comes last were used least recently.
    for (const bucket of buckets.toReversed()) files.get(bucket);
    expect(await ends(files.keepBounds(100))).toBe(true);
    expect(await files.finished()).toHaveLength(100);
  });

  it('never wait for each other where small ones end because there are too many', async () => {
    const files = begunAt(CONNECTIONS, { open: 40 });
    for (let small = 0; small < 14; small++) await open(files, `small ${small}`);
    for (let hour = 0; hour < 26; hour++) await send(files, `hour ${hour}`);
    const more = async (): Promise<void> => {
      for (let small = 14; small < 28; small++) await open(files, `small ${small}`);
    };
    expect(await ends(more())).toBe(true);
    expect(await files.finished()).toHaveLength(54);
  });

  it('wait for room only when the others leave them a connection', async () => {
    const files = begunAt(CONNECTIONS, {});
    for (let hour = 0; hour < 40; hour++) await send(files, `hour ${hour}`);
    const writer = await send(files, 'hour 40');
    for (let more = 0; more < 40; more++) writer.append(STRING, CHUNK, 0, CHUNK.length);
    expect(await ends(writer.drained())).toBe(true);
    expect(files.get('hour 40')?.writer).toBe(writer);
    expect((await files.finished()).reduce((all, { records }) => all + records, 0)).toBe(81);
  });

  it('leave connections to those that close, of however few', async () => {
    const files = begunAt(4, dataFileLimits(4));
    for (let small = 0; small < 20; small++) await open(files, `small ${small}`);
    await files.keepBounds(1 << 17);
    for (let hour = 0; hour < 8; hour++) await send(files, `hour ${hour}`);
    expect(await ends(files.keepBounds(1 << 17))).toBe(true);
    await send(files, 'hour 7');
    expect(await ends(files.keepBounds(1))).toBe(true);
    expect(await files.finished()).toHaveLength(28);
  });
});
