import { alternativesWithoutKeys } from './alternatives.ts';

/** Run by `npm run lint`. */
const faults = alternativesWithoutKeys('.');
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
