// The workflows bundle as a worker bundles them, and hold no code but their own and Temporal's: activities,
// connections and formats are known by type only.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import ts from 'typescript';
import { expect, test } from 'vitest';

const WORKFLOWS = fileURLToPath(new URL('../../workflows', import.meta.url));

/** What a source file imports or exports from elsewhere as values. */
function valueImports(path: string, text: string): string[] {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly !== true;
    const isExport = ts.isExportDeclaration(statement) && !statement.isTypeOnly;
    const from = isImport || isExport ? statement.moduleSpecifier : undefined;
    return from !== undefined && ts.isStringLiteral(from) ? [from.text] : [];
  });
}

test('a workflow imports Temporal, its neighbours, and types', async () => {
  const imported = new Set<string>();
  for (const name of await readdir(WORKFLOWS, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    for (const from of valueImports(name, await readFile(`${WORKFLOWS}/${name}`, 'utf8')))
      imported.add(from.startsWith('.') ? relative(WORKFLOWS, resolve(WORKFLOWS, dirname(name), from)) : from);
  }
  expect(imported).toContain('@temporalio/workflow');
  expect(
    [...imported].filter((from) => from !== '@temporalio/workflow' && !/^[a-z][a-z0-9/-]+\.ts$/.test(from)),
  ).toEqual([]);
});

test('the workflows bundle, without a byte of what does I/O', async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: `${WORKFLOWS}/index.ts`,
    logger: new DefaultLogger('ERROR'),
  });
  const modules = [...code.matchAll(/^\s*!\*\*\* (\.\/.*?) \*\*\*!$/gm)].map(([, path]) => path ?? '');
  const foreign = modules.filter((path) => !/node_modules\/(@temporalio|long|ms|nexus-rpc)\//.test(path));
  expect(modules.length).toBeGreaterThan(5);
  expect(
    foreign.filter((path) => /activities|connections|formats|layouts|workers|kafkajs|undici|zod/.test(path)),
  ).toEqual([]);
  expect(code).toContain('replay');
}, 120_000);
