// A list on HDFS that was cut, or of which a byte changed, is told from one that is whole.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSealedLines, sealedLines } from '../../../activities/step/sealed-lines.ts';

const shape = z.object({ n: z.number(), text: z.string().optional() });
const bytesOf = (lines: unknown[]): Buffer => Buffer.concat([...sealedLines(lines)]);

describe('sealed lines', () => {
  it.each([0, 1, 3, 5_000])('come back as they were: %i of them', (count) => {
    const lines = Array.from({ length: count }, (_, n) => ({ n, text: 'ü'.repeat(n % 200) }));
    expect(parseSealedLines(bytesOf(lines), '/x', shape)).toEqual(lines);
  });

  it('are refused wherever they were cut', () => {
    const bytes = bytesOf([{ n: 1 }, { n: 2, text: 'x' }]);
    for (let length = 0; length < bytes.length - 1; length++)
      expect(() => parseSealedLines(bytes.subarray(0, length), '/x', shape)).toThrow(/\/x, byte \d+: expected/);
  });

  it('are refused with any byte changed', () => {
    const bytes = bytesOf([{ n: 1 }, { n: 2, text: 'x' }]);
    for (let at = 0; at < bytes.length - 1; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(() => parseSealedLines(changed, '/x', shape), `byte ${at}`).toThrow(/\/x, byte/);
    }
  });

  it('are refused where a line is of another shape', () => {
    expect(() => parseSealedLines(bytesOf([{ n: 1 }, { n: 'two' }]), '/x', shape)).toThrow(/byte 8: .*n:/);
  });
});
