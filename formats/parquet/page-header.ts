import { FormatError } from '../format-error.ts';
import { ThriftFields } from './thrift-fields.ts';
import { ThriftReader } from './thrift.ts';

/** The head of a page. */
export interface PageHeader {
  kind: 'data' | 'data-2' | 'dictionary' | 'index';
  /** Bytes that follow, and those that come of them. */
  compressed: number;
  plain: number;
  /** CRC-32 of the bytes that follow; undefined where the writer left it out. */
  crc: number | undefined;
  /** Values, nulls too. */
  values: number;
  encoding: number;
  /** Whether its levels are in a way that is read; where a column has none, writers name any. */
  levelsAreRead: { repetition: boolean; definition: boolean };
  /** Of data pages of version 2, which hold their levels before the compressed values. */
  levels: { repetition: number; definition: number; isCompressed: boolean } | undefined;
}

const KINDS = ['data', 'index', 'dictionary', 'data-2'] as const;
/** Place in `PageHeader` of what each kind has of its own. */
const OWN = { data: 5, dictionary: 7, 'data-2': 8 };
/** The other way is BIT_PACKED, of files older than Kafka Connect. */
const RLE = 3;
const ALL_READ = { repetition: true, definition: true };

/** @throws ThriftEnd where the bytes end before it does */
export function readPageHeader(bytes: Uint8Array): { header: PageHeader; length: number } {
  const reader = new ThriftReader(bytes);
  const head = new ThriftFields(reader.struct(), 'PageHeader');
  const kind = KINDS[head.count(1)];
  if (kind === undefined)
    throw new FormatError('unsupported', 'a page is of a kind that this reader does not know', {
      expected: KINDS.join(', '),
      found: String(head.count(1)),
    });
  const common = {
    kind,
    plain: head.count(2),
    compressed: head.count(3),
    crc: head.has(4) ? head.int(4) >>> 0 : undefined,
  };
  if (kind === 'index')
    return {
      header: { ...common, values: 0, encoding: 0, levelsAreRead: ALL_READ, levels: undefined },
      length: reader.position,
    };
  const own = head.fields(OWN[kind], `${kind} page header`);
  const levelsAreRead =
    kind === 'data' ? { definition: own.count(3) === RLE, repetition: own.count(4) === RLE } : ALL_READ;
  const encoding = own.count(kind === 'data-2' ? 4 : 2);
  const header = { ...common, values: own.count(1), encoding, levelsAreRead, levels: undefined };
  if (kind !== 'data-2') return { header, length: reader.position };
  const levels = { definition: own.count(5), repetition: own.count(6), isCompressed: own.flag(7, true) };
  return { header: { ...header, levels }, length: reader.position };
}
