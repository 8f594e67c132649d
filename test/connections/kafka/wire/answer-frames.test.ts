// Answers come out whole, each in memory of its own, however the connection cuts their bytes.
import { describe, expect, it } from 'vitest';
import { AnswerFrames } from '../../../../connections/kafka/wire/answer-frames.ts';

function frameOf(content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(content.length);
  return Buffer.concat([size, content]);
}

/** Takes bytes in pieces of so many, all of which come in the same memory. */
function taken(bytes: Buffer, most: number): Buffer[] {
  const frames = new AnswerFrames();
  const memory = Buffer.alloc(most);
  const answers: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += most) {
    const count = bytes.copy(memory, 0, at, at + most);
    frames.take(memory.subarray(0, count), (answer) => answers.push(answer));
    memory.fill(0xee);
  }
  return answers;
}

describe('answers of a connection', () => {
  const contents = [5, 0, 1, 300, 0, 70_000].map((length, answer) => Buffer.alloc(length, answer + 1));
  const frames = contents.map(frameOf);
  const all = Buffer.concat(frames);

  it.each([1, 2, 3, 4, 5, 7, 64, 1000, 70_000, all.length])('are whole where %i bytes come at a time', (most) => {
    expect(taken(all, most)).toEqual(frames);
  });

  it('are in memory of their own', () => {
    const [first, , third] = taken(all, 64);
    expect(first!.buffer).not.toBe(third!.buffer);
  });

  it.each([-1, -0x80000000])('of a size of %i bytes are handed on as that, without any', (size) => {
    const wrong = Buffer.alloc(4);
    wrong.writeInt32BE(size);
    expect(taken(Buffer.concat([wrong, frames[0]!]), 3)).toEqual([wrong, frames[0]]);
  });

  it('that would take more than a broker answers are handed on as they come, with what follows them whole', () => {
    const size = 64 * 1024 * 1024 + 1;
    const large = frameOf(Buffer.alloc(size, 7));
    const answers = taken(Buffer.concat([large, frames[0]!, frames[3]!]), 1_000_000);
    expect(answers.slice(-2)).toEqual([frames[0], frames[3]]);
    expect(answers.length).toBeGreaterThan(60);
    expect(Buffer.concat(answers.slice(0, -2)).equals(large)).toBe(true);
  });
});
