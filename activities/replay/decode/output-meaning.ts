import { place } from '../../../formats/avro/schema/check-resolved.ts';
import { compareMeaning } from '../../../formats/avro/schema/meaning.ts';
import { resolve } from '../../../formats/avro/schema/resolve.ts';
import type { AvroSchema } from '../../../formats/avro/schema/schema.ts';
import { FormatError } from '../../../formats/format-error.ts';

/**
 * What the output schema makes of records of a writer's schema that is worth a look.
 * @throws FormatError 'schema' where numbers would keep their digits and mean something else, unless the job says so
 */
export function outputRemarks(writer: AvroSchema, output: AvroSchema, relabel: boolean): string[] {
  const { changed, remarks } = compareMeaning(resolve(writer, output));
  if (changed === undefined) return remarks;
  const { path, found, expected } = changed;
  const what = `${place(path)} would be re-labelled by the output schema`;
  if (relabel) return [`${what}, as output.relabel says: the files say ${found}, and it says ${expected}`, ...remarks];
  throw new FormatError(
    'schema',
    `${what}: its values would keep their digits and mean something else. Give the output schema the logical type of the files, leave output.schema out and convert by functions.transform, or set output.relabel to true where the files' own label is wrong`,
    { expected, found },
  );
}
