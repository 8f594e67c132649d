import { FormatError } from '../format-error.ts';
import { deltaLengths, deltaNumbers, deltaStrings } from './delta-values.ts';
import type { Physical, SchemaNode } from './schema-tree.ts';
import { splitValues } from './split-values.ts';
import { dictionaryValues, hybridBooleans, plainValues, type ValueSlices } from './value-slices.ts';

type Leaf = NonNullable<SchemaNode['leaf']>;

interface Encoding {
  name: string;
  /** Physical types that the format has it for. */
  types: readonly Physical[];
  read: (bytes: Uint8Array, leaf: Leaf, count: number, dictionary: ValueSlices | undefined) => ValueSlices;
}

const ANY: readonly Physical[] = ['boolean', 'int32', 'int64', 'int96', 'float', 'double', 'byte-array', 'fixed'];
const dictionary: Encoding['read'] = (bytes, _leaf, count, values) => dictionaryValues(bytes, values, count);

/** By the format's numbers. Version 1 writes the first two, RLE_DICTIONARY and RLE; parquet-mr's version 2 most of the others. */
const ENCODINGS = new Map<number, Encoding>([
  [0, { name: 'PLAIN', types: ANY, read: plainValues }],
  [2, { name: 'PLAIN_DICTIONARY', types: ANY, read: dictionary }],
  [3, { name: 'RLE', types: ['boolean'], read: (bytes, _leaf, count) => hybridBooleans(bytes, count) }],
  [5, { name: 'DELTA_BINARY_PACKED', types: ['int32', 'int64'], read: deltaNumbers }],
  [
    6,
    {
      name: 'DELTA_LENGTH_BYTE_ARRAY',
      types: ['byte-array'],
      read: (bytes, _leaf, count) => deltaLengths(bytes, count),
    },
  ],
  [7, { name: 'DELTA_BYTE_ARRAY', types: ['byte-array', 'fixed'], read: deltaStrings }],
  [8, { name: 'RLE_DICTIONARY', types: ANY, read: dictionary }],
  [9, { name: 'BYTE_STREAM_SPLIT', types: ['int32', 'int64', 'float', 'double', 'fixed'], read: splitValues }],
]);

/**
 * The values of a page that are there.
 *
 * @throws FormatError 'unsupported' for an encoding that is not read, or not for such a column
 */
export function pageValues(
  { name, leaf }: SchemaNode,
  encoding: number,
  bytes: Uint8Array,
  count: number,
  dictionary: ValueSlices | undefined,
): ValueSlices {
  const known = ENCODINGS.get(encoding);
  if (known !== undefined && known.types.includes(leaf!.type)) return known.read(bytes, leaf!, count, dictionary);
  throw new FormatError('unsupported', `the values of ${name} are encoded in a way that is not read`, {
    expected: [...ENCODINGS.values()]
      .filter(({ types }) => types.includes(leaf!.type))
      .map((each) => each.name)
      .join(', '),
    found: known?.name ?? `encoding ${encoding}`,
  });
}
