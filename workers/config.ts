import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { JobError } from '../activities/step/job-error.ts';
import { FormatError } from '../formats/format-error.ts';
import { utf8Text } from '../formats/text/byte-order-mark.ts';
import { ConfigError } from './config-error.ts';
import { readConnections, type WorkerConnections } from './connection-variables.ts';

/**
 * A worker's configuration: where servers are and how to log in, never in a workflow. From a JSON file
 * (`REWIND_CONFIG`), and from the environment for the connections called `default`, which win. docs/configuration.md
 * lists everything.
 */
export interface WorkerConfig extends WorkerConnections {
  taskQueue: string;
  /** Task queues for decoding and for publishing, where they are set apart. */
  decodeTaskQueue?: string | undefined;
  publishTaskQueue?: string | undefined;
  /** What this process serves. */
  serves: readonly WorkerRole[];
  /** Path of a module with functions of one's own (docs/functions.md). */
  functions?: string | undefined;
  /** Bytes for buffers of all steps together. */
  memoryBytes: number;
  /** Worker threads that decode. */
  threads: number;
  /** How long one record may keep a decoding thread. */
  recordTimeoutMs: number;
  heartbeatTimeoutMs: number;
  /** How long a job that has not begun waits for servers that are away. */
  reachTimeoutMs: number;
  decodeConcurrency: number;
  sliceMs: number;
  splitBytes: number;
  mergeFanIn: number;
}

/** Workflows and quick steps; decoding and merge passes; publishing. */
export const WORKER_ROLES = ['workflows', 'decode', 'publish'] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

const MIB = 1024 * 1024;

const roles = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/\s*,\s*/) : value),
  z.array(z.enum(WORKER_ROLES)).min(1),
);

const size = (defaultValue: number, minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(minimum).max(maximum).default(defaultValue);

const connectionsShape = z.strictObject({
  hdfs: z.record(z.string(), z.unknown()).default({}),
  kafka: z.record(z.string(), z.unknown()).default({}),
  zookeeper: z.record(z.string(), z.unknown()).default({}),
  registry: z.record(z.string(), z.unknown()).default({}),
});

const settings = z.strictObject({
  taskQueue: z.string().min(1).default('rewind'),
  functions: z.string().min(1).optional(),
  decodeTaskQueue: z.string().min(1).optional(),
  publishTaskQueue: z.string().min(1).optional(),
  serves: roles.default([...WORKER_ROLES]),
  memoryMiB: size(384, 64),
  threads: size(availableParallelism(), 1),
  recordTimeoutMs: size(60_000, 100),
  heartbeatTimeoutMs: size(20_000, 500),
  // Less than an attempt of the first step may take.
  reachTimeoutMs: size(60_000, 1, 240_000),
  decodeConcurrency: size(8, 1),
  sliceMs: size(30_000, 100),
  splitMiB: z.coerce.number().positive().default(48),
  mergeFanIn: size(64, 2),
  connections: connectionsShape.prefault({}),
});

/** Environment variable of each setting. */
export const SETTING_VARIABLES = {
  taskQueue: 'REWIND_TASK_QUEUE',
  functions: 'REWIND_FUNCTIONS',
  decodeTaskQueue: 'REWIND_DECODE_TASK_QUEUE',
  publishTaskQueue: 'REWIND_PUBLISH_TASK_QUEUE',
  serves: 'REWIND_SERVES',
  memoryMiB: 'REWIND_MEMORY_MIB',
  threads: 'REWIND_THREADS',
  recordTimeoutMs: 'REWIND_RECORD_TIMEOUT_MS',
  heartbeatTimeoutMs: 'REWIND_HEARTBEAT_TIMEOUT_MS',
  reachTimeoutMs: 'REWIND_REACH_TIMEOUT_MS',
  decodeConcurrency: 'REWIND_DECODE_CONCURRENCY',
  sliceMs: 'REWIND_SLICE_MS',
  splitMiB: 'REWIND_SPLIT_MIB',
  mergeFanIn: 'REWIND_MERGE_FAN_IN',
} as const;

/** Throws a `ConfigError` that names everything that is wrong, in the file or in the environment. */
export function loadWorkerConfig(environment: Record<string, string | undefined>): WorkerConfig {
  const file = environment['REWIND_CONFIG'];
  const fromFile = file === undefined ? {} : readConfigFile(file);
  const fromEnvironment = Object.fromEntries(
    Object.entries(SETTING_VARIABLES).flatMap(([field, variable]) =>
      environment[variable] === undefined ? [] : [[field, environment[variable]]],
    ),
  );
  const wrong: string[] = [];
  const parsed = settings.safeParse({ ...fromFile, ...fromEnvironment });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const variable = SETTING_VARIABLES[path[0] as keyof typeof SETTING_VARIABLES] as string | undefined;
    const found = variable === undefined ? undefined : environment[variable];
    const where = found === undefined ? path.join('.') : variable;
    wrong.push(`${where === '' ? (file ?? 'the file') : where}: ${sentence(message, found)}`);
  }
  // Even where settings are wrong: all is named at once.
  const named = connectionsShape.safeParse((fromFile as { connections?: unknown }).connections ?? {}).data;
  const connections = readConnections(
    named ?? { hdfs: {}, kafka: {}, zookeeper: {}, registry: {} },
    environment,
    (problem) => wrong.push(problem),
  );
  if (!parsed.success || wrong.length > 0)
    throw new ConfigError(`The worker's configuration is wrong: ${wrong.join('; ')}.`);
  const { connections: _named, memoryMiB, splitMiB, ...rest } = parsed.data;
  return {
    ...rest,
    memoryBytes: memoryMiB * MIB,
    splitBytes: Math.round(splitMiB * MIB),
    ...connections,
  };
}

/** What zod says, with what was found in the environment. */
function sentence(message: string, found: string | undefined): string {
  const text = message.replace(/^(Invalid input|Invalid option|Too (small|big)): /, '').replace(/, received .*$/, '');
  return found === undefined ? text : `${text}, found ${JSON.stringify(found)}`;
}

/** Of a connection by name; an unknown one is an error that lists those there are. */
export function connectionNamed<T>(kind: string, connections: Record<string, T>, name: string): T {
  const config = connections[name];
  if (config !== undefined) return config;
  const known = Object.keys(connections).join(', ') || 'none';
  throw new JobError(
    'connection-unknown',
    `This worker has no ${kind} connection named "${name}" (it has: ${known}). Set connections.${kind} in the job, or configure the worker (docs/configuration.md).`,
    { kind, name },
  );
}

function readConfigFile(path: string): object {
  const remedy = 'Give REWIND_CONFIG the path of a JSON file as docs/configuration.md describes it.';
  let value: unknown;
  try {
    value = JSON.parse(utf8Text(readFileSync(path)));
  } catch (error) {
    if (error instanceof FormatError) throw new ConfigError(`REWIND_CONFIG: ${error.describe(path)}`, remedy, error);
    const reason = (error as Error).message;
    throw new ConfigError(`REWIND_CONFIG: ${path} can't be read as JSON: ${reason}.`, remedy, error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const found = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
  throw new ConfigError(`REWIND_CONFIG: ${path} holds ${found}, expected a JSON object.`, remedy);
}
