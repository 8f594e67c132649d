import { ByteWriter } from '../../../formats/byte-writer.ts';
import { encodeSplitEntry, SPLIT_ENTRY_BYTES, type SplitEntry } from './manifest.ts';

/** The table of a manifest while it grows: an object for each of very many splits would take ten times the room. */
export class SplitTable {
  readonly #writer = new ByteWriter(64 * SPLIT_ENTRY_BYTES);

  get splits(): number {
    return this.#writer.length / SPLIT_ENTRY_BYTES;
  }

  add(entry: SplitEntry): void {
    this.#writer.append(encodeSplitEntry(entry));
  }

  bytes(): Buffer {
    return this.#writer.view();
  }
}
