import { runCases } from './case.ts';
import { nativeCases } from './native/cases.ts';

runCases(nativeCases);
