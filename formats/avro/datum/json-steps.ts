import type {
  ResolverAction,
  ArrayAction,
  MapAction,
  PromoteAction,
  ReaderUnionAction,
  SameAction,
} from '../schema/resolver-action.ts';
import { resolve } from '../schema/resolve.ts';
import type { AvroSchema, EnumSchema, RecordSchema } from '../schema/schema.ts';
import { branchName } from '../schema/schema.ts';
import { ByteWriter } from '../../byte-writer.ts';
import { Cursor } from './cursor.ts';
import { floatingReader } from './floating.ts';
import { putJsonLatin1, putJsonString } from './json-bytes.ts';
import { putDouble, putFloat, putInt, putLong } from './json-numbers.ts';
import { minimumWidth } from './limits.ts';
import { StepCompiler } from './step-compiler.ts';
import type { Step } from './step.ts';
import { constantOf, putConstant } from './step.ts';

const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const NULL = constantOf(Buffer.from('null'));
const TRUE = constantOf(Buffer.from('true'));
const FALSE = constantOf(Buffer.from('false'));

/** Compiles steps that write JSON. */
export class JsonSteps extends StepCompiler {
  readonly #wrapUnions: boolean;

  /** @param wrapUnions write a union's value as Avro's JSON encoding does, in an object that names the branch */
  constructor(wrapUnions: boolean) {
    super();
    this.#wrapUnions = wrapUnions;
  }

  protected override value({ writer, reader }: SameAction | PromoteAction, where: string): Step {
    switch (reader.type) {
      case 'null':
        return (_from, to) => putConstant(NULL, to);
      case 'boolean':
        return (from, to) => putConstant(from.boolean(where) === 0 ? FALSE : TRUE, to);
      case 'int':
        return (from, to) => putInt(from.int(where), to);
      case 'long':
        if (writer.type === 'int') return (from, to) => putInt(from.int(where), to);
        return (from, to) => {
          from.varint(where);
          putLong(from, to);
        };
      case 'float': {
        const read = floatingReader(writer.type, 'float');
        return (from, to) => putFloat(read(from, where), to);
      }
      case 'double': {
        const read = floatingReader(writer.type, 'double');
        return (from, to) => putDouble(read(from, where), to);
      }
      case 'string':
        return (from, to) => putJsonString(from, from.length(where), to, where);
      case 'bytes':
        return (from, to) => putJsonLatin1(from, from.length(where), to);
      case 'fixed': {
        const { size } = reader;
        return (from, to) => {
          from.position = from.take(size, where);
          putJsonLatin1(from, size, to);
        };
      }
    }
  }

  override symbol(reader: EnumSchema, index: number): Uint8Array {
    return quoted(reader.symbols[index]!);
  }

  protected override array(action: ArrayAction, where: string): Step {
    const item = this.compile(action.items, `${where}[]`);
    return blocks(item, minimumWidth(action.writer.items), OPEN_ARRAY, CLOSE_ARRAY, where);
  }

  protected override map(action: MapAction, where: string): Step {
    const value = this.compile(action.values, `${where}{}`);
    const key = `a key of ${where}`;
    const entry: Step = (from, to) => {
      putJsonString(from, from.length(key), to, key);
      putByte(COLON, to);
      value(from, to);
    };
    return blocks(entry, 1 + minimumWidth(action.writer.values), OPEN_OBJECT, CLOSE_OBJECT, where);
  }

  protected override branch({ reader, index }: ReaderUnionAction, value: Step): Step {
    const around = this.aroundBranch(reader.branches[index]!);
    if (around === undefined) return value;
    const [before, behind] = [constantOf(around.before), constantOf(around.behind)];
    return (from, to) => {
      putConstant(before, to);
      value(from, to);
      putConstant(behind, to);
    };
  }

  /** What stands around the value of a union's branch; undefined: nothing. */
  aroundBranch(branch: AvroSchema): { before: Uint8Array; behind: Uint8Array } | undefined {
    if (branch.type === 'null' || !this.#wrapUnions) return undefined;
    const before = Buffer.concat([Buffer.of(OPEN_OBJECT), quoted(branchName(branch)), Buffer.of(COLON)]);
    return { before, behind: Buffer.of(CLOSE_OBJECT) };
  }

  override fieldPrefix(record: RecordSchema, field: number): Uint8Array {
    const before = Buffer.of(field === 0 ? OPEN_OBJECT : COMMA);
    return Buffer.concat([before, quoted(record.fields[field]!.name), Buffer.of(COLON)]);
  }

  override recordEnd(record: RecordSchema): Uint8Array {
    return record.fields.length === 0 ? Buffer.of(OPEN_OBJECT, CLOSE_OBJECT) : Buffer.of(CLOSE_OBJECT);
  }

  protected override constant(schema: AvroSchema, binary: Buffer, where: string): Uint8Array {
    const step = new JsonSteps(this.#wrapUnions).compile(resolve(schema, schema), where);
    const from = new Cursor();
    const to = new ByteWriter(256);
    from.start(binary, 0, binary.length);
    step(from, to);
    return Buffer.from(to.view());
  }

  protected override isSameEncoding(_action: ResolverAction): boolean {
    return false;
  }
}

function blocks(item: Step, width: number, open: number, close: number, where: string): Step {
  return (from, to) => {
    putByte(open, to);
    let first = true;
    for (let count = from.blockCount(width, where); count > 0; count = from.blockCount(width, where)) {
      const { blockEnd } = from;
      for (let i = 0; i < count; i++) {
        if (!first) putByte(COMMA, to);
        first = false;
        item(from, to);
        from.checkOutput(to.length, where);
      }
      from.checkBlockEnd(blockEnd, where);
    }
    putByte(close, to);
  };
}

function putByte(byte: number, to: ByteWriter): void {
  to.reserve(1);
  to.bytes[to.length++] = byte;
}

/** A name or symbol as a JSON string. */
function quoted(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const from = new Cursor();
  const to = new ByteWriter(bytes.length + 16);
  from.start(bytes, 0, bytes.length);
  putJsonString(from, bytes.length, to, 'a name');
  return Buffer.from(to.view());
}
