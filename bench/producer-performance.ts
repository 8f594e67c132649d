import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { javaCommand, javaOptions, SIMPLE_LOGGER } from '../scripts/stack/java.ts';
import { installMavenPom } from '../scripts/stack/maven-package.ts';
import { projectRoot } from '../scripts/stack/project-root.ts';

/**
 * Records a second of Kafka's own kafka-producer-perf-test on a broker: records of so many bytes into a topic that is
 * there, as fast as it goes, acknowledged by all replicas.
 */
export async function producerPerformance(
  broker: string,
  topic: string,
  records: number,
  bytes: number,
): Promise<number> {
  const pom = join(projectRoot, 'bench', 'java', 'kafka-tools.pom.xml');
  const jars = await installMavenPom('kafka-tools', pom, console.error);
  const java = spawn(
    javaCommand(),
    [
      ...javaOptions(512),
      ...SIMPLE_LOGGER,
      ...['-cp', join(jars, '*'), 'org.apache.kafka.tools.ProducerPerformance'],
      ...['--topic', topic, '--num-records', String(records), '--record-size', String(bytes), '--throughput', '-1'],
      ...['--producer-props', `bootstrap.servers=${broker}`, 'acks=all', 'batch.size=131072', 'linger.ms=5'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [output] = await Promise.all([text(java.stdout), once(java, 'exit')]);
  const rate = [...output.matchAll(/records sent, ([\d.]+) records\/sec/g)].at(-1)?.[1];
  if (rate === undefined) throw new Error(`kafka-producer-perf-test said nothing of a rate:\n${output}`);
  return Math.round(Number(rate));
}
