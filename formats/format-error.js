/**
 * The only error that a reader throws for bad bytes. It knows positions, never file names: whoever opened the
 * file adds its name (see `describe`).
 */
export class FormatError extends Error {
    name = 'FormatError';
    fault;
    facts;
    constructor(fault, message, facts = {}) {
        super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
        this.fault = fault;
        this.facts = facts;
    }
    /** One line for a person: what, in which file, at which byte or record, expected against found. */
    describe(file) {
        const { position, ordinal, expected, found } = this.facts;
        const where = [
            position === undefined ? undefined : `byte ${position}`,
            ordinal === undefined ? undefined : `record ${ordinal}`,
        ].filter((part) => part !== undefined);
        const versus = expected === undefined ? '' : `: expected ${expected}, found ${found ?? 'something else'}`;
        return `${file}${where.length > 0 ? ` at ${where.join(', ')}` : ''}: ${this.message}${versus}`;
    }
}
