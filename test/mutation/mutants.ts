/** How a byte is changed; the last one keeps only what is before it. */
export const MUTATIONS = ['flip', 'zero', 'ones', 'delete', 'insert', 'truncate'] as const;
export type Mutation = (typeof MUTATIONS)[number];

export interface Mutant {
  position: number;
  mutation: Mutation;
  bytes: Buffer;
}

/** A number from 0 to 255 that depends on the place alone, so that every run makes the same mutants. */
function draw(seed: number, position: number): number {
  return (Math.imul(Math.imul(seed + 1, 0x9e3779b1) ^ (position + 1), 0x85ebca6b) >>> 13) & 0xff;
}

/**
 * Every mutant of the file, less those that are the file itself. The bit that is flipped and the byte that is inserted
 * depend on the seed.
 *
 * @param every only at each so many bytes, from the seed's on
 */
export function* mutantsOf(file: Buffer, { seed, every = 1 }: { seed: number; every?: number }): Generator<Mutant> {
  for (let position = seed % every; position < file.length; position += every) {
    for (const mutation of MUTATIONS) {
      const bytes = mutate(file, position, mutation, draw(seed, position));
      if (!bytes.equals(file)) yield { position, mutation, bytes };
    }
  }
}

function mutate(file: Buffer, position: number, mutation: Mutation, drawn: number): Buffer {
  const before = file.subarray(0, position);
  const after = file.subarray(position + 1);
  const here = file[position]!;
  switch (mutation) {
    case 'flip':
      return Buffer.concat([before, Buffer.of(here ^ (1 << (drawn & 7))), after]);
    case 'zero':
      return Buffer.concat([before, Buffer.of(0), after]);
    case 'ones':
      return Buffer.concat([before, Buffer.of(0xff), after]);
    case 'delete':
      return Buffer.concat([before, after]);
    case 'insert':
      return Buffer.concat([before, Buffer.of(drawn), file.subarray(position)]);
    case 'truncate':
      return Buffer.from(before);
  }
}
