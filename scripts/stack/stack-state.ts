import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from './ports.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { stacksFolder } from './project-root.ts';
import type { StackAddresses } from './stack-addresses.ts';
import { StackError } from './stack-error.ts';

/** What `state.json` holds: all that is needed to find, check, restart and end exactly these servers. */
export interface StackState {
  version: 1;
  name: string;
  brokers: number;
  ports: Ports;
  /** The Temporal CLI and the folders with jars that this stack runs from. */
  packages: StackPackages;
  kafkaClusterId: string;
  addresses: StackAddresses;
  /** Variables for a worker that uses this stack. */
  environment: Record<string, string>;
  /** The processes that were started, by server. A server that was stopped is missing. */
  servers: Record<string, ProcessIdentity>;
  /** The process that the stack belongs to (a test run): a stack whose owner has ended may be removed. */
  owner?: ProcessIdentity;
}

/** Where the servers were installed. */
export interface StackPackages {
  temporal: string;
  kafka: string;
  hadoop: string;
  zookeeper: string;
  /** Only of stacks that were asked for a schema registry. */
  registry?: string;
}

/** The folder of a stack. Its name becomes part of paths and options, so it is kept simple. */
export function stackFolder(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name) || name === 'packages') {
    throw new StackError(
      `Stack name ${JSON.stringify(name)}: expected up to 41 lower-case letters, digits and hyphens, and not 'packages'`,
    );
  }
  return join(stacksFolder, name);
}

/** @returns undefined where there is no state in that folder */
export function readState(folder: string): StackState | undefined {
  const file = join(folder, 'state.json');
  if (!existsSync(file)) return undefined;
  const state = JSON.parse(readFileSync(file, 'utf8')) as StackState;
  if (state.version !== 1) {
    throw new StackError(`${file}: expected version 1, found ${String(state.version)}: end its servers and delete it`);
  }
  return state;
}

/** Writes the state whole or not at all. */
export function writeState(folder: string, state: StackState): void {
  mkdirSync(folder, { recursive: true });
  const attempt = join(folder, `state.json.${process.pid}`);
  writeFileSync(attempt, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(attempt, join(folder, 'state.json'));
}

/** The states of all stacks under `.stack/`. */
export function allStates(): StackState[] {
  if (!existsSync(stacksFolder)) return [];
  return readdirSync(stacksFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'packages')
    .map((entry) => readState(join(stacksFolder, entry.name)))
    .filter((state) => state !== undefined);
}
