import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { hadoopDaemon } from './hadoop.ts';
import { runCommand } from './run-command.ts';
import { signalProcess } from './process-identity.ts';
import { hadoopOf, serverPlans } from './server-plans.ts';
import type { StackAddresses } from './stack-addresses.ts';
import { STACK_COMMAND } from './stack-command.ts';
import { StackError } from './stack-error.ts';
import { StackServer } from './stack-server.ts';
import { readState, stackFolder, writeState } from './stack-state.ts';
import type { StackState } from './stack-state.ts';

/** A running set of Temporal, Kafka, HDFS and ZooKeeper. */
export class Stack {
  readonly name: string;
  /** The stack's folder: data, logs (`logs/<server>.log`) and `state.json`. */
  readonly directory: string;
  readonly addresses: StackAddresses;
  /** Variables for a worker: TEMPORAL_ADDRESS, REWIND_KAFKA_BROKERS, REWIND_HDFS_URL, REWIND_HDFS_USER, REWIND_ZOOKEEPER; REWIND_REGISTRY_URL with a registry. */
  readonly environment: Readonly<Record<string, string>>;
  /** Temporal's own command line, of the version of the server. */
  readonly temporalCommand: string;
  /** By name: temporal, kafka (kafka-2, kafka-3), namenode, datanode, zookeeper; registry where there is one. */
  readonly servers: Readonly<Record<string, StackServer>>;
  readonly #state: StackState;

  constructor(directory: string, state: StackState) {
    this.name = state.name;
    this.directory = directory;
    this.addresses = state.addresses;
    this.environment = state.environment;
    this.temporalCommand = state.packages.temporal;
    this.#state = state;
    const servers: Record<string, StackServer> = {};
    for (const plan of serverPlans(directory, state)) {
      servers[plan.name] = new StackServer(
        plan,
        join(directory, 'logs', `${plan.name}.log`),
        state.servers[plan.name],
        (identity) => {
          if (identity === undefined) delete state.servers[plan.name];
          else state.servers[plan.name] = identity;
          writeState(directory, state);
        },
        (name) => servers[name],
      );
    }
    this.servers = servers;
  }

  /** @throws StackError naming the servers that there are */
  server(name: string): StackServer {
    const server = this.servers[name];
    if (server === undefined) {
      throw new StackError(`Stack ${this.name} has no server ${name}: it has ${Object.keys(this.servers).join(', ')}`);
    }
    return server;
  }

  /** Runs `hdfs dfsadmin` with these arguments, as the superuser. @throws StackError with the end of what it printed */
  async hdfsAdmin(...args: string[]): Promise<void> {
    const main = hadoopDaemon(hadoopOf(this.directory, this.#state), 'org.apache.hadoop.hdfs.tools.DFSAdmin', args);
    const logFile = join(this.directory, 'logs', 'dfsadmin.log');
    await runCommand({ purpose: `run hdfs dfsadmin ${args.join(' ')}`, ...main, logFile });
  }

  /** Ends the servers, and nothing else. With `deleteData` the stack's folder goes as well. */
  async down(options: { deleteData?: boolean } = {}): Promise<void> {
    const ends = await Promise.allSettled(Object.values(this.servers).map((server) => server.stop()));
    const failed = ends.filter((end) => end.status === 'rejected').map((end) => end.reason as unknown);
    if (failed.length > 0) throw new StackError(failed.map(String).join('; '), failed[0]);
    if (options.deleteData) rmSync(this.directory, { recursive: true, force: true });
  }

  /** Kills all servers and deletes the folder, all at once: for the last moment of a process, where nothing can wait. */
  removeNow(): void {
    for (const identity of Object.values(this.#state.servers)) signalProcess(identity, 'SIGKILL');
    // A server that dies may still write a file into a folder that has just been emptied.
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * The stack of that name under `.stack/`, whoever started it, running or not.
 * @throws StackError where there is none
 */
export function attachStack(name: string): Stack {
  const folder = stackFolder(name);
  const state = readState(folder);
  if (state === undefined) {
    throw new StackError(`There is no stack ${name} (${folder}): start it with ${STACK_COMMAND} up --name ${name}`);
  }
  return new Stack(folder, state);
}
