import type { ByteWriter } from '../byte-writer.ts';

const LINE_FEED = 0x0a;

/** Writes lines `TOPIC-PARTITION-OFFSET<@>KEY<@>PAYLOAD`, and knows of which records none can be made. */
export class NifiLineWriter {
  readonly #topic: string;
  readonly #delimiter: Buffer;
  readonly #text: string;
  /** Whether it begins as it ends, so that a key's end and the beginning of the one behind can make up another. */
  readonly #bordered: boolean;
  #partition = -1;
  #prefix: Buffer = Buffer.alloc(0);

  /** @param delimiter one that `isNifiDelimiter` takes */
  constructor(topic: string, delimiter: string) {
    this.#topic = topic;
    this.#text = delimiter;
    this.#delimiter = Buffer.from(delimiter);
    this.#bordered = isBordered(this.#delimiter);
  }

  /**
   * Why a record can't be a line: whoever reads it would find another record, or two; undefined where it can. A key or a
   * value that is null has negative positions.
   */
  refusal(bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): string | undefined {
    if (keyStart >= 0 && this.#endsEarly(bytes.subarray(keyStart, keyEnd)))
      return `the key holds, or makes up with what follows, the delimiter ${this.#text}: set nifi.delimiter to one that no key holds`;
    if (keyStart >= 0 && holds(bytes, LINE_FEED, keyStart, keyEnd))
      return 'the key holds a line feed, and would end the line';
    if (valueStart >= 0 && holds(bytes, LINE_FEED, valueStart, valueEnd))
      return 'the value holds a line feed, and would be two lines';
    return undefined;
  }

  /** Appends the line of a record that `refusal` takes, without what ends it. */
  append(
    out: ByteWriter,
    partition: number,
    offset: bigint,
    bytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
  ): void {
    if (partition !== this.#partition) {
      this.#partition = partition;
      this.#prefix = Buffer.from(`${this.#topic}-${partition}-`);
    }
    out.append(this.#prefix);
    out.append(Buffer.from(String(offset), 'latin1'));
    out.append(this.#delimiter);
    if (keyStart >= 0) out.append(bytes, keyStart, keyEnd);
    out.append(this.#delimiter);
    if (valueStart >= 0) out.append(bytes, valueStart, valueEnd);
  }

  /** Whether a reader, who takes the first delimiter, would find one before the key's end: as in the key a| before ||. */
  #endsEarly(key: Buffer): boolean {
    if (key.includes(this.#delimiter)) return true;
    if (!this.#bordered) return false;
    const tail = key.subarray(Math.max(0, key.length - this.#delimiter.length));
    return Buffer.concat([tail, this.#delimiter]).indexOf(this.#delimiter) < tail.length;
  }
}

function holds(bytes: Buffer, byte: number, start: number, end: number): boolean {
  return bytes.subarray(start, end).includes(byte);
}

function isBordered(delimiter: Buffer): boolean {
  for (let length = 1; length < delimiter.length; length += 1)
    if (delimiter.subarray(0, length).equals(delimiter.subarray(delimiter.length - length))) return true;
  return false;
}
