/** A 32-bit seed (FNV-1a, then mixed) of texts and numbers: the same parts give the same seed on every machine. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = `${part}/`;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(hash);
}

/** Seed of one record: cheap, as it is needed for each record several times. */
export function recordSeed(seed: number, partition: number, index: number): number {
  return mix(seed ^ mix(Math.imul(partition + 1, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b)));
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

/** A run of pseudo-random numbers (mulberry32) that its seed decides. */
export class Draws {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** An unsigned 32-bit integer. */
  word(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From 0 up to 1, which is not reached. */
  next(): number {
    return this.word() / 4294967296;
  }

  /** An integer from 0 up to `count`, which is not reached. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** An integer of the range, its ends included. */
  between([least, most]: readonly [number, number]): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  bytes(count: number): Buffer {
    const bytes = Buffer.alloc(count);
    for (let at = 0; at < count; at++) bytes[at] = this.word() & 0xff;
    return bytes;
  }
}
