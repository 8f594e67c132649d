export { pauseSignal, rateSignal, resumeSignal } from './run/messages.ts';
export { progressQuery } from './replay/messages.ts';
export { cleanStaging } from './replay/clean-staging.ts';
export { replay } from './replay/replay.ts';
export type { ReplayPlan } from '../activities/replay/plan/replay-plan.ts';
export type { ReplayProgress, ReplayStatus } from './replay/progress.ts';
export type { ReplayResult } from './replay/replay-result.ts';
