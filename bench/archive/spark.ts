import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Stack } from '../../scripts/stack/development-stack.ts';
import { HDFS_USER } from '../../scripts/stack/hadoop.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { installSpark } from '../../test/support/spark.ts';

export interface SparkRun {
  seconds: number;
  cpuSeconds: number;
  peakMiB: number;
}

/**
 * Spark's batch read of a topic of framed Avro records, written as Avro by hour to the stack's HDFS: a process from its
 * start to its end, with all that it starts.
 */
export async function archiveBySpark(stack: Stack, topic: string, schema: object, out: string): Promise<SparkRun> {
  const scripts = join(projectRoot, 'bench', 'archive');
  const { python, jars } = await installSpark();
  const folder = mkdtempSync(join(tmpdir(), 'rewind-spark-'));
  try {
    const schemaFile = join(folder, 'schema.avsc');
    writeFileSync(schemaFile, JSON.stringify(schema));
    const job = [join(scripts, 'spark_archive.py'), jars, stack.addresses.kafka.join(','), hdfsOf(stack), topic];
    const child = spawn('python3', [join(scripts, 'timed.py'), python, ...job, schemaFile, out], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HADOOP_USER_NAME: HDFS_USER, SPARK_LOCAL_DIRS: folder },
      cwd: folder,
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    if (child.exitCode !== 0) throw new Error(`Spark ended with exit code ${child.exitCode}:\n${errors.slice(-4000)}`);
    return JSON.parse(output) as SparkRun;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The file system that its own clients name. */
function hdfsOf(stack: Stack): string {
  const site = readFileSync(join(stack.directory, 'hadoop', 'configuration', 'core-site.xml'), 'utf8');
  const url = /hdfs:\/\/[^<]+/.exec(site)?.[0];
  if (url === undefined) throw new Error(`core-site.xml of stack ${stack.name} names no file system:\n${site}`);
  return url;
}
