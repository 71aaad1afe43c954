import { runCases } from './case.ts';
import { firstSystem } from './first/cases.ts';

runCases(firstSystem);
