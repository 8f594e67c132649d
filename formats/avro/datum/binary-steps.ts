import type { ByteWriter } from '../../byte-writer.ts';
import type {
  ResolverAction,
  ArrayAction,
  MapAction,
  PromoteAction,
  ReaderUnionAction,
  RecordAction,
  SameAction,
} from '../schema/resolver-action.ts';
import type { AvroSchema, EnumSchema } from '../schema/schema.ts';
import { appendCount } from './append-long.ts';
import { floatingReader, putFloating } from './floating.ts';
import { minimumWidth } from './limits.ts';
import { StepCompiler } from './step-compiler.ts';
import type { Step } from './step.ts';
import { constantOf, putConstant, putVerbatim } from './step.ts';
import { isSameEncoding } from './same-encoding.ts';

const NOTHING = new Uint8Array(0);

/**
 * Compiles steps that write Avro's binary encoding of the reader's schema, arrays and maps in one block as Java's
 * BinaryEncoder writes them. What means the same to both is copied.
 */
export class BinarySteps extends StepCompiler {
  readonly #verbatim = new Map<RecordAction, boolean>();

  protected override isSameEncoding(action: ResolverAction): boolean {
    return isSameEncoding(action, this.#verbatim);
  }

  override compile(action: ResolverAction, where: string): Step {
    return this.isSameEncoding(action)
      ? copied(this.skips.compile(action.writer, where))
      : super.compile(action, where);
  }

  protected override value({ writer, reader }: SameAction | PromoteAction, where: string): Step {
    if (reader.type !== 'float' && reader.type !== 'double') return copied(this.skips.compile(writer, where));
    const { type } = reader;
    const read = floatingReader(writer.type, type);
    return (from, to) => putFloating(read(from, where), type, to);
  }

  protected override symbol(_reader: EnumSchema, index: number): Uint8Array {
    return encodedCount(index);
  }

  protected override array(action: ArrayAction, where: string): Step {
    const item = this.compile(action.items, `${where}[]`);
    return oneBlock(item, minimumWidth(action.writer.items), where);
  }

  protected override map(action: MapAction, where: string): Step {
    const key = copied(this.skips.compile({ type: 'string' }, `a key of ${where}`));
    const value = this.compile(action.values, `${where}{}`);
    const entry: Step = (from, to) => {
      key(from, to);
      value(from, to);
    };
    return oneBlock(entry, 1 + minimumWidth(action.writer.values), where);
  }

  protected override branch({ index }: ReaderUnionAction, value: Step): Step {
    const before = constantOf(encodedCount(index));
    return (from, to) => {
      putConstant(before, to);
      value(from, to);
    };
  }

  protected override fieldPrefix(): Uint8Array {
    return NOTHING;
  }

  protected override recordEnd(): Uint8Array {
    return NOTHING;
  }

  protected override constant(_schema: AvroSchema, binary: Buffer): Uint8Array {
    return binary;
  }
}

function copied(skip: (from: Parameters<Step>[0]) => void): Step {
  return (from, to) => {
    const start = from.position;
    skip(from);
    putVerbatim(from, start, to);
  };
}

function oneBlock(item: Step, width: number, where: string): Step {
  return (from, to) => {
    const start = to.length;
    let total = 0;
    let written = 0;
    for (let count = from.blockCount(width, where); count > 0; count = from.blockCount(width, where)) {
      const { blockEnd } = from;
      if (total === 0) appendCount(to, count);
      if (total === 0) written = to.length - start;
      total += count;
      for (let i = 0; i < count; i++) {
        item(from, to);
        from.checkOutput(to.length, where);
      }
      from.checkBlockEnd(blockEnd, where);
      if (total > count) written = replaceCount(total, start, written, to);
    }
    appendCount(to, 0);
  };
}

/** Puts another count before items that are there already. Gives the bytes that it takes. */
function replaceCount(count: number, start: number, written: number, to: ByteWriter): number {
  const bytes = encodedCount(count);
  const more = bytes.length - written;
  to.reserve(more);
  if (more !== 0) to.bytes.copyWithin(start + bytes.length, start + written, to.length);
  to.bytes.set(bytes, start);
  to.length += more;
  return bytes.length;
}

function encodedCount(count: number): Buffer {
  const bytes: number[] = [];
  let rest = count * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
