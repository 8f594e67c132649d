import { randomBytes } from 'node:crypto';
import avro from 'avsc';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { camusTopicFolder } from '../../layouts/camus/topic-folder.ts';
import {
  AvroContainerWriter,
  fileStoreSink,
  writeCamusArchive,
  type ArchiveOptions,
  type CamusArchive,
} from './camus-archive/index.ts';
import type { ReplayHarness } from './replay-harness.ts';

/** A small archive on a test's HDFS, of a topic whose name nobody else has, and the plain job that replays it. */
export interface TestArchive {
  archive: CamusArchive;
  topic: string;
  replayTopic: string;
  /** Folder of this archive, its schema and its history. */
  folder: string;
  job: ReplayInput & { output: NonNullable<ReplayInput['output']> };
}

/** Few files: every one costs round trips, in writing and in reading. */
const SMALL = { records: 1_500, hours: 3, executions: 2 };

export async function writeTestArchive(
  harness: ReplayHarness,
  options: Partial<ArchiveOptions> = {},
): Promise<TestArchive> {
  const topic = uniqueTopic();
  const folder = `${harness.folder}/${topic}`;
  const [dest, exec, schema] = [`${folder}/dest`, `${folder}/exec`, `${folder}/output.avsc`];
  const sink = fileStoreSink(harness.store);
  const archive = await writeCamusArchive({ ...SMALL, ...options, topics: [topic], dest, exec, sink });
  await harness.store.write(schema, [Buffer.from(archive.truth().outputSchema)]);
  return {
    archive,
    topic,
    replayTopic: `${topic}_REPLAY`,
    folder,
    job: { topic, archive: { dest, exec }, output: { schema } },
  };
}

export function uniqueTopic(): string {
  return `page_views_${randomBytes(4).toString('hex')}`;
}

/** One data file as Camus names it, with records of any schema. */
export interface CamusFile {
  /** Camus's etl.destination.path. */
  dest: string;
  topic: string;
  schema: object;
  records: readonly unknown[];
  /** @default 0 */
  partition?: number;
  /** One past the offset of the last record. @default the number of records */
  nextOffset?: number;
  /** Start of the hour, ms since 1970 UTC. @default 2014-11-02 08:00 */
  bucket?: number;
}

const BUCKET = Date.UTC(2014, 10, 2, 8);

/** Writes the file and returns its path. */
export async function writeCamusFile(harness: ReplayHarness, file: CamusFile): Promise<string> {
  const { topic, partition = 0, records, nextOffset = records.length, bucket = BUCKET } = file;
  const folder = camusTopicFolder(topic);
  const hour = new Date(bucket).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  const name = `${folder}.1.${partition}.${records.length}.${nextOffset}.${bucket}.avro`;
  const path = `${file.dest}/${folder}/hourly/${hour}/${name}`;
  await harness.store.write(path, containerOf(file.schema, records));
  return path;
}

/** The bytes of an Avro container file; longs are numbers. */
export function containerOf(schema: object, records: readonly unknown[]): AsyncIterable<Uint8Array> {
  const type = avro.Type.forSchema(schema as avro.Schema);
  const writer = new AvroContainerWriter({
    schema: JSON.stringify(schema),
    codec: 'deflate',
    syncInterval: 1_000,
    sync: randomBytes(16),
  });
  return writer.chunks(records.length, (ordinal, out) => out.append(type.toBuffer(records[ordinal])));
}
