import { LaidOutRecords } from './record-cursor.ts';
import type { RecordBase } from './record-cursor.ts';

/** What records are gathered to before they are given: fewer, larger runs. */
const RUN_BYTES = 1024 * 1024;
/** The longest length of a record. */
const LENGTH_BYTES = 5;

/**
 * Cuts unpacked bytes that come in pieces into runs of whole records; a record that is larger than a run is one. An
 * array is taken to hold whole records already.
 */
export async function* recordRuns(
  pieces: Iterable<Buffer> | AsyncIterable<Uint8Array>,
  base: RecordBase,
): AsyncGenerator<LaidOutRecords> {
  if (Array.isArray(pieces)) {
    for (const piece of pieces as Buffer[]) yield new LaidOutRecords(piece, piece.length, base);
    return;
  }
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let wanted = RUN_BYTES;
  for await (const piece of pieces) {
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes < wanted) continue;
    const bytes = joined(held);
    const end = lastWholeRecord(bytes);
    if (end > 0) yield new LaidOutRecords(bytes, end, base);
    const rest = bytes.subarray(end);
    // Rests are joined again only when what they wait for can be whole, or a record of 40 MB were copied at each piece.
    wanted = Math.max(RUN_BYTES, recordBytes(rest));
    held = [rest];
    heldBytes = rest.length;
  }
  // What is cut short here is refused by the cursor.
  if (heldBytes > 0) {
    const bytes = joined(held);
    yield new LaidOutRecords(bytes, bytes.length, base);
  }
}

function joined(pieces: readonly Uint8Array[]): Buffer {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined)
    return Buffer.isBuffer(first) ? first : Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  return Buffer.concat(pieces);
}

function lastWholeRecord(bytes: Buffer): number {
  let end = 0;
  for (;;) {
    const length = recordBytes(bytes, end);
    if (length === 0 || end + length > bytes.length) return end;
    end += length;
  }
}

/** Bytes of the record that begins here, its length included; 0 where the length isn't there as a whole. */
function recordBytes(bytes: Uint8Array, start = 0): number {
  let value = 0;
  for (let at = 0; at < LENGTH_BYTES; at++) {
    const byte = bytes[start + at];
    if (byte === undefined) return 0;
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return at + 1 + Math.floor(value / 2);
  }
  return 0;
}
