// The parts of a manifest come back as they were written, and what is no manifest is told from one.
import { describe, expect, it } from 'vitest';
import {
  decodeFooter,
  decodeLines,
  decodeSplitEntry,
  encodeFooter,
  encodeLines,
  encodeSplitEntry,
  FOOTER_BYTES,
  SPLIT_ENTRY_BYTES,
} from '../../../../activities/replay/manifest/manifest.ts';

describe('a manifest', () => {
  it('keeps files whatever their names hold', () => {
    const files = [
      {
        path: '/a/we ird+topic%20#é☃\u2028/x.0.1.2.3.4.avro',
        length: 5,
        modifiedAt: 1_414_915_200_000,
        partition: 1,
        count: 2,
      },
      { path: '/b', length: 2 ** 52, modifiedAt: 0 },
    ];
    expect(decodeLines('/manifest', encodeLines(files))).toEqual(files);
    expect(decodeLines('/manifest', encodeLines([]))).toEqual([]);
  });

  it('refuses a line that is no file, by the name of the manifest', () => {
    expect(() => decodeLines('/manifest', Buffer.from('{"path":"/b","length":"5"}\n'))).toThrow(/\/manifest.*length/);
  });

  it('keeps positions beyond 32 bits', () => {
    const entry = { linesAt: 2 ** 40, linesLength: 7, start: 2 ** 33 + 1, end: 2 ** 53 - 1 };
    const bytes = encodeSplitEntry(entry);
    expect(bytes.length).toBe(SPLIT_ENTRY_BYTES);
    expect(decodeSplitEntry(bytes)).toEqual(entry);
  });

  it('ends in a footer that is known by its magic', () => {
    const footer = { splitsAt: 2 ** 40, summaryAt: 2 ** 40 + 64, summaryLength: 900 };
    const bytes = encodeFooter(footer);
    expect(bytes.length).toBe(FOOTER_BYTES);
    expect(bytes.subarray(24).toString('latin1')).toBe('MNIFEST1');
    expect(decodeFooter(bytes)).toEqual(footer);
    expect(decodeFooter(bytes.subarray(1))).toBeUndefined();
    expect(decodeFooter(Buffer.concat([bytes.subarray(0, 31), Buffer.from('2')]))).toBeUndefined();
  });
});
