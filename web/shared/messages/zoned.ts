import { catalogue } from './catalogue.ts';
import { zoned as english } from './en/zoned.ts';

export const zoned = catalogue(english);
