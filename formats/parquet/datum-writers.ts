import { appendCount } from '../avro/datum/append-long.ts';
import type { AvroSchema, UnionSchema } from '../avro/schema/schema.ts';
import { FormatError } from '../format-error.ts';
import type { ColumnCursor } from './column-cursor.ts';
import { leafWriter, type DatumWriter } from './leaf-writers.ts';
import { listParts, mapParts, notOf } from './list-parts.ts';
import { leavesOf, type SchemaNode } from './schema-tree.ts';

/**
 * Puts records together from their columns as parquet-avro takes them apart (AvroSchemaConverter), and writes them in
 * the binary encoding of the Avro schema in the file: no value is turned into one of JavaScript.
 *
 * @throws FormatError 'schema' where columns are not those of the schema
 */
export class DatumWriters {
  readonly #cursors: readonly ColumnCursor[];

  constructor(cursors: readonly ColumnCursor[]) {
    this.#cursors = cursors;
  }

  /** Of a value that is there, in the columns below the node. */
  of(schema: AvroSchema, node: SchemaNode): DatumWriter {
    if (schema.type === 'union') return this.#union(schema, node);
    if (schema.type === 'record') {
      if (node.leaf !== undefined) throw notOf(node, `a group for the record ${schema.name}`);
      const children = new Map(node.children.map((child) => [child.name, child]));
      return all(schema.fields.map((field) => this.#field(field.schema, children.get(field.name), field.name)));
    }
    if (schema.type === 'array') {
      const { repeated, item, isItself } = listParts(node);
      return this.#items(repeated, isItself ? this.of(schema.items, item) : this.#field(schema.items, item, item.name));
    }
    if (schema.type === 'map') {
      const { repeated, key, value } = mapParts(node);
      return this.#items(
        repeated,
        all([this.of({ type: 'string' }, key), this.#field(schema.values, value, value.name)]),
      );
    }
    return leafWriter(schema, this.#first(node));
  }

  /** Of what may be null where the node is optional. */
  #field(schema: AvroSchema, node: SchemaNode | undefined, name: string): DatumWriter {
    // parquet-avro has no column for what is always null.
    if (schema.type === 'null') return () => undefined;
    if (node === undefined) throw notOf(node, `the field ${name}`);
    if (node.repetition === 'repeated') throw notOf(node, `a field ${name} that is not repeated`);
    const nullable = schema.type === 'union' && schema.branches.some(({ type }) => type === 'null');
    if (node.repetition === 'optional' && !nullable) return this.#required(this.of(schema, node), node);
    return this.of(schema, node);
  }

  #union({ branches }: UnionSchema, node: SchemaNode): DatumWriter {
    const ofNull = branches.findIndex(({ type }) => type === 'null');
    const others = branches.flatMap((branch, index) => (branch.type === 'null' ? [] : [{ branch, index }]));
    const [only] = others;
    if (only === undefined) throw notOf(node, 'a union that is not of null alone');
    // A group of members, of which one is there, unless null and one other type are all.
    const value =
      others.length === 1 && ofNull >= 0
        ? this.#branch(only.index, this.of(only.branch, node))
        : this.#members(others, node);
    if (ofNull < 0 || node.repetition !== 'optional') return value;
    const first = this.#first(node);
    const skip = this.#skip(node);
    return (out) => {
      if (first.definition >= node.definition) return value(out);
      skip();
      appendCount(out, ofNull);
    };
  }

  #members(others: readonly { branch: AvroSchema; index: number }[], node: SchemaNode): DatumWriter {
    const members = others.map(({ branch, index }, place) => {
      const member = node.children.find(({ name }) => name === `member${place}`);
      if (member?.repetition !== 'optional') throw notOf(member, `an optional column member${place} of a union`);
      const write = this.#branch(index, this.of(branch, member));
      return { member, first: this.#first(member), write, skip: this.#skip(member) };
    });
    return (out) => {
      let written = 0;
      for (const { member, first, write, skip } of members)
        if (first.definition < member.definition) skip();
        else {
          write(out);
          written += 1;
        }
      if (written !== 1)
        throw new FormatError('corrupt', `the union ${node.name} has not one value`, {
          position: members[0]!.first.position,
          expected: '1 member',
          found: String(written),
        });
    };
  }

  #branch(index: number, write: DatumWriter): DatumWriter {
    return (out) => {
      appendCount(out, index);
      write(out);
    };
  }

  /** A block of items, and the end of blocks; none where the repeated part is not there. */
  #items(repeated: SchemaNode, item: DatumWriter): DatumWriter {
    const first = this.#first(repeated);
    const skip = this.#skip(repeated);
    return (out) => {
      if (first.definition < repeated.definition) skip();
      else {
        const count = first.items(repeated.repeat);
        appendCount(out, count);
        for (let index = 0; index < count; index += 1) item(out);
      }
      appendCount(out, 0);
    };
  }

  #required(write: DatumWriter, node: SchemaNode): DatumWriter {
    const first = this.#first(node);
    return (out) => {
      if (first.definition >= node.definition) return write(out);
      throw new FormatError('corrupt', `${node.name} is null, and its Avro schema has no null for it`, {
        position: first.position,
      });
    };
  }

  #first(node: SchemaNode): ColumnCursor {
    const [leaf] = leavesOf(node);
    const cursor = this.#cursors[leaf?.leaf?.column ?? -1];
    if (cursor === undefined) throw notOf(node, 'a group with columns');
    return cursor;
  }

  /** One null stands in each column for all that is not there. */
  #skip(node: SchemaNode): () => void {
    const cursors = leavesOf(node).map(({ leaf }) => this.#cursors[leaf!.column]!);
    return () => {
      for (const cursor of cursors) cursor.skip();
    };
  }
}

function all(writers: readonly DatumWriter[]): DatumWriter {
  return (out) => {
    for (const write of writers) write(out);
  };
}
