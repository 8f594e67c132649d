import { upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';

/**
 * Tells who looks at the workflow from outside what the job does: its memo, and those of the search attributes that
 * the server has. What is undefined is left out.
 *
 * @param attributes by name, all of type Keyword
 */
export function describeJob(
  { id, searchAttributes }: { id: string; searchAttributes: readonly string[] },
  memo: Record<string, string | undefined>,
  attributes: Record<string, string | undefined>,
): void {
  const given = Object.entries(memo).filter(([, value]) => value !== undefined);
  upsertMemo({ job: id, ...Object.fromEntries(given) });
  const values = searchAttributes.flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [{ key: { name, type: 'KEYWORD' as const }, value }];
  });
  if (values.length > 0) upsertSearchAttributes(values);
}
