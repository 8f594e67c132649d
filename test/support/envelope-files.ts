import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FetchedBatch } from '../../connections/kafka/read/fetched-batch.ts';
import { judgeBatches } from '../../connections/kafka/read/judge-batches.ts';
import { openContainerWriter, syncMarkerOf } from '../../formats/avro/container-writer.ts';
import type { DatumWriter } from '../../formats/avro/datum-writer.ts';
import { ByteWriter } from '../../formats/byte-writer.ts';
import { AVRO_WRITE_CODECS } from '../../formats/codecs/compress/avro-compressors.ts';
import { ENVELOPE_SCHEMA } from '../../formats/record-envelope/envelope-schema.ts';
import { EnvelopeWriter } from '../../formats/record-envelope/envelope-writer.ts';
import { MemorySink } from '../formats/support/byte-sinks.ts';
import { logBatch } from './kafka/log-batch.ts';
import { batchOf, oddRecords, type OddRecord } from './odd-records.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const NO_TEXT: OddRecord = {
  key: null,
  value: Buffer.from('v'),
  timestamp: BigInt(TIME),
  headers: [[Buffer.from([0x61, 0xff, 0x62]), Buffer.of(1)]],
};

const PARTITION = 3;
const ENVELOPE_TOPIC = 'odd.topic';
const ENVELOPE_OFFSET = 2n ** 40n;
const ENVELOPE_RECORDS: readonly OddRecord[] = [...oddRecords(TIME), NO_TEXT];

/** Ids of the schemas that the records of all files have. */
export const ENVELOPE_IDS = { keySchemaId: 7, valueSchemaId: 8 };

/** The records as rows of Spark's Kafka source, bytes in hex: what any reader finds in the files beside the ids. */
export const ENVELOPE_ROWS = ENVELOPE_RECORDS.map(({ key, value, timestamp, headers }, n) => ({
  key: hexOf(key),
  value: hexOf(value),
  topic: ENVELOPE_TOPIC,
  partition: PARTITION,
  offset: Number(ENVELOPE_OFFSET) + n,
  timestamp: Number(timestamp),
  timestampType: 0,
  headers: headers.map(([name, each]) => ({ key: name.toString(), value: hexOf(each) })),
}));

/** As rows have bytes. */
export function hexOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('hex');
}

/** One file of whole records in each codec, and in hex the datums that are in each. */
export async function writeEnvelopeFiles(folder: string): Promise<{ paths: string[]; datums: string[] }> {
  const paths: string[] = [];
  let datums: string[] = [];
  const { keySchemaId, valueSchemaId } = ENVELOPE_IDS;
  for (const codec of AVRO_WRITE_CODECS) {
    const records = await logBatch(ENVELOPE_OFFSET, batchOf(ENVELOPE_TOPIC, PARTITION, ENVELOPE_RECORDS));
    const [judged] = [...judgeBatches({ aborted: [], records })];
    const sink = new MemorySink();
    const syncMarker = syncMarkerOf(codec);
    const file = await openContainerWriter({ schemaJson: ENVELOPE_SCHEMA, codec, blockBytes: 4000, syncMarker, sink });
    const envelope = new EnvelopeWriter(ENVELOPE_TOPIC, PARTITION);
    datums = [];
    for await (const run of new FetchedBatch(judged!, { from: 0n, to: 2n ** 62n }).records()) {
      const datum: DatumWriter = {
        copies: false,
        append: (_data, _at, _end, out) => envelope.append(run, keySchemaId, valueSchemaId, out),
      };
      while (run.next()) {
        file.append(datum, run.bytes, 0, 0);
        const alone = new ByteWriter(64);
        envelope.append(run, keySchemaId, valueSchemaId, alone);
        datums.push(alone.view().toString('hex'));
      }
    }
    await file.end();
    const path = join(folder, `${codec}.avro`);
    writeFileSync(path, sink.bytes);
    paths.push(path);
  }
  return { paths, datums };
}
