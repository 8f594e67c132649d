// Ids in the frames of whole records: asked for once each, and no more after a thousand that the registry doesn't know.
import { expect, it } from 'vitest';
import { FrameIds } from '../../../../activities/archive/pull/values/frame-ids.ts';
import type { RegisteredSchema } from '../../../../connections/registry/schema-registry.ts';
import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import { framed } from '../../../support/confluent-frame.ts';

const signal = new AbortController().signal;

function record(key: Buffer | null, value: Buffer | null): RecordCursor {
  const bytes = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]);
  const keyLength = key?.length ?? 0;
  return {
    bytes,
    keyStart: key === null ? -1 : 0,
    keyEnd: key === null ? -1 : keyLength,
    valueStart: value === null ? -1 : keyLength,
    valueEnd: value === null ? -1 : bytes.length,
    headerCount: 0,
    headersStart: bytes.length,
    recordEnd: bytes.length,
  } as RecordCursor;
}

const ofId = (id: number): Buffer => framed(id, Buffer.alloc(1));

function idsOf(known: ReadonlySet<number>): { ids: FrameIds; asked: unknown[] } {
  const asked: unknown[] = [];
  const load = async (id: number | string, side: string): Promise<RegisteredSchema | undefined> => {
    asked.push(`${side} ${id}`);
    const found = { id: Number(id), type: 'AVRO', schema: '"int"', references: [] };
    return known.has(found.id) ? found : undefined;
  };
  return { ids: new FrameIds({ keys: true, values: true, load }), asked };
}

async function look(ids: FrameIds, each: RecordCursor): Promise<[key: number, value: number]> {
  if (!ids.look(each)) {
    await ids.load(signal);
    expect(ids.look(each)).toBe(true);
  }
  return [ids.keyId, ids.valueId];
}

it('loads what key and value name at once, and asks for nothing twice', async () => {
  const { ids, asked } = idsOf(new Set([7, 8]));
  expect(await look(ids, record(ofId(7), ofId(8)))).toEqual([7, 8]);
  expect(await look(ids, record(ofId(7), ofId(9)))).toEqual([7, -1]);
  expect(await look(ids, record(null, ofId(9)))).toEqual([-1, -1]);
  expect(await look(ids, record(Buffer.from('plain'), null))).toEqual([-1, -1]);
  expect(asked).toEqual(['key 7', 'value 8', 'value 9']);
});

it('asks for no more after a thousand ids that are none, and goes on with those that it knows', async () => {
  const { ids, asked } = idsOf(new Set([1]));
  expect(await look(ids, record(null, ofId(1)))).toEqual([-1, 1]);
  for (let id = 1000; id < 4000; id += 1) expect(await look(ids, record(null, ofId(id)))).toEqual([-1, -1]);
  expect(asked).toHaveLength(1001);
  expect(await look(ids, record(null, ofId(1)))).toEqual([-1, 1]);
});
