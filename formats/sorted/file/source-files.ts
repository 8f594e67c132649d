import type { FieldReader } from './field-reader.ts';
import type { SourceFile } from './sorted-section.ts';

/** The table of input files, left in the bytes of the footer; paths are decoded when somebody asks. */
export class SourceFiles {
  readonly length: number;
  /** Split of each file, by its number. */
  readonly splits: Uint32Array;
  /** Partition of the source topic of each file, by its number; -1 where it tells none. */
  readonly sourcePartitions: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #starts: Uint32Array;

  constructor(reader: FieldReader, firstSplit: number, lastSplit: number) {
    const length = reader.u32('number of input files');
    if (length * 12 > reader.remaining)
      reader.fail('number of input files', `at most ${Math.floor(reader.remaining / 12)}`, `${length}`);
    this.length = length;
    this.splits = new Uint32Array(length);
    this.sourcePartitions = new Int32Array(length);
    this.#starts = new Uint32Array(length);
    this.#bytes = reader.bytes;
    this.#view = reader.view;
    for (let file = 0; file < length; file++) {
      this.#starts[file] = reader.at;
      const split = reader.u32('split of an input file');
      if (split < firstSplit || split > lastSplit)
        reader.fail('split of an input file', `${firstSplit} to ${lastSplit}`, `${split}`);
      this.splits[file] = split;
      this.sourcePartitions[file] = reader.i32('source partition');
      reader.skip(reader.u32('length of a path'), 'path of an input file');
    }
  }

  file(number: number): SourceFile {
    const start = this.#starts[number];
    if (start === undefined) throw new RangeError(`input file ${number} of ${this.length}`);
    const length = this.#view.getUint32(start + 8, true);
    return {
      split: this.splits[number]!,
      sourcePartition: this.sourcePartitions[number]!,
      path: Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start + 12, length).toString(),
    };
  }
}
