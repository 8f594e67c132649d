// The catalogue comes back as it was written, and one that lacks anything, or has a wrong byte, is an error.
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../../formats/byte-source.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import { decodeCatalogue } from '../../../../formats/sorted/catalogue/decode-catalogue.ts';
import { encodeCatalogue } from '../../../../formats/sorted/catalogue/encode-catalogue.ts';
import type { CatalogueFile } from '../../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { FINGERPRINT, randomFrom, randomSplit, writeSplit } from '../random-splits.ts';

function someFiles(count: number): CatalogueFile[] {
  const random = randomFrom(count);
  return Array.from({ length: count }, (_, split) => {
    const records = randomSplit({ split, records: Math.floor(random() * 60), random });
    return writeSplit(`/staging/ä ${split}"\n`, split, records, { sectionRecords: 25 }).file;
  });
}

async function encoded(files: CatalogueFile[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeCatalogue({ fingerprint: FINGERPRINT }, files)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function decoded(bytes: Uint8Array, fingerprint?: string): Promise<CatalogueFile[]> {
  const files: CatalogueFile[] = [];
  for await (const file of decodeCatalogue(bytesSource(bytes), { fingerprint })) files.push(file);
  return files;
}

describe('a catalogue', () => {
  it.each([0, 1, 7, 800])('of %i files comes back as it was written', async (count) => {
    const files = someFiles(count);
    expect(await decoded(await encoded(files), FINGERPRINT)).toEqual(files);
  });

  it('sums up what it lists', async () => {
    const files = someFiles(20);
    const catalogue = encodeCatalogue({ fingerprint: FINGERPRINT }, files);
    let step = await catalogue.next();
    while (step.done !== true) step = await catalogue.next();
    expect(step.value).toEqual({
      files: 20,
      sections: files.reduce((all, { sections }) => all + sections.length, 0),
      records: files.reduce((all, { records }) => all + records, 0),
      bytes: files.reduce((all, { length }) => all + length, 0),
    });
  });

  it('is an error wherever it was cut off', async () => {
    const whole = await encoded(someFiles(3));
    for (let length = 0; length < whole.length; length++)
      await expect(decoded(whole.subarray(0, length)), `cut to ${length} bytes`).rejects.toBeInstanceOf(FormatError);
  });

  it('is an error whichever byte was changed', async () => {
    const whole = await encoded(someFiles(3));
    for (let at = 0; at < whole.length; at++)
      for (const flip of [1, 2, 0x20]) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= flip;
        await expect(decoded(damaged), `byte ${at} changed by ${flip}`).rejects.toBeInstanceOf(FormatError);
      }
  });

  it('is refused where it is of another sequence or another version', async () => {
    const whole = await encoded(someFiles(1));
    await expect(decoded(whole, 'other')).rejects.toThrow('fingerprint');
    const newer = Buffer.from(whole.toString().replace('"version":1', '"version":2'));
    await expect(decoded(newer)).rejects.toMatchObject({ fault: 'unsupported' });
  });

  it('says which field of which line is wrong', async () => {
    const whole = (await encoded(someFiles(2))).toString();
    const damaged = Buffer.from(whole.replace('"length":', '"length":-'));
    await expect(decoded(damaged)).rejects.toMatchObject({
      message: 'the field length of the catalogue does not fit: write the catalogue again',
      facts: { position: whole.indexOf('\n') + 1, expected: 'a whole number from 0' },
    });
  });
});
