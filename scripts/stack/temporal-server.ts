import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { ServerPlan } from './server-plan.ts';

/** Temporal's dev server with the Web UI, its database on disk: a restart forgets nothing. */
export function temporalServer(options: {
  /** The Temporal CLI. */
  command: string;
  folder: string;
  port: number;
  uiPort: number;
}): ServerPlan {
  const address = `127.0.0.1:${options.port}`;
  return {
    name: 'temporal',
    command: options.command,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port)],
      ...['--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort), '--log-level', 'warn'],
      ...['--db-filename', join(options.folder, 'temporal.db')],
    ],
    env: {},
    async prepare() {},
    async probe(signal) {
      const connection = await Connection.connect({ address, connectTimeout: '2s' });
      try {
        await connection.withDeadline(Date.now() + 2000, () =>
          connection.workflowService.describeNamespace({ namespace: 'default' }),
        );
      } finally {
        await connection.close();
      }
      const ui = await fetch(`http://127.0.0.1:${options.uiPort}/`, { signal });
      await ui.body?.cancel();
      if (!ui.ok) throw new Error(`the Web UI answers with HTTP ${ui.status}`);
    },
  };
}
