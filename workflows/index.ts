export { progressQuery, replay } from './replay.ts';
export type { ReplayResult } from './replay-result.ts';
