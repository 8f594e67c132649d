import { join } from 'node:path';

/** `$JAVA_HOME/bin/java`, else the one on the PATH. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
}

/** Options for a JVM that shares two cores with several others. `heap` in MiB. */
export function javaOptions(heap: number, shortLived = false): string[] {
  const options = [`-Xmx${heap}m`, '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError', '-Djava.awt.headless=true'];
  // The second compiler costs more than it gains in servers that hardly work, or end at once.
  if (shortLived) options.push('-XX:TieredStopAtLevel=1');
  return options;
}

/** Options for the logger `slf4j-simple`, which Kafka and ZooKeeper get. */
export const SIMPLE_LOGGER = [
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.showShortLogName=true',
];
