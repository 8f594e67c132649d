import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { utf8Bytes } from '../../../formats/text/byte-order-mark.ts';
import { JobError } from '../../step/job-error.ts';
import { pulse } from '../decode/thread-pulse.ts';
import type { FinishFunction, RangeFunction } from '../../ranges/run/range-function.ts';
import { FUNCTION_KINDS, RANGE_FUNCTION_KINDS, type FunctionKind, type RangeFunctionKind } from './function-kinds.ts';
import type { FunctionRecord } from './function-record.ts';

/** Functions of the user's own, by kind and name: what a functions module exports (docs/functions.md). */
export interface FunctionsModule {
  /** The record's time in milliseconds since 1970 UTC. */
  time?: Record<string, (record: FunctionRecord) => number | bigint>;
  /** Whether the record is replayed. */
  filter?: Record<string, (record: FunctionRecord) => boolean>;
  /** What is published in its place: a value that becomes JSON, a text, or bytes. */
  transform?: Record<string, (record: FunctionRecord) => unknown>;
  /** The bytes that are published. */
  encoding?: Record<string, (record: FunctionRecord) => Uint8Array | string>;
  /** Called for each range of a job of ranges (docs/ranges.md). */
  range?: Record<string, RangeFunction>;
  /** Called once with the summaries of all of its ranges, of whatever type its functions give. */
  finish?: Record<string, FinishFunction<never>>;
}

type AnyKind = FunctionKind | RangeFunctionKind;

export interface LoadedFunctions {
  path: string;
  /** SHA-256 of the module's file: two workers with the same one compute the same sequence. */
  hash: string;
  functions: FunctionsModule;
}

/** What the main thread knows of a module, which only decoding threads load: code of the user's own may never end. */
export interface FunctionsSummary extends Pick<LoadedFunctions, 'path' | 'hash'> {
  names: Record<AnyKind, string[]>;
}

export function summaryOf({ path, hash, functions }: LoadedFunctions): FunctionsSummary {
  const names = (kind: AnyKind): string[] => {
    const ofKind: Record<string, unknown> = functions[kind] ?? {};
    return Object.keys(ofKind).filter((name) => typeof ofKind[name] === 'function');
  };
  const kinds = [...FUNCTION_KINDS, ...RANGE_FUNCTION_KINDS].map((kind) => [kind, names(kind)] as const);
  return { path, hash, names: Object.fromEntries(kinds) as Record<AnyKind, string[]> };
}

const loaded = new Map<string, Promise<LoadedFunctions>>();

/** Loads a functions module, once in each thread. @throws ConnectionError 'configuration' */
export function loadFunctions(path: string): Promise<LoadedFunctions> {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const loading = load(path);
  loaded.set(path, loading);
  loading.catch(() => loaded.delete(path)); // it may be repaired
  return loading;
}

async function load(path: string): Promise<LoadedFunctions> {
  pulse.begin('the module');
  try {
    const bytes = await readFile(path);
    utf8Bytes(bytes); // what is in another encoding would be a syntax error that doesn't say so
    const hash = createHash('sha256').update(bytes).digest('hex');
    const functions = (await import(pathToFileURL(path).href)) as FunctionsModule;
    return { path, hash, functions };
  } catch (error) {
    throw new ConnectionError(
      'configuration',
      `the worker's functions module ${path} can't be loaded: ${error instanceof FormatError ? error.describe(path) : (error as Error).message}; correct it, or the setting functions (REWIND_FUNCTIONS), and start the worker again`,
      { path },
      error,
    );
  } finally {
    pulse.end();
  }
}

/** One of the module's functions. @throws JobError 'function-unknown' that lists those there are */
export function functionNamed<K extends AnyKind>(
  kind: K,
  name: string,
  functions: FunctionsModule,
): NonNullable<FunctionsModule[K]>[string] {
  const ofKind: Record<string, unknown> = functions[kind] ?? {};
  const found: unknown = Object.hasOwn(ofKind, name) ? ofKind[name] : undefined;
  if (typeof found === 'function') return found as NonNullable<FunctionsModule[K]>[string];
  throw functionUnknown(kind, name, Object.keys(ofKind));
}

export function functionUnknown(kind: AnyKind, name: string, known: readonly string[]): JobError {
  return new JobError(
    'function-unknown',
    `This worker has no function ${kind}.${name} (of this kind it has: ${known.join(', ') || 'none'}). Correct functions.${kind} in the job, or the module that the worker's setting functions names (docs/functions.md).`,
    { kind, name },
  );
}
