// Names come in the NameNode's order (signed bytes) and go out in byte order (unsigned), holding only few meanwhile.
import { describe, expect, it } from 'vitest';
import { compareBytes, inByteOrder } from '../../../connections/hdfs/byte-order.ts';

const bytes = (name: string): Buffer => Buffer.from(name, 'utf8');
const signed = (a: string, b: string): number =>
  Buffer.compare(
    bytes(a).map((byte) => byte ^ 0x80),
    bytes(b).map((byte) => byte ^ 0x80),
  );
const unsigned = (a: string, b: string): number => Buffer.compare(bytes(a), bytes(b));

const ALPHABET = ['a', 'b', '-', '~', '\x01', 'é', 'ü', '☃', '日', '\uffee', '\u{1F600}', '\u{10FFFF}'];

/** Every name of up to three characters, which has each pair of neighbours that matters. */
const NAMES = ALPHABET.flatMap((a) => [a, ...ALPHABET.flatMap((b) => [a + b, ...ALPHABET.map((c) => a + b + c)])]);

describe('compareBytes', () => {
  it('orders as the UTF-8 bytes do', () => {
    const sample = NAMES.filter((_, index) => index % 7 === 0);
    const wrong = sample.flatMap((a) =>
      sample.filter((b) => Math.sign(compareBytes(a, b)) !== Math.sign(unsigned(a, b))).map((b) => [a, b]),
    );
    expect(wrong).toEqual([]);
  });
});

describe('inByteOrder', () => {
  const reorder = async (names: string[]): Promise<string[]> => {
    const source = async function* (): AsyncGenerator<string> {
      yield* names;
    };
    const out: string[] = [];
    for await (const name of inByteOrder(source(), (entry) => entry)) out.push(name);
    return out;
  };

  it('turns the order of a NameNode into byte order', async () => {
    const names = [...NAMES].sort(signed);
    expect(names).not.toEqual([...NAMES].sort(unsigned));
    expect(await reorder(names)).toEqual([...NAMES].sort(unsigned));
  });

  it('does so for any part of them', async () => {
    for (let step = 2; step < 40; step++) {
      const names = NAMES.filter((_, index) => (index * 7919) % step === 0);
      expect(await reorder([...names].sort(signed))).toEqual([...names].sort(unsigned));
    }
  });

  it('holds nothing back where names are plain', async () => {
    const taken: string[] = [];
    const source = async function* (): AsyncGenerator<string> {
      for (const name of ['a', 'b', 'c']) {
        taken.push(name);
        yield name;
      }
    };
    const first = await inByteOrder(source(), (entry) => entry).next();
    expect(first.value).toBe('a');
    expect(taken).toEqual(['a']);
  });
});
