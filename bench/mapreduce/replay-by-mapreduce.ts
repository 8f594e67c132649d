import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../../scripts/stack/development-stack.ts';
import { HDFS_USER } from '../../scripts/stack/hadoop.ts';
import { javaCommand } from '../../scripts/stack/java.ts';
import { hdfsOf } from '../hdfs-of.ts';
import { runTimed, type TimedRun } from '../run-timed.ts';

/**
 * What the job runs with. Two map slots, as there are cores; one merge pass instead of several; asked every 0.1 s
 * whether it is done, instead of every 5 s. The sort buffer is Hadoop's default: each of the many map tasks clears its
 * own, and larger ones were slower.
 */
const SETTINGS = {
  'mapreduce.framework.name': 'local',
  'mapreduce.local.map.tasks.maximum': '2',
  'mapreduce.task.io.sort.mb': '100',
  'mapreduce.task.io.sort.factor': '200',
  'mapreduce.map.sort.spill.percent': '0.9',
  'mapreduce.client.completion.pollinterval': '100',
  'mapreduce.client.progressmonitor.pollinterval': '100',
};

export interface MapReduceReplay {
  /** Of the compiled job and its jars. */
  classPath: string;
  /** Glob of the archive's files, path of the schema. */
  input: string;
  schema: string;
  /** One partition, which is there. */
  topic: string;
}

/** Runs bench/java/MapReduceReplay.java in one JVM, with 4 GiB, from its start to its end. */
export async function replayByMapReduce(stack: Stack, job: MapReduceReplay): Promise<TimedRun> {
  // Beside the servers' data: it takes as much room as all records and half as much again.
  const parent = join(stack.directory, 'mapreduce');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'run-'));
  const settings = {
    ...SETTINGS,
    'fs.defaultFS': hdfsOf(stack),
    'hadoop.tmp.dir': folder,
    'replay.brokers': stack.addresses.kafka.join(','),
  };
  const opens = ['java.base/java.lang', 'java.base/java.nio'].flatMap((module) => [
    '--add-opens',
    `${module}=ALL-UNNAMED`,
  ]);
  try {
    return await runTimed({
      command: javaCommand(),
      args: [
        ...['-Xmx4g', `-Djava.io.tmpdir=${folder}`, ...opens, '-cp', job.classPath, 'MapReduceReplay'],
        ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
        ...[job.input, job.schema, 'time', job.topic, '1'],
      ],
      env: { HADOOP_USER_NAME: HDFS_USER },
      cwd: folder,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
