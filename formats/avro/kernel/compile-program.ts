import type { JsonSteps } from '../datum/json-steps.ts';
import { minimumWidth } from '../datum/limits.ts';
import { planRecord, type PlannedStep } from '../datum/record-plan.ts';
import type {
  EnumAction,
  MapAction,
  PromoteAction,
  ReaderUnionAction,
  RecordAction,
  ResolverAction,
  SameAction,
} from '../schema/resolver-action.ts';
import type { AvroSchema, RecordSchema } from '../schema/schema.ts';
import * as op from './opcodes.ts';
import { Code, Text } from './program.ts';

/** No text has the address 0: there is no such symbol. */
const NO_TEXT = [0, 0];

/** Compiles what the steps do to instructions for the kernel; `texts` is what they write beside values. */
export function compileProgram(action: ResolverAction, texts: JsonSteps): Code {
  const code = new Code();
  new ProgramCompiler(texts).add(action, code);
  code.end();
  return code;
}

class ProgramCompiler {
  readonly #texts: JsonSteps;
  readonly #records = new Map<RecordAction, { code: Code; marks: number }>();
  readonly #skipped = new Map<RecordSchema, Code>();

  constructor(texts: JsonSteps) {
    this.#texts = texts;
  }

  add(action: ResolverAction, to: Code): void {
    switch (action.kind) {
      case 'error':
        return to.add(op.FAIL);
      case 'same':
      case 'promote':
        return this.#value(action, to);
      case 'enum':
        return this.#enum(action, to);
      case 'array':
        return to.add(op.ARRAY, minimumWidth(action.writer.items), this.#apart(action.items));
      case 'map':
        return to.add(op.MAP, 1 + minimumWidth(action.writer.values), this.#entry(action));
      case 'reader-union':
        return this.#branch(action, to);
      case 'writer-union':
        return to.add(op.UNION, action.branches.length, ...action.branches.map((branch) => this.#apart(branch)));
      case 'record': {
        const { code, marks } = this.#record(action);
        return to.add(op.RECORD, marks, code);
      }
    }
  }

  #apart(action: ResolverAction): Code {
    const code = new Code();
    this.add(action, code);
    code.end();
    return code;
  }

  #entry({ values }: MapAction): Code {
    const code = new Code();
    code.add(op.STRING);
    code.addText(Buffer.from(':'));
    this.add(values, code);
    code.end();
    return code;
  }

  #value({ writer, reader }: SameAction | PromoteAction, to: Code): void {
    switch (reader.type) {
      case 'null':
        return to.addText(Buffer.from('null'));
      case 'boolean':
        return to.add(
          op.BOOLEAN,
          ...[Buffer.from('false'), Buffer.from('true')].flatMap((text) => new Text(text).operands),
        );
      case 'int':
        return to.add(op.INT);
      case 'long':
        return to.add(writer.type === 'int' ? op.INT : op.LONG);
      case 'float':
        return to.add(writer.type === 'int' ? op.INT_AS_FLOAT : writer.type === 'long' ? op.LONG_AS_FLOAT : op.FLOAT);
      case 'double':
        return to.add(asDouble(writer.type));
      case 'string':
        return to.add(op.STRING);
      case 'bytes':
        return to.add(op.BYTES);
      case 'fixed':
        return to.add(op.FIXED, reader.size);
    }
  }

  #enum({ reader, indices }: EnumAction, to: Code): void {
    const symbols = indices.flatMap((index) =>
      index < 0 ? NO_TEXT : new Text(this.#texts.symbol(reader, index)).operands,
    );
    to.add(op.ENUM, indices.length, ...symbols);
  }

  #branch({ reader, index, action }: ReaderUnionAction, to: Code): void {
    const around = this.#texts.aroundBranch(reader.branches[index]!);
    if (around === undefined) return this.add(action, to);
    to.addText(around.before);
    this.add(action, to);
    to.addText(around.behind);
  }

  #record(action: RecordAction): { code: Code; marks: number } {
    const known = this.#records.get(action);
    if (known !== undefined) return known;
    const { steps, marks } = planRecord(action);
    const code = new Code();
    const record = { code, marks };
    this.#records.set(action, record); // before its fields, which may hold it again
    for (const step of steps) this.#field(action, step, marks, code);
    code.addText(this.#texts.recordEnd(action.reader));
    code.end();
    return record;
  }

  #field({ reader, writer, actions }: RecordAction, step: PlannedStep, marks: number, to: Code): void {
    if ('field' in step) to.addText(this.#texts.fieldPrefix(reader, step.field));
    switch (step.kind) {
      case 'default':
        return to.addText(this.#texts.default(reader, step.field));
      case 'emit':
        return this.add(actions[step.source]!, to);
      case 'mark':
        to.add(op.MARK, marks - step.mark);
        return this.#skip(writer.fields[step.source]!.schema, to);
      case 'skip':
        return this.#skip(writer.fields[step.source]!.schema, to);
      case 'emit-marked':
        return to.add(op.AT_MARK, marks - step.mark, this.#apart(actions[step.source]!));
    }
  }

  #skip(schema: AvroSchema, to: Code): void {
    switch (schema.type) {
      case 'null':
        return;
      case 'boolean':
        return to.add(op.SKIP_BOOLEAN);
      case 'int':
        return to.add(op.SKIP_INT);
      case 'long':
        return to.add(op.SKIP_LONG);
      case 'float':
        return to.add(op.SKIP_FIXED, 4);
      case 'double':
        return to.add(op.SKIP_FIXED, 8);
      case 'fixed':
        return to.add(op.SKIP_FIXED, schema.size);
      case 'bytes':
      case 'string':
        return to.add(op.SKIP_BYTES);
      case 'enum':
        return to.add(op.SKIP_ENUM, schema.symbols.length);
      case 'array':
        return to.add(op.SKIP_BLOCKS, minimumWidth(schema.items), this.#skipApart(schema.items));
      case 'map':
        return to.add(
          op.SKIP_BLOCKS,
          1 + minimumWidth(schema.values),
          this.#skipApart({ type: 'string' }, schema.values),
        );
      case 'union':
        return to.add(op.UNION, schema.branches.length, ...schema.branches.map((branch) => this.#skipApart(branch)));
      case 'record':
        return to.add(op.RECORD, 0, this.#skippedRecord(schema));
    }
  }

  #skipApart(...schemas: AvroSchema[]): Code {
    const code = new Code();
    for (const schema of schemas) this.#skip(schema, code);
    code.end();
    return code;
  }

  #skippedRecord(schema: RecordSchema): Code {
    const known = this.#skipped.get(schema);
    if (known !== undefined) return known;
    const code = new Code();
    this.#skipped.set(schema, code); // before its fields, which may hold it again
    for (const field of schema.fields) this.#skip(field.schema, code);
    code.end();
    return code;
  }
}

function asDouble(writer: AvroSchema['type']): number {
  switch (writer) {
    case 'int':
      return op.INT_AS_DOUBLE;
    case 'long':
      return op.LONG_AS_DOUBLE;
    case 'float':
      return op.FLOAT_AS_DOUBLE;
    default:
      return op.DOUBLE;
  }
}
