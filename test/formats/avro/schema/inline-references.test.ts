// A schema that refers to others becomes one that stands for itself, to Rewind's parser and to avsc's.
import avsc from 'avsc';
import { expect, it } from 'vitest';
import { inlineReferences } from '../../../../formats/avro/schema/inline-references.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';

const text = (schema: unknown): string => JSON.stringify(schema);

/** The whole schema, which both parsers take, as avsc's canonical JSON. */
function whole(schema: unknown, ...references: unknown[]): string {
  const json = inlineReferences(text(schema), references.map(text));
  expect(() => parseSchema(json)).not.toThrow();
  return text(avsc.Type.forSchema(JSON.parse(json) as avsc.Schema).schema());
}
const canonical = (schema: unknown): string => text(avsc.Type.forSchema(schema as avsc.Schema).schema());
const record = (name: string, ...fields: [name: string, type: unknown][]): Record<string, unknown> => ({
  type: 'record',
  name,
  fields: fields.map(([field, type]) => ({ name: field, type })),
});
const color = { type: 'enum', name: 'Color', namespace: 'x', symbols: ['RED'] };

it('has the definition where the name is used first', () => {
  const car = record('y.Car', ['first', 'x.Color'], ['more', { type: 'array', items: 'x.Color' }]);
  expect(whole(car, color)).toBe(
    canonical(record('y.Car', ['first', color], ['more', { type: 'array', items: 'x.Color' }])),
  );
});

it('takes in what the references refer to, each once', () => {
  const paint = record('x.Paint', ['color', 'Color']);
  const car = record('x.Car', ['paint', ['null', 'x.Paint']], ['seat', 'Color']);
  expect(whole(car, paint, color)).toBe(
    canonical(record('x.Car', ['paint', ['null', record('x.Paint', ['color', color])]], ['seat', 'x.Color'])),
  );
});

it('keeps a type without a namespace out of that of the schema around it', () => {
  const bare = record('Bare', ['n', 'int']);
  const json = inlineReferences(text(record('x.Outer', ['bare', 'Bare'])), [text(bare)]);
  const outer = parseSchema(json) as { fields: readonly { schema: { name: string } }[] };
  expect(outer.fields[0]?.schema.name).toBe('Bare');
});

it('finds types inside of a referenced schema, though that comes later itself', () => {
  const paint = record('x.Paint', ['color', color]);
  const car = record('x.Car', ['seat', 'x.Color'], ['paint', 'x.Paint']);
  expect(whole(car, paint)).toBe(
    canonical(record('x.Car', ['seat', color], ['paint', record('x.Paint', ['color', 'x.Color'])])),
  );
});

it('leaves numbers as they are spelled', () => {
  const json = '{"type":"record","name":"R","fields":[{"name":"n","type":"long","default":9223372036854775807}]}';
  expect(inlineReferences(json, [])).toContain('9223372036854775807');
});

it('lets a type hold itself', () => {
  const node = record('x.Node', ['next', ['null', 'Node']]);
  const list = record('x.List', ['head', 'Node'], ['tail', 'x.Node']);
  expect(whole(list, node)).toBe(canonical(record('x.List', ['head', node], ['tail', 'x.Node'])));
});
