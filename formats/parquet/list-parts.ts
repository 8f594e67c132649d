import { FormatError } from '../format-error.ts';
import type { SchemaNode } from './schema-tree.ts';

/** The repeated part of a list, and what an item of it is. */
export interface ListParts {
  repeated: SchemaNode;
  item: SchemaNode;
  /** Whether the item is the repeated part itself: it can't be null then. */
  isItself: boolean;
}

/**
 * parquet-avro writes lists in two ways: `repeated T array` (its default), or `repeated group list { T element }`. The
 * format's rules for older files tell them apart.
 */
export function listParts(node: SchemaNode): ListParts {
  const repeated = onlyRepeated(node);
  const [first] = repeated.children;
  const isItself =
    first === undefined ||
    repeated.children.length > 1 ||
    repeated.name === 'array' ||
    repeated.name === `${node.name}_tuple`;
  return { repeated, item: isItself ? repeated : first, isItself };
}

/** `repeated group key_value { required binary key; V value }`. */
export function mapParts(node: SchemaNode): { repeated: SchemaNode; key: SchemaNode; value: SchemaNode } {
  const repeated = onlyRepeated(node);
  const [key, value] = repeated.children;
  if (key === undefined || value === undefined || key.repetition !== 'required') throw notOf(node, 'a map');
  return { repeated, key, value };
}

function onlyRepeated(node: SchemaNode): SchemaNode {
  const [repeated] = node.children;
  if (repeated?.repetition !== 'repeated' || node.children.length !== 1) throw notOf(node, 'a list or a map');
  return repeated;
}

/** The columns are not those that the Avro schema in the file stands for. */
export function notOf(node: SchemaNode | undefined, expected: string): FormatError {
  const found = node === undefined ? 'nothing' : (node.leaf?.type ?? `a group of ${node.children.length}`);
  return new FormatError('schema', `the columns of the Parquet file are not those of its Avro schema`, {
    expected,
    found: node === undefined ? found : `${found} (${node.name})`,
  });
}
