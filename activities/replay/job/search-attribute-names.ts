/** Search attributes by which replays are found, all of type Keyword: `rewind register` registers them. */
export const SEARCH_ATTRIBUTES = ['RewindTopic', 'RewindReplayTopic', 'RewindGroup'] as const;
