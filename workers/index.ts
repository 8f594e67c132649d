/** What a Worker of one's own needs; workflows are behind the entry point `kafka-rewind/workflows`. */
import './one-temporal.ts';
export { ConfigError } from './config-error.ts';
export { loadWorkerConfig, type WorkerConfig } from './config.ts';
export { RewindPlugin, type RewindPluginOptions } from './plugin.ts';
export type { FunctionRecord } from '../activities/replay/functions/function-record.ts';
export type { FunctionsModule } from '../activities/replay/functions/functions-module.ts';
export type { ReplayInput } from '../activities/replay/job/job-input.ts';
export type {
  FinishContext,
  FinishFunction,
  Range,
  RangeContext,
  RangeFunction,
  RangeRecord,
  RangeSummary,
} from '../activities/ranges/run/range-function.ts';
export type { RangesInput } from '../activities/ranges/job/ranges-input.ts';
