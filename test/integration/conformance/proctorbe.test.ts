import { runCases } from './case.ts';
import { proctorbeCases } from './proctorbe/cases.ts';

runCases(proctorbeCases);
