import type {
  ArraySchema,
  AvroSchema,
  EnumSchema,
  FixedSchema,
  MapSchema,
  PrimitiveSchema,
  RecordSchema,
  UnionSchema,
} from './schema.ts';

/**
 * What must happen to a value of the writer's schema so that it becomes one of the reader's: the tree that Java calls
 * Resolver.Action. A recursive type makes it a cycle, always by way of a RecordAction.
 */
export type ResolverAction =
  | SameAction
  | PromoteAction
  | EnumAction
  | ArrayAction
  | MapAction
  | RecordAction
  | WriterUnionAction
  | ReaderUnionAction
  | ErrorAction;

/** The bytes mean the same to both. */
export interface SameAction {
  readonly kind: 'same';
  readonly writer: PrimitiveSchema | FixedSchema;
  readonly reader: PrimitiveSchema | FixedSchema;
}

/** int to long, float, double; long to float, double; float to double; string to bytes and back. */
export interface PromoteAction {
  readonly kind: 'promote';
  readonly writer: PrimitiveSchema;
  readonly reader: PrimitiveSchema;
}

export interface EnumAction {
  readonly kind: 'enum';
  readonly writer: EnumSchema;
  readonly reader: EnumSchema;
  /** For each symbol of the writer its index for the reader (or that of the reader's default); -1: none. */
  readonly indices: readonly number[];
}

export interface ArrayAction {
  readonly kind: 'array';
  readonly writer: ArraySchema;
  readonly reader: ArraySchema;
  readonly items: ResolverAction;
}

export interface MapAction {
  readonly kind: 'map';
  readonly writer: MapSchema;
  readonly reader: MapSchema;
  readonly values: ResolverAction;
}

export interface RecordAction {
  readonly kind: 'record';
  readonly writer: RecordSchema;
  readonly reader: RecordSchema;
  /** For each field of the writer what to do with it; undefined: skip it. Filled in while resolving. */
  readonly actions: Array<ResolverAction | undefined>;
  /** For each field of the reader its place in the writer; -1: take the default. */
  readonly sources: number[];
  /** A field of the reader that the writer lacks and that has no default: the records don't resolve. */
  missing: string | undefined;
}

export interface WriterUnionAction {
  readonly kind: 'writer-union';
  readonly writer: UnionSchema;
  readonly reader: AvroSchema;
  /** For each branch of the writer. Branches that don't resolve are errors only when a value has them. */
  readonly branches: ResolverAction[];
}

export interface ReaderUnionAction {
  readonly kind: 'reader-union';
  readonly writer: AvroSchema;
  readonly reader: UnionSchema;
  /** Branch of the reader. */
  readonly index: number;
  readonly action: ResolverAction;
}

export interface ErrorAction {
  readonly kind: 'error';
  readonly writer: AvroSchema;
  readonly reader: AvroSchema;
  /** Where in the schemas, as a path of field names. Empty until the tree has been checked. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}
