import { runCases } from './case.ts';
import { secondSystem } from './second/cases.ts';

runCases(secondSystem);
