import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '../../scripts/stack/development-stack.ts';
import { HDFS_USER } from '../../scripts/stack/hadoop.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { installSpark } from '../../test/support/spark.ts';
import { hdfsOf } from '../hdfs-of.ts';
import { runTimed, type TimedRun } from '../run-timed.ts';

/**
 * Spark's batch read of a topic of framed Avro records, written as Avro by hour to the stack's HDFS: a process from its
 * start to its end, with all that it starts.
 */
export async function archiveBySpark(stack: Stack, topic: string, schema: object, out: string): Promise<TimedRun> {
  const scripts = join(projectRoot, 'bench', 'archive');
  const { python, jars } = await installSpark();
  const folder = mkdtempSync(join(tmpdir(), 'rewind-spark-'));
  try {
    const schemaFile = join(folder, 'schema.avsc');
    writeFileSync(schemaFile, JSON.stringify(schema));
    const job = [join(scripts, 'spark_archive.py'), jars, stack.addresses.kafka.join(','), hdfsOf(stack), topic];
    return await runTimed({
      command: python,
      args: [...job, schemaFile, out],
      env: { HADOOP_USER_NAME: HDFS_USER, SPARK_LOCAL_DIRS: folder },
      cwd: folder,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
