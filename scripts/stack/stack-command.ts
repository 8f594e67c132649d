import { isInstalled } from './project-root.ts';

/** How a person runs the stack's script from here: in a clone, or where the package is installed. */
export const STACK_COMMAND = isInstalled ? 'npx rewind stack' : 'npm run stack --';
