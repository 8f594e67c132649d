/** Search attributes by which jobs are found, and by which lists tell how far they are, all of type Keyword: `rewind register` registers them. */
export const SEARCH_ATTRIBUTES = ['RewindTopic', 'RewindReplayTopic', 'RewindGroup', 'RewindProgress'] as const;
