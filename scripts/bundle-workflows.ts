import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { BUNDLE_PATH, WORKFLOWS_PATH } from '../workers/workflow-code.ts';
import { bundleThreads } from './bundle-threads.ts';

/** Bundles the compiled workflows and threads once, so that no worker has to at its start, or load them one by one. */
const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: new DefaultLogger('WARN') });
await writeFile(BUNDLE_PATH, code);
await bundleThreads();
