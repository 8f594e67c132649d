import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { choosePorts } from '../../scripts/stack/ports.ts';
import { endProcess } from './end-process.ts';

export interface OwnTemporal {
  /** host:port of the frontend. */
  address: string;
  stop(): Promise<void>;
}

/** A Temporal server of a test's own, in memory, with other limits than those of the stack. */
export async function startOwnTemporal(command: string, dynamicConfig: Record<string, unknown>): Promise<OwnTemporal> {
  const { temporal: port = 0 } = await choosePorts(['temporal']);
  const address = `127.0.0.1:${port}`;
  const limits = Object.entries(dynamicConfig).flatMap(([name, value]) => [
    '--dynamic-config-value',
    `${name}=${JSON.stringify(value)}`,
  ]);
  const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
  const server = spawn(command, [...args, '--log-level', 'error', ...limits], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = (): Promise<void> => endProcess(server, 'SIGTERM');
  for (const giveUp = Date.now() + 60_000; ; await sleep(200))
    try {
      const connection = await Connection.connect({ address, connectTimeout: '2s' });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.close();
      return { address, stop };
    } catch (error) {
      if (Date.now() < giveUp && server.exitCode === null) continue;
      await stop();
      throw error;
    }
}
