import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { javaCommand, javaOptions, SIMPLE_LOGGER } from './java.ts';
import type { ServerPlan } from './server-plan.ts';

/** One ZooKeeper server, standalone. */
export function zookeeperServer(options: { jars: string; folder: string; port: number }): ServerPlan {
  const configuration = join(options.folder, 'zoo.cfg');
  return {
    name: 'zookeeper',
    command: javaCommand(),
    args: [
      ...javaOptions(128, true),
      ...SIMPLE_LOGGER,
      ...['-cp', join(options.jars, '*'), 'org.apache.zookeeper.server.ZooKeeperServerMain', configuration],
    ],
    env: {},
    async prepare() {
      const dataDir = join(options.folder, 'data');
      mkdirSync(dataDir, { recursive: true });
      const lines = [
        `dataDir=${dataDir}`,
        `clientPort=${options.port}`,
        'clientPortAddress=127.0.0.1',
        // Sessions may be as short as two seconds, so that tests of expiry needn't wait longer.
        'tickTime=1000',
        'maxSessionTimeout=60000',
        'maxClientCnxns=0',
        'admin.enableServer=false',
        '4lw.commands.whitelist=srvr,ruok,cons',
      ];
      writeFileSync(configuration, `${lines.join('\n')}\n`);
    },
    async probe(signal) {
      const answer = await fourLetterWord('srvr', options.port, signal);
      if (!answer.includes('Mode: standalone')) throw new Error(`srvr answers: ${answer.trim() || '(nothing)'}`);
    },
  };
}

async function fourLetterWord(word: string, port: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', signal }, () => socket.write(word));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.once('error', reject).once('close', () => resolve(answer));
  });
}
