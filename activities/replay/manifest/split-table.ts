import { ByteWriter } from '../../../formats/byte-writer.ts';
import { decodeSplitEntry, encodeSplitEntry, SPLIT_ENTRY_BYTES, type SplitEntry } from './manifest.ts';

/** The table of a manifest while it grows: an object for each of very many splits would take ten times the room. */
export class SplitTable {
  readonly #writer = new ByteWriter(64 * SPLIT_ENTRY_BYTES);

  get splits(): number {
    return this.#writer.length / SPLIT_ENTRY_BYTES;
  }

  add(entry: SplitEntry): void {
    this.#writer.append(encodeSplitEntry(entry));
  }

  at(split: number): SplitEntry {
    return decodeSplitEntry(this.#writer.view().subarray(split * SPLIT_ENTRY_BYTES, (split + 1) * SPLIT_ENTRY_BYTES));
  }

  bytes(): Buffer {
    return this.#writer.view();
  }
}
