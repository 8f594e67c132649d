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

/** What is in each file: partition 3 of the topic, with ids of schemas 7 and 8. */
export const ENVELOPE_TOPIC = 'odd.topic';
export const ENVELOPE_OFFSET = 2n ** 40n;
export const ENVELOPE_RECORDS: readonly OddRecord[] = [...oddRecords(TIME), NO_TEXT];

/** One file of whole records in each codec, and in hex the datums that are in each. */
export async function writeEnvelopeFiles(folder: string): Promise<{ paths: string[]; datums: string[] }> {
  const paths: string[] = [];
  let datums: string[] = [];
  for (const codec of AVRO_WRITE_CODECS) {
    const records = await logBatch(ENVELOPE_OFFSET, batchOf(ENVELOPE_TOPIC, 3, ENVELOPE_RECORDS));
    const [judged] = [...judgeBatches({ aborted: [], records })];
    const sink = new MemorySink();
    const syncMarker = syncMarkerOf(codec);
    const file = await openContainerWriter({ schemaJson: ENVELOPE_SCHEMA, codec, blockBytes: 4000, syncMarker, sink });
    const envelope = new EnvelopeWriter(ENVELOPE_TOPIC, 3);
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
  return { paths, datums };
}
