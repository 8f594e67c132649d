/**
 * Proves on random schemas and values what goes into a container file: a datum of the file's own schema as it came, its
 * blocks of arrays and maps too; one of another schema as the transcoder resolves it; and of a damaged one nothing.
 */
import { describe, expect, it } from 'vitest';
import { compileDatumWriter } from '../../../formats/avro/datum-writer.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { randomDatum } from './support/random-datum.ts';
import { PLAIN_NAMES, SchemaGrower } from './support/random-schema.ts';
import { RandomSource } from './support/random-source.ts';

const V1 = {
  type: 'record',
  name: 'V',
  fields: [
    { name: 'a', type: 'int' },
    { name: 'tags', type: { type: 'array', items: 'string' } },
  ],
};
const V2 = { ...V1, fields: [...V1.fields, { name: 'b', type: 'string', default: 'x' }] };
const WITH_DOC = { ...V1, doc: 'something else', fields: V1.fields.map((field) => ({ ...field, doc: 'd' })) };

describe('a datum on its way into a container file', () => {
  it('stays as it came where both schemas are one, and is resolved into another schema', () => {
    let cut = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = new RandomSource(seed);
      const schema = parseSchema(new SchemaGrower(random, PLAIN_NAMES).record());
      const datum = randomDatum(schema, random, { blocks: true });
      const out = new ByteWriter(8);
      const same = compileDatumWriter(schema, schema);
      expect(same.copies, `seed ${seed}`).toBe(true);
      same.append(Buffer.concat([Buffer.from('..'), datum]), 2, 2 + datum.length, out);
      expect(out.view().equals(datum), `seed ${seed}`).toBe(true);
      if (datum.length === 0) continue;
      const before = out.length;
      try {
        same.append(datum, 0, random.below(datum.length), out);
        throw new Error(`seed ${seed}: a cut datum was taken`);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        cut++;
      }
      expect(out.length, `seed ${seed}`).toBe(before);
    }
    expect(cut).toBeGreaterThan(200);
  });

  it('is copied where the schemas differ in nothing that the bytes tell', () => {
    const writer = compileDatumWriter(parseSchema(V1), parseSchema(WITH_DOC));
    expect(writer.copies).toBe(true);
  });

  it('is resolved where a field is added, and refused with nothing written where bytes follow', () => {
    const v1 = parseSchema(V1);
    const v2 = parseSchema(V2);
    const writer = compileDatumWriter(v1, v2);
    expect(writer.copies).toBe(false);
    const datum = Buffer.from([4, 2, 2, 0x61, 2, 2, 0x62, 0]); // a = 2, tags in two blocks: a, b
    const out = new ByteWriter();
    writer.append(datum, 0, datum.length, out);
    expect([...out.view()]).toEqual([4, 4, 2, 0x61, 2, 0x62, 0, 2, 0x78]);
    const expected = new ByteWriter();
    compileTranscoder(v1, v2, 'avro-binary').transcode(datum, 0, datum.length, expected);
    expect(out.view().equals(expected.view())).toBe(true);
    const before = out.length;
    expect(() => writer.append(Buffer.concat([datum, Buffer.of(1)]), 0, datum.length + 1, out)).toThrow(
      'bytes follow the end of the datum',
    );
    expect(out.length).toBe(before);
  });

  it('is not copied where an item of an array has to change', () => {
    const items = (fields: unknown[]) => ({ type: 'array', items: { type: 'record', name: 'I', fields } });
    const int = { name: 'x', type: 'int' };
    const long = { name: 'x', type: 'double' };
    expect(compileDatumWriter(parseSchema(items([int])), parseSchema(items([long]))).copies).toBe(false);
    expect(compileDatumWriter(parseSchema(items([int])), parseSchema(items([int]))).copies).toBe(true);
  });
});
