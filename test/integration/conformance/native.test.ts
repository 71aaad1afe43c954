import { runCases } from './case.ts';
import { beginCoveredSession } from './native/audit.ts';
import { nativeCases } from './native/cases.ts';

runCases(nativeCases, beginCoveredSession);
