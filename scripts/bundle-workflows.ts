import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { BUNDLE_PATH, WORKFLOWS_PATH } from '../workers/workflow-code.ts';
import { bundleCommand, bundleThreads } from './bundle-code.ts';

/** Bundles what is compiled of workflows, threads and the command once, so that nothing has to at its start, or load it one by one. */
const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: new DefaultLogger('WARN') });
await writeFile(BUNDLE_PATH, code);
await bundleThreads();
await bundleCommand();
