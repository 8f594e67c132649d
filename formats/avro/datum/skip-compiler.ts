import type { AvroSchema, RecordSchema } from '../schema/schema.ts';
import type { Cursor } from './cursor.ts';
import { minimumWidth } from './limits.ts';

/** Moves the cursor over one value, and checks it as far as that takes. */
export type Skip = (from: Cursor) => void;

/** Compiles skips; a record type has one, however often it is used. */
export class SkipCompiler {
  readonly #records = new Map<RecordSchema, Skip>();

  /** `where` names the value in errors. */
  compile(schema: AvroSchema, where: string): Skip {
    switch (schema.type) {
      case 'null':
        return () => {};
      case 'boolean':
        return (from) => {
          from.boolean(where);
        };
      case 'int':
        return (from) => {
          from.int(where);
        };
      case 'long':
        return (from) => from.varint(where);
      case 'float':
        return fixed(4, where);
      case 'double':
        return fixed(8, where);
      case 'fixed':
        return fixed(schema.size, where);
      case 'bytes':
      case 'string':
        return (from) => {
          const length = from.length(where);
          from.position += length;
        };
      case 'enum': {
        const size = schema.symbols.length;
        return (from) => {
          from.index(size, where, 'symbol');
        };
      }
      case 'array':
        return blocks(this.compile(schema.items, `${where}[]`), minimumWidth(schema.items), where);
      case 'map':
        return blocks(this.#entry(schema.values, where), 1 + minimumWidth(schema.values), where);
      case 'union': {
        const branches = schema.branches.map((branch) => this.compile(branch, where));
        return (from) => branches[from.index(branches.length, where, 'branch')]!(from);
      }
      case 'record':
        return this.#record(schema);
    }
  }

  #entry(values: AvroSchema, where: string): Skip {
    const key = this.compile({ type: 'string' }, `a key of ${where}`);
    const value = this.compile(values, `${where}{}`);
    return (from) => {
      key(from);
      value(from);
    };
  }

  #record(schema: RecordSchema): Skip {
    const known = this.#records.get(schema);
    if (known !== undefined) return known;
    const fields: Skip[] = [];
    const skip: Skip = (from) => {
      from.enter(schema.name);
      for (const field of fields) field(from);
      from.leave();
    };
    this.#records.set(schema, skip);
    for (const field of schema.fields) fields.push(this.compile(field.schema, fieldPlace(schema, field.name)));
    return skip;
  }
}

/** How errors name a field: by its record's type, since the type may be used in many places. */
export function fieldPlace(record: RecordSchema, field: string): string {
  return `field ${record.name}.${field}`;
}

function fixed(size: number, where: string): Skip {
  return (from) => {
    from.take(size, where);
  };
}

function blocks(item: Skip, width: number, where: string): Skip {
  return (from) => {
    for (let count = from.blockCount(width, where); count > 0; count = from.blockCount(width, where))
      if (from.blockEnd >= 0) from.position = from.blockEnd;
      else if (width > 0) for (let i = 0; i < count; i++) item(from);
  };
}
