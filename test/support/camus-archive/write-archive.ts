import { AvroContainerWriter } from './avro-container-writer.ts';
import { resolveOptions } from './archive-options.ts';
import { CamusArchive } from './camus-archive.ts';
import { Draws, seedOf } from './draws.ts';
import { executionFiles } from './execution-folder.ts';
import { recordAt } from './ground-truth.ts';
import { SCHEMAS, putPageView } from './page-view-schema.ts';
import type { ArchiveOptions, LaterRun } from './archive-options.ts';
import type { TopicPlan } from './archive-plan.ts';
import type { ArchiveSink } from './archive-sink.ts';
import type { Execution } from './camus-archive.ts';
import type { ArchiveFile, FileLayout } from './file-layout.ts';

export interface WriteOptions {
  sink: ArchiveSink;
  /** Files written at the same time. @default 8: HDFS lets a writer wait rather than work */
  parallel?: number;
}

/** Writes an archive: the data files of all runs, then the execution folders. */
export async function writeCamusArchive(options: ArchiveOptions & WriteOptions): Promise<CamusArchive> {
  const { sink, parallel = 8, ...archiveOptions } = options;
  const archive = new CamusArchive({ options: resolveOptions(archiveOptions), laterRuns: [] });
  const kept = archive.description.options.historyKept;
  const histories = archive.executions.filter(({ failed }) => !failed);
  const pruned = new Set(histories.slice(0, Math.max(0, histories.length - kept)));
  const isKept = (run: number): boolean => !pruned.has(archive.executions[run] as Execution);
  await writeRuns(archive, [...archive.executions.keys()], { sink, parallel }, isKept);
  return archive;
}

/**
 * A later run of Camus lands: its data files, and unless it failed a newer history folder. Returns the archive as it is
 * then; the one given goes on to tell what a replay must publish that had pinned its offsets before.
 */
export async function appendExecution(
  archive: CamusArchive,
  { sink, parallel = 8, ...later }: LaterRun & WriteOptions,
): Promise<CamusArchive> {
  const { options, laterRuns } = archive.description;
  const last = archive.executions.at(-1)?.at ?? 0;
  const run = {
    records: Math.floor(options.records / 10),
    history: true,
    quietPartitions: [],
    at: Math.max(Date.now(), last + 1000),
    ...later,
  };
  const appended = new CamusArchive({ options, laterRuns: [...laterRuns, run] });
  await writeRuns(appended, [appended.executions.length - 1], { sink, parallel });
  return appended;
}

/** Data files before execution folders, and those to the history in their order: as if run after run had been there. */
async function writeRuns(
  archive: CamusArchive,
  runs: readonly number[],
  { sink, parallel }: Required<WriteOptions>,
  isKept: (run: number) => boolean = () => true,
): Promise<void> {
  const { topics } = archive.plan;
  const dataFiles = topics.flatMap((topic) => {
    const layout = archive.layout(topic.topic);
    const files = layout.files.filter(({ run }) => runs.includes(run));
    return files.map((file) => () => sink.write(file.path, dataFile(archive, topic, layout, file)));
  });
  await inParallel(dataFiles, parallel);
  const folders = runs.filter(isKept).map((run) => ({ run, ...placesOf(archive, run, sink) }));
  const executionWrites = folders.flatMap(({ run, from }) =>
    [...executionFiles(archive.plan, run)].map(
      ([file, bytes]) =>
        () =>
          sink.write(`${from}/${file}`, bytes),
    ),
  );
  await inParallel(executionWrites, parallel);
  for (const { from, to } of folders) if (from !== to) await sink.move?.(from, to);
}

/** Where the folder of a run is written, and where it is in the end. */
function placesOf(archive: CamusArchive, run: number, sink: ArchiveSink): { from: string; to: string } {
  const execution = archive.executions[run];
  if (execution === undefined) throw new RangeError(`no run ${run} in an archive of ${archive.executions.length}`);
  const { name, path } = execution;
  return { from: sink.move === undefined ? path : `${archive.description.options.exec}/base/${name}`, to: path };
}

async function inParallel(tasks: readonly (() => Promise<void>)[], parallel: number): Promise<void> {
  const left = tasks[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const task of left) await task();
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

function dataFile(
  archive: CamusArchive,
  plan: TopicPlan,
  layout: FileLayout,
  file: ArchiveFile,
): AsyncIterable<Uint8Array> {
  const { codec, deflateLevel, syncInterval, seed } = archive.description.options;
  const sync = new Draws(seedOf(seed, file.path)).bytes(16);
  const writer = new AvroContainerWriter({
    schema: SCHEMAS[file.schemaVersion],
    codec,
    deflateLevel,
    syncInterval,
    sync,
  });
  return writer.chunks(file.count, (ordinal, out) => {
    const entry = file.first + ordinal;
    const time = layout.times[entry] as number;
    putPageView(out, recordAt(plan, file, layout.indexes[entry] as number, time), file.schemaVersion);
  });
}
