// What others read of whole records: Python's fastavro and Java's Avro, in every codec, the very same.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { FetchedBatch } from '../../../connections/kafka/read/fetched-batch.ts';
import { judgeBatches } from '../../../connections/kafka/read/judge-batches.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { openContainerWriter, syncMarkerOf } from '../../../formats/avro/container-writer.ts';
import type { DatumWriter } from '../../../formats/avro/datum-writer.ts';
import { AVRO_WRITE_CODECS } from '../../../formats/codecs/compress/avro-compressors.ts';
import { ENVELOPE_SCHEMA } from '../../../formats/record-envelope/envelope-schema.ts';
import { EnvelopeWriter } from '../../../formats/record-envelope/envelope-writer.ts';
import { MemorySink } from '../../formats/support/byte-sinks.ts';
import { JavaReadBack } from '../../support/java-read-back.ts';
import { logBatch } from '../../support/kafka/log-batch.ts';
import { batchOf, oddRecords, type OddRecord } from '../../support/odd-records.ts';
import { readByPython } from '../../support/python-packages.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-envelopes-'));
const TIME = Date.UTC(2026, 10, 20, 10);
const NO_TEXT: OddRecord = {
  key: null,
  value: Buffer.from('v'),
  timestamp: BigInt(TIME),
  headers: [[Buffer.from([0x61, 0xff, 0x62]), Buffer.of(1)]],
};
const RECORDS = [...oddRecords(TIME), NO_TEXT];
const FIRST_OFFSET = 2n ** 40n;

let paths: string[];
let datums: string[];

/** One file of each codec, and the datums that are in each. */
beforeAll(async () => {
  paths = [];
  for (const codec of AVRO_WRITE_CODECS) {
    const records = await logBatch(FIRST_OFFSET, batchOf('odd.topic', 3, RECORDS));
    const [judged] = [...judgeBatches({ aborted: [], records })];
    const sink = new MemorySink();
    const syncMarker = syncMarkerOf(codec);
    const file = await openContainerWriter({ schemaJson: ENVELOPE_SCHEMA, codec, blockBytes: 4000, syncMarker, sink });
    const envelope = new EnvelopeWriter('odd.topic', 3);
    datums = [];
    for await (const run of new FetchedBatch(judged!, { from: 0n, to: 2n ** 62n }).records()) {
      const datum: DatumWriter = { copies: false, append: (_data, _at, _end, out) => envelope.append(run, 7, 8, out) };
      while (run.next()) {
        file.append(datum, run.bytes, 0, 0);
        const alone = new ByteWriter(64);
        envelope.append(run, 7, 8, alone);
        datums.push(alone.view().toString('hex'));
      }
    }
    await file.end();
    const path = join(folder, `${codec}.avro`);
    writeFileSync(path, sink.bytes);
    paths.push(path);
  }
});

const hex = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString('hex'));

it('fastavro', async () => {
  const expected = RECORDS.map(({ key, value, timestamp, headers }, n) => ({
    key: hex(key),
    value: hex(value),
    topic: 'odd.topic',
    partition: 3,
    offset: Number(FIRST_OFFSET) + n,
    timestamp: Number(timestamp),
    timestampType: 0,
    headers: headers.map(([name, each]) => ({ key: name.toString(), value: hex(each) })),
    keySchemaId: 7,
    valueSchemaId: 8,
  }));
  for (const path of paths) {
    const lines = await readByPython('read_envelopes.py', [path]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(expected);
  }
}, 300_000);

it('Java, byte for byte', async () => {
  const java = await JavaReadBack.compile(join(folder, 'classes'));
  // The name that is no text is read, and written again, with a replacement character.
  const written = (lines: string[]): string[] => lines.slice(1, -1);
  for (const lines of java.read('avro', paths)) expect(written(lines)).toEqual(datums.slice(0, -1));
}, 300_000);
