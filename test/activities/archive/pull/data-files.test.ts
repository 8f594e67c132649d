import { describe, expect, it } from 'vitest';
import { DataFiles, type DataFileLimits } from '../../../../activities/archive/pull/data-files.ts';
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
