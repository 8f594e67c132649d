/** Proves that what is put as a Writable is what WritableInput reads, and refused where Java would refuse it. */
import { describe, expect, it } from 'vitest';
import { WritableInput } from '../../../formats/hadoop/writable-input.ts';
import { WritableOutput } from '../../../formats/hadoop/writable-output.ts';
import { vint } from './sequence-bytes.ts';

describe('Writables', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 16_777_215, 16_777_216, 2 ** 31 - 1])('length %i', (value) => {
    const bytes = new WritableOutput().length(value).take();
    expect(bytes).toEqual(vint(value));
    expect(new WritableInput(bytes).length('a length')).toBe(value);
  });

  it.each(['', 'plain', 'café', '日本', 'a\0b', '😀 pair', '\ud800 alone'])('writeUTF of %j', (value) => {
    const bytes = new WritableOutput().modifiedUtf8(value).take();
    expect(new WritableInput(bytes).modifiedUtf8('a string')).toBe(value);
  });

  it('writes U+0000 and surrogates as Java does', () => {
    expect(new WritableOutput().modifiedUtf8('\0😀').take().toString('hex')).toBe('0008c080eda0bdedb880');
  });

  it('refuses a string that is too long for writeUTF', () => {
    expect(() => new WritableOutput().modifiedUtf8('é'.repeat(32_768))).toThrow('at most 65535');
    expect(new WritableOutput().modifiedUtf8('é'.repeat(32_767)).take()).toHaveLength(65_536);
  });

  it('writes the rest in order', () => {
    const bytes = new WritableOutput().byte(-1).int32(-2).int64(-3n).text('ü').raw(Buffer.of(9)).take();
    expect(bytes.toString('hex')).toBe('fffffffffefffffffffffffffd02c3bc09');
  });
});
