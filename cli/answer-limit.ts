/**
 * How long a workflow may take that a command starts for its answer alone. Workers of a release that doesn't know its type
 * would be given it without end, and it would run when they are upgraded, with nobody there to read the answer. The largest
 * plans take minutes, so an hour leaves time for a busy worker, and for one that is started only now.
 */
export const ANSWER_LIMIT = '1 hour';
