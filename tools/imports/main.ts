import { faultsIn } from './check.ts';

/** Run by `npm run lint`. */
const faults = faultsIn('.');
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
