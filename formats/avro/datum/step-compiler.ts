import type {
  ResolverAction,
  ArrayAction,
  EnumAction,
  ErrorAction,
  MapAction,
  PromoteAction,
  ReaderUnionAction,
  RecordAction,
  SameAction,
} from '../schema/resolver-action.ts';
import { encodeDefault } from '../schema/default-value.ts';
import type { AvroSchema, EnumSchema, RecordSchema } from '../schema/schema.ts';
import { branchName } from '../schema/schema.ts';
import type { PlannedStep } from './record-plan.ts';
import { planRecord } from './record-plan.ts';
import type { Skip } from './skip-compiler.ts';
import { fieldPlace, SkipCompiler } from './skip-compiler.ts';
import { StepList } from './step-list.ts';
import type { Step } from './step.ts';
import { constantOf, putConstant } from './step.ts';

/**
 * Turns actions into closures that go from the writer's bytes to the output without a value in between. What an
 * encoding does its own way is abstract here. A pair of record types has one closure, however often it occurs.
 */
export abstract class StepCompiler {
  readonly skips = new SkipCompiler();
  readonly #records = new Map<RecordAction, Step>();

  compile(action: ResolverAction, where: string): Step {
    switch (action.kind) {
      case 'error':
        return failing(action, where);
      case 'same':
      case 'promote':
        return this.value(action, where);
      case 'enum':
        return this.#enum(action, where);
      case 'array':
        return this.array(action, where);
      case 'map':
        return this.map(action, where);
      case 'reader-union':
        return this.branch(action, this.compile(action.action, where));
      case 'writer-union': {
        const branches = action.branches.map((branch) => this.compile(branch, where));
        const size = branches.length;
        return (from, to) => branches[from.index(size, where, 'branch')]!(from, to);
      }
      case 'record':
        return this.#record(action);
    }
  }

  protected abstract value(action: SameAction | PromoteAction, where: string): Step;
  /** A symbol of the reader's enum. */
  protected abstract symbol(reader: EnumSchema, index: number): Uint8Array;
  protected abstract array(action: ArrayAction, where: string): Step;
  protected abstract map(action: MapAction, where: string): Step;
  /** A value that becomes a branch of the reader's union. */
  protected abstract branch(action: ReaderUnionAction, value: Step): Step;
  /** What comes before the value of a field. */
  protected abstract fieldPrefix(record: RecordSchema, field: number): Uint8Array;
  protected abstract recordEnd(record: RecordSchema): Uint8Array;
  /** A default, from Avro's binary encoding. */
  protected abstract constant(schema: AvroSchema, binary: Buffer, where: string): Uint8Array;
  /** Whether the writer's bytes are the output. */
  protected abstract isSameEncoding(action: ResolverAction): boolean;

  #enum({ writer, reader, indices }: EnumAction, where: string): Step {
    const symbols = indices.map((index) => (index < 0 ? undefined : constantOf(this.symbol(reader, index))));
    return (from, to) => {
      const index = from.index(symbols.length, where, 'symbol');
      const symbol = symbols[index];
      if (symbol === undefined) {
        const message = 'holds a symbol that the output schema lacks and has no default for';
        throw from.fault('schema', where, message, `one of ${reader.symbols.join(', ')}`, writer.symbols[index]!);
      }
      putConstant(symbol, to);
    };
  }

  #record(action: RecordAction): Step {
    const known = this.#records.get(action);
    if (known !== undefined) return known;
    const { name } = action.writer;
    const plan = planRecord(action);
    const { marks } = plan;
    const steps: Step[] = [];
    const step: Step = (from, to) => {
      from.enter(name);
      from.marked += marks;
      for (let i = 0; i < steps.length; i++) steps[i]!(from, to);
      from.marked -= marks;
      from.checkOutput(to.length, name);
      from.leave();
    };
    this.#records.set(action, step); // before its fields, which may hold it again
    this.#fields(action, plan.steps, marks, steps);
    return step;
  }

  #fields(action: RecordAction, plan: readonly PlannedStep[], marks: number, into: Step[]): void {
    const { reader, writer } = action;
    const list = new StepList(into);
    for (const next of plan) {
      if ('field' in next) list.addConstant(this.fieldPrefix(reader, next.field));
      if (next.kind === 'default') {
        list.addConstant(this.default(reader, next.field));
        continue;
      }
      const { name, schema } = writer.fields[next.source]!;
      const where = fieldPlace(writer, name);
      const field = action.actions[next.source];
      if (next.kind === 'emit' && field !== undefined && this.isSameEncoding(field))
        list.addVerbatim(this.skips.compile(schema, where));
      else if (next.kind === 'emit') list.add(this.compile(field!, where));
      else if (next.kind === 'skip') list.add(this.skips.compile(schema, where));
      else if (next.kind === 'mark') list.add(marking(this.skips.compile(schema, where), marks - next.mark));
      else list.add(marked(this.compile(field!, where), marks - next.mark));
    }
    list.addConstant(this.recordEnd(reader));
    list.finish();
  }

  /** What a field of the reader's that the writer lacks becomes. */
  default(record: RecordSchema, field: number): Uint8Array {
    const { name, schema, default: value } = record.fields[field]!;
    if (value === undefined) throw new Error(`field ${record.name}.${name} has no default`);
    const where = fieldPlace(record, name);
    return this.constant(schema, encodeDefault(schema, value, where), where);
  }
}

function marking(skip: Skip, back: number): Step {
  return (from) => {
    from.marks[from.marked - back] = from.position;
    skip(from);
  };
}

function marked(step: Step, back: number): Step {
  return (from, to) => {
    const behind = from.position;
    from.position = from.marks[from.marked - back]!;
    step(from, to);
    from.position = behind;
  };
}

/** A branch of the writer's union that the reader has no place for: an error of the records that have it. */
function failing(action: ErrorAction, where: string): Step {
  const message = `holds ${branchName(action.writer)}, which does not resolve to the output schema`;
  return (from) => {
    throw from.fault('schema', where, message, action.expected, action.found);
  };
}
