import { checkOwnTemporalCopies } from './temporal-copies.ts';

// Imported first: two copies can break each other while they load.
checkOwnTemporalCopies();
