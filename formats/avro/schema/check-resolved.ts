import { FormatError } from '../../format-error.ts';
import type { ResolverAction, ErrorAction, RecordAction, WriterUnionAction } from './resolver-action.ts';
import { branchName } from './schema.ts';

/**
 * Finds out at once what Java finds when it reads: throws for a part that doesn't resolve and that every datum has,
 * and turns the branches of the writer's unions that don't resolve into errors of the data that have them.
 * Items of arrays and maps count as parts that all data have, though they may be empty; inside of a union they are
 * left to the first item.
 */
export function checkResolved(root: ResolverAction): ResolverAction {
  const error = new Checker(true).find(root, '');
  if (error !== undefined)
    throw new FormatError('schema', `${place(error.path)} does not resolve to the output schema`, {
      expected: error.expected,
      found: error.found,
    });
  return root;
}

/** A path of field names for a message. */
export function place(path: string): string {
  return path === '' ? 'the datum' : `field ${path}`;
}

class Checker {
  /** Records that are being looked at, or have been found to be good. */
  readonly #seen = new Map<RecordAction, ErrorAction | undefined>();
  readonly #countItems: boolean;
  readonly #inUnions: Checker;

  constructor(countItems: boolean) {
    this.#countItems = countItems;
    this.#inUnions = countItems ? new Checker(false) : this;
  }

  find(action: ResolverAction, path: string): ErrorAction | undefined {
    switch (action.kind) {
      case 'error':
        return { ...action, path };
      case 'array':
        return this.#item(action.items, `${path}[]`);
      case 'map':
        return this.#item(action.values, `${path}{}`);
      case 'reader-union':
        return this.find(action.action, path);
      case 'writer-union':
        return this.#findInUnion(action, path);
      case 'record':
        if (this.#seen.has(action)) return this.#seen.get(action);
        this.#seen.set(action, undefined);
        this.#seen.set(action, this.#findInRecord(action, path));
        return this.#seen.get(action);
      default:
        return undefined;
    }
  }

  #item(action: ResolverAction, path: string): ErrorAction | undefined {
    const error = this.find(action, path);
    return this.#countItems ? error : undefined;
  }

  #findInRecord(action: RecordAction, path: string): ErrorAction | undefined {
    const inside = path === '' ? '' : `${path}.`;
    if (action.missing !== undefined)
      return {
        kind: 'error',
        writer: action.writer,
        reader: action.reader,
        path: `${inside}${action.missing}`,
        expected: `a field ${action.missing} in record ${action.writer.name}, or a default for it in the output schema`,
        found: `the fields ${action.writer.fields.map((field) => field.name).join(', ') || 'none'}`,
      };
    for (const [index, field] of action.actions.entries()) {
      const error = field && this.find(field, `${inside}${action.writer.fields[index]!.name}`);
      if (error !== undefined) return error;
    }
    return undefined;
  }

  #findInUnion(action: WriterUnionAction, path: string): ErrorAction | undefined {
    const errors: ErrorAction[] = [];
    for (const [index, branch] of action.branches.entries()) {
      const error = this.#inUnions.find(branch, path);
      if (error === undefined) continue;
      errors.push(error);
      action.branches[index] = error;
    }
    const first = errors[0];
    if (first === undefined || errors.length < action.branches.length) return undefined;
    return { ...first, found: `a union of ${action.writer.branches.map(branchName).join(', ')}` };
  }
}
