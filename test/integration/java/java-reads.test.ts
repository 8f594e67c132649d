/** Proves that Java reads every kind of file that is written: Avro's DataFileReader, Hadoop's SequenceFile.Reader and codecs, and what goes on from an execution by the rules of Camus and Camus2Kafka. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openContainerWriter, syncMarkerOf } from '../../../formats/avro/container-writer.ts';
import { compileDatumWriter } from '../../../formats/avro/datum-writer.ts';
import { AVRO_WRITE_CODECS } from '../../../formats/codecs/compress/avro-compressors.ts';
import { HADOOP_CODEC_CLASSES } from '../../../formats/codecs/compress/hadoop-compressors.ts';
import type { HadoopWriteCodec } from '../../../formats/codecs/compress/hadoop-compressors.ts';
import { STREAM_WRITE_CODECS } from '../../../formats/codecs/compress/stream-compressor.ts';
import { openSequenceFileWriter } from '../../../formats/hadoop/sequence-file-writer.ts';
import { WritableOutput } from '../../../formats/hadoop/writable-output.ts';
import { LINE_EXTENSIONS, openLineWriter } from '../../../formats/text/line-writer.ts';
import type { EtlKey } from '../../../layouts/camus/etl-key.ts';
import { etlKeyMap } from '../../../layouts/camus/etl-key-output.ts';
import { errorsFile, offsetsFile, requestsFile } from '../../../layouts/camus/execution-files.ts';
import { readContainerFile } from '../../formats/avro/support/fixture-records.ts';
import { MemorySink } from '../../formats/support/byte-sinks.ts';
import { fixture } from '../../formats/support/fixture-files.ts';
import { JavaReadBack } from '../../support/java-read-back.ts';
import { openContainer } from '../../../formats/avro/container.ts';
import { bytesSource } from '../../../formats/byte-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-java-reads-'));
const syncMarker = syncMarkerOf('a file that Java reads');
let java: JavaReadBack;

beforeAll(async () => {
  java = await JavaReadBack.compile(join(folder, 'classes'));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function saved(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const LINES = Array.from({ length: 3000 }, (_, i) => `${i} é☃ ${'word '.repeat(i === 5 ? 200_000 : i % 50)}|`);

it('Avro files of each codec', async () => {
  const path = 'camus/dest/codecs/hourly/2014/11/02/01/codecs.0.3.160.450.1414915200000.avro';
  const { records, writer: schema } = await readContainerFile(path);
  const { schemaJson } = await openContainer(bytesSource(fixture(path)));
  const datum = compileDatumWriter(schema, schema);
  const paths: string[] = [];
  for (const codec of AVRO_WRITE_CODECS) {
    const sink = new MemorySink();
    const metadata = [['rewind.test', codec]] as const;
    const writer = await openContainerWriter({ schemaJson, codec, syncMarker, metadata, blockBytes: 5000, sink });
    for (const { data, position, end } of records) writer.append(datum, data, position, end);
    await writer.end();
    paths.push(saved(`${codec}.avro`, sink.bytes));
  }
  const expected = records.map(({ data, position, end }) => Buffer.from(data.subarray(position, end)).toString('hex'));
  for (const [i, found] of java.read('avro', paths).entries()) {
    const codec = AVRO_WRITE_CODECS[i]!;
    expect(found[0], codec).toBe(`${codec === 'null' ? 'null' : codec} ${codec}`);
    expect(found.slice(1), codec).toEqual(expected);
  }
});

it('SequenceFiles of each form and codec', async () => {
  const paths: string[] = [];
  for (const compression of ['none', 'record', 'block'] as const)
    for (const codec of Object.keys(HADOOP_CODEC_CLASSES) as HadoopWriteCodec[]) {
      const sink = new MemorySink();
      const writer = await openSequenceFileWriter({
        ...{ keyClass: 'org.apache.hadoop.io.LongWritable', valueClass: 'org.apache.hadoop.io.Text' },
        ...{ compression, codec, syncMarker, syncBytes: 2000, blockBytes: 50_000, metadata: { b: '2', a: '1' }, sink },
      });
      for (const [i, line] of LINES.entries())
        writer.append(new WritableOutput().int64(BigInt(i - 5)).take(), new WritableOutput().text(line).take());
      await writer.end();
      paths.push(saved(`${compression}.${codec}.seq`, sink.bytes));
    }
  const expected = LINES.map((line, i) => `${i - 5}\t${line}`);
  const found = java.read('seq', paths);
  expect(found).toHaveLength(15);
  for (const [i, lines] of found.entries()) expect(lines, paths[i]).toEqual(expected);
});

it('lines of each compression', async () => {
  const paths: string[] = [];
  for (const compression of STREAM_WRITE_CODECS) {
    const sink = new MemorySink();
    const writer = await openLineWriter({ compression, sink });
    for (const line of LINES) if (!writer.append(Buffer.from(line))) await writer.drained();
    await writer.end();
    paths.push(saved(`lines-${compression}${LINE_EXTENSIONS[compression]}`, sink.bytes));
  }
  for (const [i, lines] of java.read('lines', paths).entries()) expect(lines, paths[i]).toEqual(LINES);
});

it('the files of an execution, by the rules of Camus and of Camus2Kafka', async () => {
  const keys = Array.from({ length: 400 }, (_, i): EtlKey => ({
    leaderId: String(i % 3),
    partition: i % 8,
    beginOffset: BigInt(i),
    offset: 2n ** 40n + BigInt(i),
    checksum: 4_294_967_295n,
    topic: `topic.${Math.floor(i / 8)}_é`,
    time: 1_414_915_200_000n,
    server: '',
    service: '',
    map: etlKeyMap({ service: 'svc', messageSize: 280n, server: 'app1' }),
  }));
  const execution = join(folder, '2014-11-03-09-10-05');
  mkdirSync(execution);
  const put = (name: string, bytes: Uint8Array) => saved(`2014-11-03-09-10-05/${name}`, bytes);
  const current = put('offsets-m-00000', await collected(offsetsFile(keys, { syncMarker, compression: 'record' })));
  put(
    'offsets-previous',
    await collected(
      offsetsFile(
        keys.slice(0, 50).map((key) => ({ ...key, offset: 3n })),
        { syncMarker },
      ),
    ),
  );
  const request = { topic: 't.é', leaderId: '2', uri: 'tcp://k:9092', partition: 4, offset: 0n, latestOffset: 9n };
  const requests = put('requests.previous', await collected(requestsFile([request], { syncMarker })));
  const error = { key: keys[0]!, text: 'no schema for id 17 é😀' };
  const errors = put('errors-m-00000', await collected(errorsFile([error], { syncMarker, compression: 'record' })));

  const shown = (key: EtlKey) =>
    [key.topic, key.partition, key.leaderId, key.beginOffset, key.offset, key.checksum, key.time, '', ''].join('|') +
    '|{message.size=280, server=app1, service=svc}';
  const [ofOffsets, ofErrors, ofRequests] = java.read('seq', [current, errors, requests]);
  expect(ofOffsets).toEqual(keys.map((key) => `${shown(key)}\t(null)`));
  expect(ofErrors).toEqual([`${shown(keys[0]!)}\tno schema for id 17 é😀`]);
  expect(ofRequests).toEqual(['t.é|2|tcp://k:9092|4|0|9\t(null)']);
  const expected = keys.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`).sort();
  expect([...java.read('camus', [execution])[0]!].sort()).toEqual(expected);
  expect([...java.read('camus2kafka', [execution])[0]!].sort()).toEqual(expected);
});
