import { catalogue } from './catalogue.ts';
import { common as english } from './en/common.ts';

export const common = catalogue(english);
