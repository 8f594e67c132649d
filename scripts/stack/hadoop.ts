import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { javaCommand, javaOptions } from './java.ts';

/** The user that the servers run as: the superuser of this HDFS. */
export const HDFS_SUPERUSER = 'hdfs';

/** The user of workers: one of whom rights are asked, with a home of its own. */
export const HDFS_USER = 'rewind';

/** What NameNode and DataNode share. */
export interface Hadoop {
  jars: string;
  folder: string;
  ports: { namenode: number; namenodeRpc: number; datanode: number; datanodeTransfer: number; datanodeIpc: number };
}

/** Command and environment of a Hadoop daemon. */
export function hadoopDaemon(
  hadoop: Hadoop,
  mainClass: string,
  args: readonly string[] = [],
): { command: string; args: string[]; env: Record<string, string> } {
  const classpath = [configurationFolder(hadoop), join(hadoop.jars, '*')].join(':');
  return {
    command: javaCommand(),
    args: [
      ...javaOptions(256, true),
      // Hadoop 3.4 reaches into java.lang, which Java 17 forbids otherwise.
      ...['--add-opens', 'java.base/java.lang=ALL-UNNAMED', '-cp', classpath, mainClass, ...args],
    ],
    env: { HADOOP_USER_NAME: HDFS_SUPERUSER },
  };
}

/** Properties that a Hadoop has beside those of the stack, or in their place, by file. */
export interface HadoopOverrides {
  core?: Readonly<Record<string, string>>;
  hdfs?: Readonly<Record<string, string>>;
  /** Written to ssl-server.xml where it is there. */
  sslServer?: Readonly<Record<string, string>>;
}

/** Writes core-site.xml, hdfs-site.xml and log4j.properties. */
export function writeHadoopConfiguration(hadoop: Hadoop, overrides: HadoopOverrides = {}): void {
  const folder = configurationFolder(hadoop);
  const { ports } = hadoop;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'core-site.xml'),
    configurationXml({
      'fs.defaultFS': `hdfs://127.0.0.1:${ports.namenodeRpc}`,
      'hadoop.tmp.dir': join(hadoop.folder, 'tmp'),
      // Without this the groups of a user that this machine doesn't know are asked for by a shell command.
      'hadoop.user.group.static.mapping.overrides': `dr.who=;${HDFS_SUPERUSER}=supergroup;${HDFS_USER}=;`,
      ...overrides.core,
    }),
  );
  writeFileSync(
    join(folder, 'hdfs-site.xml'),
    configurationXml({
      'dfs.namenode.name.dir': `file://${join(hadoop.folder, 'name')}`,
      'dfs.datanode.data.dir': `file://${join(hadoop.folder, 'data')}`,
      'dfs.namenode.rpc-address': `127.0.0.1:${ports.namenodeRpc}`,
      'dfs.namenode.http-address': `127.0.0.1:${ports.namenode}`,
      // WebHDFS redirects to this name, so it must be one that a client outside Hadoop can reach.
      'dfs.datanode.hostname': '127.0.0.1',
      'dfs.datanode.address': `127.0.0.1:${ports.datanodeTransfer}`,
      'dfs.datanode.http.address': `127.0.0.1:${ports.datanode}`,
      'dfs.datanode.ipc.address': `127.0.0.1:${ports.datanodeIpc}`,
      'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
      'dfs.replication': '1',
      // Small blocks are allowed, so that tests get files of several blocks without megabytes.
      'dfs.namenode.fs-limits.min-block-size': '4096',
      'dfs.namenode.handler.count': '4',
      // A restart is over when the DataNode has reported its blocks, not half a minute later.
      'dfs.namenode.safemode.extension': '0',
      'dfs.heartbeat.interval': '1',
      // The DataNode, as WebHDFS's client, otherwise waits 400 ms before it asks again whether a file is complete.
      'dfs.client.block.write.locateFollowingBlock.initial.delay.ms': '10',
      'dfs.namenode.heartbeat.recheck-interval': '5000',
      'dfs.blockreport.initialDelay': '0',
      ...overrides.hdfs,
    }),
  );
  if (overrides.sslServer !== undefined)
    writeFileSync(join(folder, 'ssl-server.xml'), configurationXml(overrides.sslServer));
  const log = [
    'log4j.rootLogger=INFO,stderr',
    'log4j.appender.stderr=org.apache.log4j.ConsoleAppender',
    'log4j.appender.stderr.target=System.err',
    'log4j.appender.stderr.layout=org.apache.log4j.PatternLayout',
    'log4j.appender.stderr.layout.ConversionPattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n',
  ];
  writeFileSync(join(folder, 'log4j.properties'), `${log.join('\n')}\n`);
}

function configurationFolder(hadoop: Hadoop): string {
  return join(hadoop.folder, 'configuration');
}

function configurationXml(properties: Readonly<Record<string, string>>): string {
  const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const lines = Object.entries(properties).map(
    ([name, value]) => `  <property><name>${name}</name><value>${escape(value)}</value></property>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n${lines.join('\n')}\n</configuration>\n`;
}
