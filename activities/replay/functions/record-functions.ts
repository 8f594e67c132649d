import { stringify } from 'lossless-json';
import { FormatError } from '../../../formats/format-error.ts';
import { int64FromBigInt, type Int64 } from '../../../formats/int64.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { pulse } from '../decode/thread-pulse.ts';
import { FUNCTION_KINDS, type FunctionKind } from './function-kinds.ts';
import { functionNamed, type LoadedFunctions } from './functions-module.ts';
import { CurrentRecord } from './function-record.ts';

/** The functions of a job, ready to be called record by record. */
export class RecordFunctions {
  readonly record = new CurrentRecord();
  readonly hasTime: boolean;
  /** Whether the bytes that are published come from a function. */
  readonly hasOutput: boolean;
  /** Tells these functions from others. */
  readonly key: string;
  readonly #names: ReplayJob['functions'];
  readonly #time: ((record: CurrentRecord) => unknown) | undefined;
  readonly #filter: ((record: CurrentRecord) => unknown) | undefined;
  readonly #transform: ((record: CurrentRecord) => unknown) | undefined;
  readonly #encoding: ((record: CurrentRecord) => unknown) | undefined;

  /** @throws JobError 'function-unknown' */
  constructor(names: ReplayJob['functions'], { functions, hash }: LoadedFunctions) {
    const named = <K extends FunctionKind>(kind: K): ((record: CurrentRecord) => unknown) | undefined => {
      const name = names[kind];
      return name === undefined ? undefined : functionNamed(kind, name, functions);
    };
    this.#names = names;
    this.#time = named('time');
    this.#filter = named('filter');
    this.#transform = named('transform');
    this.#encoding = named('encoding');
    this.hasTime = this.#time !== undefined;
    this.hasOutput = this.#transform !== undefined || this.#encoding !== undefined;
    this.key = JSON.stringify([hash, names]);
  }

  /** The record's time by the function, in milliseconds since 1970 UTC. */
  time(into: Int64): Int64 {
    const time = this.#call('time', this.#time);
    if (typeof time === 'bigint') return Object.assign(into, int64FromBigInt(BigInt.asIntN(64, time)));
    if (typeof time === 'number' && Number.isSafeInteger(time))
      return Object.assign(into, int64FromBigInt(BigInt(time)));
    throw this.#wrong('time', 'a whole number of milliseconds, or a BigInt', time);
  }

  /** Whether the record is replayed. */
  keeps(): boolean {
    if (this.#filter === undefined) return true;
    const keeps = this.#call('filter', this.#filter);
    if (typeof keeps !== 'boolean') throw this.#wrong('filter', 'true or false', keeps);
    return keeps;
  }

  /** The bytes to be published. */
  output(): Uint8Array {
    if (this.#transform !== undefined) {
      const value = this.#call('transform', this.#transform);
      if (this.#encoding === undefined) return this.#bytesOf('transform', value);
      this.record.value = value;
    }
    const encoded = this.#call('encoding', this.#encoding);
    if (typeof encoded === 'string' || encoded instanceof Uint8Array) return this.#bytesOf('encoding', encoded);
    throw this.#wrong('encoding', 'bytes or a text', encoded);
  }

  #bytesOf(kind: FunctionKind, value: unknown): Uint8Array {
    if (value instanceof Uint8Array) return value;
    if (typeof value === 'string') return Buffer.from(value);
    const json = stringify(value);
    if (json === undefined) throw this.#wrong(kind, 'a value that can be JSON', value);
    return Buffer.from(json);
  }

  #call(kind: FunctionKind, call: ((record: CurrentRecord) => unknown) | undefined): unknown {
    let result: unknown;
    pulse.begin(`functions.${kind}`);
    try {
      result = call?.(this.record);
    } catch (error) {
      const { message } = error instanceof Error ? error : new Error(String(error));
      throw new FormatError('function', `the function ${kind}.${this.#names[kind]} threw: ${message}`, {
        cause: error,
      });
    } finally {
      pulse.end();
    }
    // Records are decoded one after the other, and nobody waits between them.
    if (result instanceof Promise) {
      result.catch(() => undefined); // it fails for the reason that is told
      throw this.#wrong(kind, 'its result at once', 'a promise');
    }
    return result;
  }

  #wrong(kind: FunctionKind, expected: string, found: unknown): FormatError {
    const told = typeof found === 'object' && found !== null ? 'an object' : String(found);
    return new FormatError('function', `the function ${kind}.${this.#names[kind]} returned what it must not`, {
      expected,
      found: `${typeof found === 'string' ? JSON.stringify(found) : told} (${typeof found})`,
    });
  }
}

/** Whether a job names functions at all. */
export function namesFunctions({ functions }: Pick<ReplayJob, 'functions'>): boolean {
  return FUNCTION_KINDS.some((kind) => functions[kind] !== undefined);
}
