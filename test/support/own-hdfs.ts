import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseHdfsConfig } from '../../connections/hdfs/config.ts';
import { openFileStore } from '../../connections/hdfs/open-file-store.ts';
import {
  hadoopDaemon,
  HDFS_SUPERUSER,
  HDFS_USER,
  writeHadoopConfiguration,
  type Hadoop,
} from '../../scripts/stack/hadoop.ts';
import { installMavenPackage } from '../../scripts/stack/maven-package.ts';
import { choosePorts } from '../../scripts/stack/ports.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';
import { KEYSTORE_PASSWORD, makeCertificate } from './certificate.ts';
import { endProcess } from './end-process.ts';

const SERVERS = 'org.apache.hadoop.hdfs.server';

export interface OwnHdfs {
  /** https://host:port of the NameNode. */
  url: string;
  /** PEM file with the certificate that both servers show. */
  ca: string;
  stop(): Promise<void>;
}

/**
 * A NameNode and a DataNode of a test's own that speak WebHDFS over HTTPS alone. Without Kerberos a NameNode looks at no
 * delegation token: who sends one is `dr.who`, who may do all that the superuser may here.
 */
export async function startSecureHdfs(): Promise<OwnHdfs> {
  const folder = await mkdtemp(join(tmpdir(), 'rewind-secure-hdfs-'));
  const keystore = join(folder, 'server.p12');
  const ca = await makeCertificate(keystore, folder);
  const names = ['namenode', 'namenodeRpc', 'datanode', 'datanodeTransfer', 'datanodeIpc', 'nnHttps', 'dnHttps'];
  const ports = await choosePorts(names);
  const hadoop: Hadoop = {
    jars: await installMavenPackage('hadoop', (line) => console.error(line)),
    folder,
    ports: ports as unknown as Hadoop['ports'],
  };
  writeHadoopConfiguration(hadoop, {
    core: {
      'hadoop.user.group.static.mapping.overrides': `dr.who=supergroup;${HDFS_SUPERUSER}=supergroup;${HDFS_USER}=supergroup;`,
    },
    hdfs: {
      'dfs.http.policy': 'HTTPS_ONLY',
      'dfs.namenode.https-address': `127.0.0.1:${ports['nnHttps']}`,
      'dfs.datanode.https.address': `127.0.0.1:${ports['dnHttps']}`,
    },
    sslServer: {
      'ssl.server.keystore.location': keystore,
      'ssl.server.keystore.type': 'PKCS12',
      'ssl.server.keystore.password': KEYSTORE_PASSWORD,
      'ssl.server.keystore.keypassword': KEYSTORE_PASSWORD,
    },
  });
  await runCommand({
    purpose: 'format a NameNode with HTTPS',
    ...hadoopDaemon(hadoop, `${SERVERS}.namenode.NameNode`, ['-format', '-force', '-nonInteractive']),
    logFile: join(folder, 'format.log'),
  });
  const log = join(folder, 'hadoop.log');
  const servers = [`${SERVERS}.namenode.NameNode`, `${SERVERS}.datanode.DataNode`].map((mainClass) => {
    const { command, args, env } = hadoopDaemon(hadoop, mainClass);
    const out = openSync(log, 'a');
    return spawn(command, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
  });
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => endProcess(server, 'SIGKILL')));
    await rm(folder, { recursive: true, force: true });
  };
  const url = `https://127.0.0.1:${ports['nnHttps']}`;
  try {
    await untilItWrites(url, ca);
  } catch (error) {
    console.error(readFileSync(log, 'utf8').slice(-5000));
    await stop();
    throw error;
  }
  return { url, ca, stop };
}

/** A file can be written when the NameNode has left safe mode and knows the DataNode. */
async function untilItWrites(url: string, ca: string): Promise<void> {
  const store = openFileStore(parseHdfsConfig({ urls: [url], user: HDFS_USER, ca, attempts: 1 }, 'probe'));
  try {
    for (const giveUp = Date.now() + 90_000; ; await sleep(300)) {
      try {
        await store.write('/probe', [Buffer.from('x')], { overwrite: true });
        return;
      } catch (error) {
        if (Date.now() > giveUp) throw error;
      }
    }
  } finally {
    await store.close();
  }
}
