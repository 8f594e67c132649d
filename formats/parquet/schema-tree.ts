import { FormatError } from '../format-error.ts';
import type { ThriftFields } from './thrift-fields.ts';

/** Physical types, as the format numbers them. */
export const PHYSICAL = ['boolean', 'int32', 'int64', 'int96', 'float', 'double', 'byte-array', 'fixed'] as const;
export type Physical = (typeof PHYSICAL)[number];

/** A part of a Parquet schema. */
export interface SchemaNode {
  readonly name: string;
  readonly repetition: 'required' | 'optional' | 'repeated';
  /** Definition and repetition levels of a value that is there. */
  readonly definition: number;
  readonly repeat: number;
  readonly children: readonly SchemaNode[];
  /** Of a leaf: its column's place among all, its type, and its bytes where they are fixed. */
  readonly leaf: { readonly column: number; readonly type: Physical; readonly size: number } | undefined;
}

const REPETITIONS = ['required', 'optional', 'repeated'] as const;
/** Levels are read into a byte each. */
const DEEPEST = 100;

/** The tree of the flat list of elements in a footer: each says how many of those behind it are its children. */
export function schemaTree(elements: readonly ThriftFields[]): SchemaNode {
  let next = 0;
  let columns = 0;
  const read = (above: Pick<SchemaNode, 'definition' | 'repeat'>, depth: number): SchemaNode => {
    const element = elements[next];
    next += 1;
    if (element === undefined || depth > DEEPEST)
      throw new FormatError('corrupt', 'the schema of the Parquet file is damaged', {
        expected: `${element === undefined ? 'an element for each child' : `at most ${DEEPEST} levels`}`,
        found: element === undefined ? `${elements.length} elements` : 'more',
      });
    const repetition = depth === 0 ? 'required' : REPETITIONS[element.count(3)];
    if (repetition === undefined) throw new FormatError('corrupt', 'the schema of the Parquet file is damaged');
    const levels = {
      definition: above.definition + (repetition === 'required' ? 0 : 1),
      repeat: above.repeat + (repetition === 'repeated' ? 1 : 0),
    };
    const node = { name: element.text(4), repetition, ...levels };
    const count = element.countOr(5, 0);
    if (element.has(1)) {
      const type = PHYSICAL[element.count(1)];
      if (type === undefined) throw new FormatError('corrupt', `the column ${node.name} has an unknown type`);
      columns += 1;
      return { ...node, children: [], leaf: { column: columns - 1, type, size: element.countOr(2, 0) } };
    }
    const children: SchemaNode[] = [];
    for (let child = 0; child < count; child += 1) children.push(read(levels, depth + 1));
    return { ...node, children, leaf: undefined };
  };
  return read({ definition: 0, repeat: 0 }, 0);
}

/** All columns of a part, in their order. */
export function leavesOf(node: SchemaNode): SchemaNode[] {
  return node.leaf === undefined ? node.children.flatMap(leavesOf) : [node];
}
