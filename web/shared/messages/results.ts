import { catalogue } from './catalogue.ts';
import { results } from './en/results.ts';

export const resultText = catalogue(results);
