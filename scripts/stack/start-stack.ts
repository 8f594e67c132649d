import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { attachStack, Stack } from './development-stack.ts';
import { installMavenPackage } from './maven-package.ts';
import { choosePorts, portNames } from './ports.ts';
import type { Ports } from './ports.ts';
import { identify, isAlive } from './process-identity.ts';
import { installRegistry } from './registry-server.ts';
import { stackAddresses, stackEnvironment } from './stack-addresses.ts';
import { STACK_COMMAND } from './stack-command.ts';
import { StackError } from './stack-error.ts';
import { lockStack } from './stack-lock.ts';
import { allStates, readState, stackFolder, writeState } from './stack-state.ts';
import type { StackPackages, StackState } from './stack-state.ts';
import { installTemporal } from './temporal-package.ts';
import { Waits } from './waits.ts';

export interface StartStackOptions {
  /** @default 'dev' */
  name?: string;
  /** Where data, logs and state go. @default .stack/NAME in the project; only a stack there is found by its name */
  directory?: string;
  /** Ports by name (see `portNames`); those left out are the ones of the last time, else free ones. */
  ports?: Ports;
  /** 1 or 3. @default 1, or what the stack had before */
  brokers?: number;
  /** With a schema registry. @default what the stack had before, or none */
  registry?: boolean;
  /** The stack belongs to this process: `removeAbandonedStacks` removes it once the process has ended. @default false */
  owned?: boolean;
  /** Ends the start; what was started is ended too. */
  signal?: AbortSignal;
  /** @default nothing is told */
  onProgress?: (line: string) => void;
  /** Told every second what is waited for: a line to be drawn over the last one. @default nothing is told */
  onTick?: (line: string) => void;
}

/**
 * Starts the servers that don't run yet, side by side, and waits until each one answers. If one fails, all are ended.
 * @throws StackError with the end of the failed server's log
 */
export async function startStack(options: StartStackOptions = {}): Promise<Stack> {
  const name = options.name ?? 'dev';
  const folder = options.directory === undefined ? stackFolder(name) : resolve(options.directory);
  const onProgress = options.onProgress ?? ((): void => undefined);
  const unlock = lockStack(folder);
  const waits = new Waits(options.onTick);
  try {
    const stack = await plannedStack(name, folder, options, onProgress, waits);
    const began = Date.now();
    const started: string[] = [];
    const failure = new AbortController();
    const signal = AbortSignal.any([failure.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const starts = Object.values(stack.servers).map(async (server) => {
      if (!server.running) started.push(server.name);
      try {
        await waits.during(server.name, server.start(signal));
      } catch (error) {
        failure.abort(error);
        throw error;
      }
      onProgress(`${server.name} answers after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    });
    const ends = await Promise.allSettled(starts);
    if (ends.some((end) => end.status === 'rejected')) {
      await Promise.all(started.map((each) => stack.server(each).stop()));
      throw options.signal?.aborted
        ? new StackError(`The start of stack ${name} was interrupted`)
        : failure.signal.reason;
    }
    return stack;
  } finally {
    waits.end();
    unlock();
  }
}

/**
 * Ends and deletes the stacks whose owner has ended without doing so (a test run that was killed).
 * @returns their names
 */
export async function removeAbandonedStacks(): Promise<string[]> {
  const abandoned = allStates().filter((state) => state.owner !== undefined && !isAlive(state.owner));
  for (const state of abandoned) await attachStack(state.name).down({ deleteData: true });
  return abandoned.map((state) => state.name);
}

/** The stack with its ports, packages and state laid down, whatever of it runs already. */
async function plannedStack(
  name: string,
  folder: string,
  options: StartStackOptions,
  onProgress: (line: string) => void,
  waits: Waits,
): Promise<Stack> {
  const former = readState(folder);
  const brokers = options.brokers ?? former?.brokers ?? 1;
  if (brokers !== 1 && brokers !== 3) throw new StackError(`Brokers: ${brokers}: expected 1 or 3`);
  if (former !== undefined && former.brokers !== brokers) {
    throw new StackError(
      `Stack ${name} was made with ${former.brokers} broker(s), not ${brokers}: remove it first with ${STACK_COMMAND} ` +
        `down --name ${name} --delete, or choose another name`,
    );
  }
  const registry = options.registry ?? former?.packages.registry !== undefined;
  if (former !== undefined && Object.values(former.servers).some(isAlive)) {
    if (registry !== (former.packages.registry !== undefined))
      throw new StackError(
        `Stack ${name} runs ${registry ? 'without' : 'with'} a registry: end it first with ${STACK_COMMAND} down --name ${name}`,
      );
    const moved = Object.entries(options.ports ?? {}).filter(([port, number]) => former.ports[port] !== number);
    if (moved.length > 0) {
      throw new StackError(`Stack ${name} runs on other ports: end it first with ${STACK_COMMAND} down --name ${name}`);
    }
    return new Stack(folder, former);
  }
  const packages = await installPackages(onProgress, registry, waits, options.signal);
  const others = allStates().filter((state) => state.name !== name);
  const ports = await choosePorts(
    [...portNames(brokers), ...(registry ? ['registry'] : [])],
    options.ports,
    former?.ports,
    new Set(others.flatMap((state) => Object.values(state.ports))),
  );
  const addresses = stackAddresses(ports, brokers);
  const owner = options.owned ? identify(process.pid) : undefined;
  const state: StackState = {
    version: 1,
    name,
    brokers,
    ports,
    packages,
    // Kafka wants 16 bytes in base64url, and doesn't take one that begins with a hyphen.
    kafkaClusterId: former?.kafkaClusterId ?? randomBytes(16).toString('base64url').replace(/^-/, 'a'),
    addresses,
    environment: stackEnvironment(addresses),
    servers: {},
    ...(owner === undefined ? {} : { owner }),
  };
  writeState(folder, state);
  return new Stack(folder, state);
}

async function installPackages(
  onProgress: (line: string) => void,
  withRegistry: boolean,
  waits: Waits,
  signal?: AbortSignal,
): Promise<StackPackages> {
  const [temporal, kafka, hadoop, zookeeper, registry] = await Promise.all([
    waits.during('temporal', installTemporal(onProgress, signal)),
    waits.during('kafka', installMavenPackage('kafka', onProgress, signal)),
    waits.during('hadoop', installMavenPackage('hadoop', onProgress, signal)),
    waits.during('zookeeper', installMavenPackage('zookeeper', onProgress, signal)),
    withRegistry ? waits.during('apicurio', installRegistry(onProgress, signal)) : undefined,
  ]);
  return { temporal, kafka, hadoop, zookeeper, ...(registry === undefined ? {} : { registry }) };
}
