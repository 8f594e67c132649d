import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '../../scripts/stack/development-stack.ts';
import { HDFS_USER } from '../../scripts/stack/hadoop.ts';
import { ProxyGroup } from './proxy/proxy-group.ts';

/** Servers that can be reached through a network of our own. */
export const PROXIED = ['temporal', 'kafka', 'namenode', 'datanode', 'zookeeper', 'registry'] as const;
export type ProxiedServer = (typeof PROXIED)[number];

/** Short, so that a round is over in seconds; long enough for a machine that is busy. */
const TIMEOUTS = {
  hdfs: { connectMs: 3_000, answerMs: 5_000, idleMs: 5_000 },
  kafka: { connectTimeoutMs: 3_000, requestTimeoutMs: 6_000, waitTimeoutMs: 15_000 },
  zookeeper: { sessionTimeoutMs: 6_000, connectTimeoutMs: 5_000, requestTimeoutMs: 5_000 },
  registry: { connectMs: 3_000, answerMs: 5_000 },
};

/** A stack, and between its servers and the workers a network that can be made as bad as one likes. */
export class FaultStack {
  readonly stack: Stack;
  readonly network: Readonly<Record<ProxiedServer, ProxyGroup>>;
  /** Variables for a worker behind that network. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly #folder: string;

  private constructor(
    stack: Stack,
    network: Record<ProxiedServer, ProxyGroup>,
    folder: string,
    environment: Record<string, string | undefined>,
  ) {
    this.stack = stack;
    this.network = network;
    this.#folder = folder;
    this.environment = environment;
  }

  static async open(stack: Stack): Promise<FaultStack> {
    const { temporal, kafkaProxies, namenode, datanode, zookeeper, registry } = stack.addresses;
    const network = {
      temporal: await ProxyGroup.start({ target: temporal }),
      kafka: await ProxyGroup.start(...kafkaProxies),
      namenode: await ProxyGroup.start({ target: new URL(namenode).host }),
      datanode: await ProxyGroup.start({ target: new URL(datanode).host }),
      zookeeper: await ProxyGroup.start({ target: zookeeper }),
      // No server behind it where the stack has no registry: nobody goes there then.
      registry: await ProxyGroup.start(...(registry === undefined ? [] : [{ target: new URL(registry).host }])),
    };
    const addressOf = (server: ProxiedServer): string => network[server].addresses[0]!;
    const connections = {
      hdfs: {
        default: {
          urls: [`http://${addressOf('namenode')}`],
          user: HDFS_USER,
          hostMap: { [new URL(datanode).host]: addressOf('datanode') },
          timeouts: TIMEOUTS.hdfs,
        },
      },
      kafka: { default: { brokers: network.kafka.addresses, ...TIMEOUTS.kafka } },
      zookeeper: { default: { hosts: addressOf('zookeeper'), ...TIMEOUTS.zookeeper } },
      ...(registry !== undefined && {
        registry: {
          default: {
            urls: [`http://${addressOf('registry')}${new URL(registry).pathname}`],
            timeouts: TIMEOUTS.registry,
          },
        },
      }),
    };
    const folder = await mkdtemp(join(tmpdir(), 'rewind-faults-'));
    const file = join(folder, 'worker.json');
    await writeFile(file, JSON.stringify({ connections }));
    const environment = {
      TEMPORAL_ADDRESS: addressOf('temporal'),
      REWIND_CONFIG: file,
      // The environment would win over the file.
      REWIND_HDFS_URL: undefined,
      REWIND_HDFS_USER: undefined,
      REWIND_KAFKA_BROKERS: undefined,
      REWIND_ZOOKEEPER: undefined,
      REWIND_REGISTRY_URL: undefined,
    };
    return new FaultStack(stack, network, folder, environment);
  }

  /** Every server runs and answers, and every network is whole. */
  async heal(): Promise<void> {
    for (const proxy of Object.values(this.network)) proxy.heal();
    await Promise.all(
      Object.values(this.stack.servers).map(async (server) => {
        if (server.paused) server.resume();
        await server.start();
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.network).map((proxy) => proxy.close()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
