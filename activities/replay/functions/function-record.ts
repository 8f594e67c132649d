import { exactJson } from './exact-json.ts';
import type { ManifestFile } from '../manifest/manifest.ts';

/** A record as functions of the user's own get it; valid until the function returns. */
export interface FunctionRecord {
  /**
   * What it holds: of Avro data the fields by the output schema as plain JSON (values of unions not wrapped), of a line
   * of JSON what stands in it (a byte order mark before it is let pass), of any other line its text. Integers beyond 2^53 are BigInts. Parsed at the first look.
   */
  readonly value: unknown;
  /** The same as text: plain JSON of an Avro record, or the line as it is. */
  readonly text: string;
  /** Path of the file, and the partition of the source topic where its name tells it. */
  readonly file: string;
  readonly partition: number | undefined;
}

/** One object for all records: what a function is given changes under it. */
export class CurrentRecord implements FunctionRecord {
  file = '';
  partition: number | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #text: string | undefined;
  #value: unknown;
  #parsed = false;

  /** Shows the next record: its JSON or its line, and the file that it is from. */
  show(bytes: Uint8Array, file: ManifestFile | undefined): void {
    this.#bytes = bytes;
    this.#text = undefined;
    this.#parsed = false;
    this.file = file?.path ?? '';
    this.partition = file?.partition;
  }

  get text(): string {
    return (this.#text ??= Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length).toString());
  }

  get value(): unknown {
    if (!this.#parsed) {
      this.#value = valueOf(this.text);
      this.#parsed = true;
    }
    return this.#value;
  }

  /** What a transformation made of it: an encoding gets that. */
  set value(value: unknown) {
    this.#value = value;
    this.#parsed = true;
  }
}

function valueOf(text: string): unknown {
  try {
    return exactJson(text.replace(/^\ufeff/, ''));
  } catch (error) {
    // A line that is no JSON is its text.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
