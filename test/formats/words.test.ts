// Proves that the copy in words gives what a copy of bytes does, of every length around its turns, from and to any
// position, and touches nothing beside it.
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../formats/byte-writer.ts';
import { copyWords, MOST_IN_WORDS, wordsOf } from '../../formats/words.ts';

const PLACES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 17];
const SOURCE = Uint8Array.from({ length: 2048 }, (_, at) => (Math.imul(at + 1, 0x9e3779b1) >>> 13) & 0xff);

/** Views that don't begin where their memory does. */
function shifted(bytes: Uint8Array): Uint8Array {
  const memory = new Uint8Array(bytes.length + 3);
  memory.set(bytes, 3);
  return memory.subarray(3);
}

describe('copyWords', () => {
  it.each(PLACES)('copies runs of 0 to 70 bytes from byte %i on', (start) => {
    const source = shifted(SOURCE.subarray(0, 128));
    const wrong: string[] = [];
    for (let length = 0; length <= 70; length += 1)
      for (const at of PLACES) {
        const target = shifted(new Uint8Array(128).fill(0xee));
        const expected = Uint8Array.from(target);
        expected.set(source.subarray(start, start + length), at);
        copyWords(wordsOf(source), start, start + length, wordsOf(target), at);
        if (Buffer.compare(target, expected) !== 0) wrong.push(`${length} bytes to ${at}`);
      }
    expect(wrong).toEqual([]);
  });

  it('copies to the very end of what there is', () => {
    const target = new Uint8Array(70);
    copyWords(wordsOf(SOURCE.subarray(0, 70)), 0, 70, wordsOf(target), 0);
    expect(target).toEqual(SOURCE.subarray(0, 70));
  });
});

describe('a ByteWriter that is given words', () => {
  it.each([0, 1, 31, 32, 33, MOST_IN_WORDS, MOST_IN_WORDS + 1, 1500])('appends %i bytes as without', (length) => {
    const source = shifted(SOURCE);
    const [plain, inWords] = [new ByteWriter(16), new ByteWriter(16)];
    for (const start of PLACES) {
      plain.append(source, start, start + length);
      inWords.append(source, start, start + length, wordsOf(source));
    }
    expect(inWords.view()).toEqual(plain.view());
    expect(plain.length).toBe(length * PLACES.length);
  });
});
