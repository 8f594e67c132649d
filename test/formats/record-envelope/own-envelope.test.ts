// The short way through Rewind's own envelope reads what the steps of its schema read, and refuses what they refuse, by
// the same words: whichever byte is another one, and wherever a record is cut.
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { EnvelopeReader } from '../../../formats/record-envelope/envelope-reader.ts';
import { ENVELOPE_SCHEMA } from '../../../formats/record-envelope/envelope-schema.ts';
import { readOwnEnvelope } from '../../../formats/record-envelope/own-envelope.ts';
import { envelope, type WholeRecord } from '../../support/whole-records.ts';

const schema = parseSchema(ENVELOPE_SCHEMA);
const short = new EnvelopeReader(schema, ENVELOPE_SCHEMA);
const steps = new EnvelopeReader(schema);

const bytes = (...all: number[]): Buffer => Buffer.from(all);
const RECORDS: WholeRecord[] = [
  { offset: 0 },
  { offset: 1, key: bytes(), value: bytes(), headers: [] },
  { offset: 300, partition: 70_000, timestamp: 1_700_000_000_123, key: bytes(1, 2), value: Buffer.alloc(70, 3) },
  { offset: 2n ** 32n + 5n, timestamp: -1, timestampType: 1, value: bytes(9), headers: [['a', null]] },
  { offset: 2n ** 54n, partition: 2 ** 31 - 1, headers: [['b', bytes(1)], ['', bytes()], ['b', null]] }, // prettier-ignore
  { offset: 2n ** 63n - 1n, timestamp: -62_135_596_800_000, key: null, value: bytes(0) },
  { offset: 7, headers: Array.from({ length: 40 }, (_, n) => [`h${n}`, bytes(n)]) },
];

function read(reader: EnvelopeReader, data: Uint8Array, position: number, end: number): unknown {
  try {
    const behind = reader.read(data, position, end);
    const { keyStart, keyEnd, valueStart, valueEnd, topic, partition, offset, timestamp, appendTime } = reader;
    const headers = [...reader.headers.subarray(0, reader.headerCount * 4)];
    const numbers = { partition, offset: { ...offset }, timestamp: { ...timestamp }, appendTime };
    return { behind, keyStart, keyEnd, valueStart, valueEnd, topic, ...numbers, headers };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { fault: error.fault, message: error.message, facts: error.facts };
  }
}

/** Ids of schemas behind a record: of four bytes, of the largest int and beyond it, and of none. */
const IDS = [[2, 8, 2, 0x80, 0x80, 0x80, 8], [2, 0xfe, 0xff, 0xff, 0xff, 15, 0], [2, 0x80, 0x80, 0x80, 0x80, 16, 0], [2, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0], [0, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]]; // prettier-ignore
const DATA = [
  ...RECORDS.map(envelope),
  ...IDS.map((ids) => Buffer.concat([envelope({ offset: 1 }).subarray(0, -2), bytes(...ids)])),
];

describe.each(DATA.map((datum, number) => [number, datum] as const))('record %i', (_number, datum) => {
  const data = Buffer.concat([bytes(2, 2), datum, bytes(2, 2, 2)]);
  const [position, end] = [2, 2 + datum.length];

  it('is read as the steps read it', () => {
    expect(read(short, data, position, end)).toEqual(read(steps, data, position, end));
    expect(read(short, data, position, data.length)).toEqual(read(steps, data, position, data.length));
  });

  it('is refused as they refuse it, wherever it is cut', () => {
    for (let cut = position; cut < end; cut += 1)
      expect(read(short, data, position, cut)).toEqual(read(steps, data, position, cut));
  });

  it('is read or refused as by them with any byte another', () => {
    for (let at = position; at < Math.min(end, position + 160); at += 1)
      for (const byte of [0, 1, 2, 3, 4, 0x7f, 0x80, 0xff, data[at]! ^ 1, data[at]! ^ 0x80]) {
        const changed = Buffer.from(data);
        changed[at] = byte;
        expect(read(short, changed, position, end)).toEqual(read(steps, changed, position, end));
      }
  });
});

it('reads each of these records to its end', () => {
  for (const datum of RECORDS.map(envelope))
    expect(read(short, datum, 0, datum.length)).toMatchObject({ behind: datum.length });
});

it('goes the short way for what is ordinary, and the other for the rest', () => {
  const ways = RECORDS.map((record) => {
    const datum = envelope(record);
    return readOwnEnvelope(new EnvelopeReader(schema), datum, 0, datum.length) === datum.length;
  });
  // More bytes in a number than it reads, and more headers than there is room for at first.
  expect(ways).toEqual([true, true, true, true, true, false, false]);
});
