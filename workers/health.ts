import { createServer, type Server, type ServerResponse } from 'node:http';
import { ConfigError } from './config-error.ts';

/** What a worker is, as it tells who keeps it running. */
export interface Health {
  /** It need not be started again: false where one of its workers has failed. */
  live: boolean;
  /** It takes work, and Temporal answers it. */
  ready: boolean;
  /** State of the worker of each task queue: RUNNING, DRAINING, ...; none before they are there. */
  workers: Record<string, string>;
  /** Why it is not ready. */
  reason?: string;
}

/** Who asks waits for no longer; Kubernetes gives a probe a second by default. */
const CONTENT = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/**
 * Answers `/healthz` (live) and `/readyz` (ready) with 200, or 503, and what it is as JSON. While a worker drains it is
 * live and not ready, so that nobody kills it in the middle of handing over.
 */
export class HealthEndpoint {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * @param address - `host:port`
   * @throws ConfigError where it can't be served there
   */
  static async open(address: string, look: () => Promise<Health>): Promise<HealthEndpoint> {
    const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
    if (host === undefined)
      throw new ConfigError(
        `The worker's configuration is wrong: REWIND_HEALTH: expected host:port, found ${address}.`,
      );
    const server = createServer(({ url = '', method }, response) => {
      const path = url.split('?')[0];
      if ((path !== '/healthz' && path !== '/readyz') || (method !== 'GET' && method !== 'HEAD'))
        return void response.writeHead(404).end();
      answer(response, path, look);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(Number(port), host.replace(/^\[(.*)\]$/, '$1'), resolve);
    }).catch((error: unknown) => {
      throw new ConfigError(
        `The worker's health can't be served: ${(error as Error).message}.`,
        'Correct REWIND_HEALTH: is the address one of this machine, and the port free?',
        error,
      );
    });
    return new HealthEndpoint(server);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function answer(response: ServerResponse, path: string, look: () => Promise<Health>): void {
  look().then(
    (health) => {
      const well = path === '/healthz' ? health.live : health.ready;
      response.writeHead(well ? 200 : 503, CONTENT).end(`${JSON.stringify(health)}\n`);
    },
    (error: unknown) => response.writeHead(500).end(`${(error as Error).message}\n`),
  );
}
