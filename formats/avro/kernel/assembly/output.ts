import { fail } from './datum';
import { OUTPUT, OUTPUT_BYTES } from './memory';

/** What the datum has become so far. */
export class Output {
  /** Where the next byte comes. */
  static at: i32 = OUTPUT;
}

/** Whether so many bytes more have room; fails where they don't. */
export function hasRoom(count: i32): bool {
  if (count <= OUTPUT + OUTPUT_BYTES - Output.at) return true;
  fail();
  return false;
}

/** Writes a byte for which there is room. */
export function putByte(byte: i32): void {
  store<u8>(Output.at++, byte);
}

/** Writes bytes, sixteen at once: what is behind them is written over by what comes next. */
export function putText(text: i32, size: i32): void {
  if (!hasRoom(size + 16)) return;
  const to = Output.at;
  let done = 0;
  do {
    v128.store(to + done, v128.load(text + done));
    done += 16;
  } while (done < size);
  Output.at = to + size;
}
