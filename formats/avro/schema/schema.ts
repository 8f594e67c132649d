import type { JsonValue } from './json-text.ts';

export type PrimitiveName = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** What a value means beyond its type. Types of values, not of structures, have one. */
export interface LogicalTyped {
  readonly logicalType?: string;
  /** Digits in all and behind the point: of the logical type `decimal`, where both are numbers. */
  readonly decimal?: { readonly precision: number; readonly scale: number };
}

export interface PrimitiveSchema extends LogicalTyped {
  readonly type: PrimitiveName;
}

/** What records, enums and fixed have in common. */
export interface NamedSchema {
  /** Full name: namespace, dot, name; or the name alone where there is no namespace. */
  readonly name: string;
  /** Full names under which a writer may know this type. */
  readonly aliases: readonly string[];
}

export interface FixedSchema extends NamedSchema, LogicalTyped {
  readonly type: 'fixed';
  /** Bytes. */
  readonly size: number;
}

export interface EnumSchema extends NamedSchema {
  readonly type: 'enum';
  readonly symbols: readonly string[];
  /** The symbol to read where the writer's is not known. */
  readonly default?: string;
}

export interface ArraySchema {
  readonly type: 'array';
  readonly items: AvroSchema;
}

export interface MapSchema {
  readonly type: 'map';
  readonly values: AvroSchema;
}

export interface UnionSchema {
  readonly type: 'union';
  readonly branches: readonly AvroSchema[];
}

export interface RecordField {
  readonly name: string;
  readonly schema: AvroSchema;
  readonly aliases: readonly string[];
  /** As in the schema's JSON; absent (not null) where the field has none. */
  readonly default?: JsonValue;
}

export interface RecordSchema extends NamedSchema {
  /** Avro's `error` is one too. */
  readonly type: 'record';
  /** In the order of the encoding. Filled in after the record is known by its name, since it may hold itself. */
  readonly fields: readonly RecordField[];
}

/** A schema with every name resolved: a type that is named twice is one object. Recursive types are cycles. */
export type AvroSchema =
  PrimitiveSchema | FixedSchema | EnumSchema | ArraySchema | MapSchema | UnionSchema | RecordSchema;

/** The name after the last dot. */
export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** How a union's branch is called: the full name of a named type, the type of any other. */
export function branchName(schema: AvroSchema): string {
  return 'name' in schema ? schema.name : schema.type;
}

/** The field of that name, and its place in the encoding. */
export function fieldIndex(record: RecordSchema, name: string): number {
  return record.fields.findIndex((field) => field.name === name);
}
