import { catalogue } from './catalogue.ts';
import { separators } from './en/separators.ts';

export const separatorText = catalogue(separators);
