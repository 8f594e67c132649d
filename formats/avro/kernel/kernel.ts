import type { ByteWriter } from '../../byte-writer.ts';
import { wordsOf } from '../../words.ts';
import { doubleText, floatText } from '../datum/floating-text.ts';
import { KERNEL } from './kernel-bytes.ts';
import { linked, type Code } from './program.ts';

/** What assembly/index.ts exports. Addresses are those of its memory, in bytes. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly PROGRAM: { readonly value: number };
  readonly PROGRAM_BYTES: { readonly value: number };
  readonly INPUT: { readonly value: number };
  readonly INPUT_BYTES: { readonly value: number };
  readonly OUTPUT: { readonly value: number };
  readonly transcode: (position: number, end: number) => number;
  readonly written: () => number;
}

/** As much of it as is used here: the types of Node have it in some releases only. Engines without a compiler lack it. */
interface WebAssemblyCompiler {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: unknown };
}
declare const WebAssembly: WebAssemblyCompiler | undefined;

/** A program as the kernel runs it. */
export interface KernelProgram {
  readonly image: Uint8Array;
}

/**
 * The way from Avro to JSON in WebAssembly: it takes two fifths of the time that the steps in JavaScript take. It runs one program
 * at a time, and holds a copy of the bytes that it reads. What it doesn't know what to do with is left to those steps.
 */
export class Kernel {
  readonly #exports: KernelExports;
  readonly #bytes: Uint8Array;
  readonly #words: DataView;
  readonly #input: number;
  readonly #output: number;
  #program: KernelProgram | undefined;
  /** Bytes of `#data` from `#from` to `#to` are in memory, as those of a block that ends at `#end`. */
  #data: Uint8Array | undefined;
  #from = 0;
  #to = 0;
  #end = 0;
  /** No datum before that was asked for since. */
  #next = 0;

  private constructor({ Module, Instance }: WebAssemblyCompiler) {
    const put = (text: string, at: number): number => {
      for (let i = 0; i < text.length; i += 1) this.#bytes[at + i] = text.charCodeAt(i);
      return text.length;
    };
    const numbers = {
      putDoubleText: (value: number, at: number) => put(doubleText(value), at),
      putFloatText: (value: number, at: number) => put(floatText(value), at),
    };
    const { exports } = new Instance(new Module(Buffer.from(KERNEL, 'base64')), { 'json-numbers': numbers });
    this.#exports = exports as KernelExports;
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#words = wordsOf(this.#bytes);
    this.#input = this.#exports.INPUT.value;
    this.#output = this.#exports.OUTPUT.value;
  }

  /** Undefined where the engine has no WebAssembly. */
  static open(): Kernel | undefined {
    return typeof WebAssembly === 'undefined' ? undefined : new Kernel(WebAssembly);
  }

  /** Undefined for a program that is too large. */
  link(code: Code): KernelProgram | undefined {
    const image = linked(code, this.#exports.PROGRAM.value);
    return image.length > this.#exports.PROGRAM_BYTES.value ? undefined : { image };
  }

  /**
   * Appends what the datum at `position` becomes, and gives the position after it; -1, with nothing appended, where it is
   * not for the kernel. Bytes of `data` don't change while `position` ascends and `end` stays as it is.
   */
  transcode(program: KernelProgram, data: Uint8Array, position: number, end: number, out: ByteWriter): number {
    if (program !== this.#program) {
      this.#bytes.set(program.image, this.#exports.PROGRAM.value);
      this.#program = program;
    }
    const isThere = data === this.#data && end === this.#end && position >= this.#next && position < this.#to;
    if (!isThere) this.#load(data, position, end);
    let next = this.#run(position);
    // What is in memory may end within it.
    if (next < 0 && this.#to < end && position > this.#from) {
      this.#load(data, position, end);
      next = this.#run(position);
    }
    if (next < 0) return next;
    this.#next = next;
    out.append(this.#bytes, this.#output, this.#output + this.#exports.written(), this.#words);
    return next;
  }

  #run(position: number): number {
    const moved = this.#input - this.#from;
    const next = this.#exports.transcode(position + moved, this.#to + moved);
    return next < 0 ? next : next - moved;
  }

  #load(data: Uint8Array, position: number, end: number): void {
    const to = Math.min(end, data.length, position + this.#exports.INPUT_BYTES.value);
    this.#bytes.set(data.subarray(position, to), this.#input);
    this.#data = data;
    this.#from = this.#next = position;
    this.#to = to;
    this.#end = end;
  }
}

let shared: { kernel: Kernel | undefined } | undefined;

/** That of this thread; undefined where there is none. */
export function sharedKernel(): Kernel | undefined {
  shared ??= { kernel: Kernel.open() };
  return shared.kernel;
}
