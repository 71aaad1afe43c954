import { catalogue } from '../shared/messages/catalogue.ts';
import { exam } from '../shared/messages/en/exam.ts';

export const t = catalogue(exam);
