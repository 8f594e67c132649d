export { pauseSignal, progressQuery, rateSignal, resumeSignal } from './messages.ts';
export { cleanStaging } from './clean-staging.ts';
export { replay } from './replay.ts';
export type { ReplayPlan } from '../activities/plan/replay-plan.ts';
export type { ReplayProgress, ReplayStatus } from './progress.ts';
export type { ReplayResult } from './replay-result.ts';
