// A sorted file that lacks a byte or has a wrong one is an error, whichever byte it is: never a wrong entry, never a
// shorter file, never a hang. A file that HDFS cut off looks finished, so nothing else would notice.
import { describe, expect, it } from 'vitest';
import { crc32c } from '@node-rs/crc32';
import { bytesSource } from '../../../formats/byte-source.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import { openSortedFile } from '../../../formats/sorted/file/open-sorted-file.ts';
import { SectionCursor } from '../../../formats/sorted/file/section-cursor.ts';
import {
  FINGERPRINT,
  inOrder,
  plainEntry,
  plainRecord,
  poolOf,
  randomFrom,
  randomSplit,
  writeSplit,
} from './random-splits.ts';

const records = randomSplit({ split: 1, records: 24, random: randomFrom(11), body: 20 });
const { bytes: whole, file } = writeSplit('/out/1', 1, records, { sectionRecords: 15, blockBytes: 200 });

/** Reads everything; the error that ended it, or undefined. */
async function faultOf(bytes: Uint8Array, rangeBytes = 64): Promise<FormatError | undefined> {
  try {
    const sortedFile = await openSortedFile(bytesSource(bytes), { fingerprint: FINGERPRINT, tailBytes: 200 });
    for (const section of sortedFile.sections) {
      const cursor = new SectionCursor(sortedFile, section, { rangeBytes });
      for (let waits = 0; !cursor.ended; waits++) {
        if (waits > 1000) throw new Error('the cursor does not come to an end');
        while (cursor.advance());
        if (!cursor.ended) await cursor.fill();
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

describe('a damaged sorted file', () => {
  it('is whole to begin with', async () => {
    expect(await faultOf(whole)).toBeUndefined();
    expect(file.sections).toHaveLength(2);
  });

  it('is an error wherever it was cut off', async () => {
    for (let length = 0; length < whole.length; length++)
      expect((await faultOf(whole.subarray(0, length)))?.fault, `cut to ${length} bytes`).toMatch(/truncated|corrupt/);
  });

  it('is an error whichever byte was changed', async () => {
    for (let at = 0; at < whole.length; at++)
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= flip;
        expect((await faultOf(damaged))?.message, `byte ${at} changed by ${flip}`).toBeDefined();
      }
  });

  it('is an error whichever byte is missing from its middle', async () => {
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]);
      expect((await faultOf(damaged))?.message, `byte ${at} removed`).toBeDefined();
    }
  });

  it('never gives a merge a wrong entry: what comes before the error is right', async () => {
    const expected = inOrder(records).map(plainRecord);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x10;
      const pool = poolOf([{ bytes: damaged, file }], 64);
      const merge = new MergeStream(pool.sections(file), { maxOpen: 2 });
      const seen: string[] = [];
      const read = async (): Promise<void> => {
        for (;;) {
          while (merge.next()) seen.push(plainEntry(merge.entry));
          if (!merge.needsData) return;
          await merge.fill();
        }
      };
      await expect(read(), `byte ${at} changed`).rejects.toThrow('/out/1, section');
      expect(seen).toEqual(expected.slice(0, seen.length));
      expect(() => merge.next()).toThrow('/out/1, section');
      await merge.close();
    }
  });

  it('is an error where a block is right in itself and stands in the wrong place', async () => {
    const opened = await openSortedFile(bytesSource(whole));
    const { index, position } = opened.sections[0]!;
    const [second, third] = [index.entry(1).position, index.entry(2).position];
    const damaged = Buffer.from(whole);
    // The first block once more where the second one stood, cut to its length and with a checksum of its own.
    const copy = Buffer.from(whole.subarray(position, second));
    if (copy.length === third - second) copy.copy(damaged, second);
    else {
      const block = Buffer.from(whole.subarray(second, third));
      block.writeBigUInt64LE(0n, 16);
      block.writeUInt32LE(crc32c(block.subarray(4)), 0);
      block.copy(damaged, second);
    }
    expect((await faultOf(damaged))?.message).toContain('out of place');
  });

  it('is an error where entries are out of order under a checksum that is right', async () => {
    const damaged = Buffer.from(whole);
    const opened = await openSortedFile(bytesSource(whole));
    const { position, index } = opened.sections[0]!;
    const block = damaged.subarray(position, index.entry(1).position);
    const second = 24 + 24 + block.readUInt32LE(24 + 20);
    block.writeInt32LE(-0x80000000, second + 4);
    block.writeUInt32LE(0, second);
    block.writeUInt32LE(0, second + 8);
    block.writeUInt32LE(crc32c(block.subarray(4)), 0);
    expect((await faultOf(damaged))?.message).toContain('out of order');
  });

  it('says what is missing, where, and what to do', async () => {
    const error = await faultOf(whole.subarray(0, whole.length - 1));
    expect(error?.describe('/out/1')).toMatch(
      /^\/out\/1 at byte \d+: the sorted file ends without its footer.*write it again/,
    );
  });

  it('is refused where it belongs to another sequence', async () => {
    await expect(openSortedFile(bytesSource(whole), { fingerprint: 'other' })).rejects.toThrow("another job's");
  });
});
