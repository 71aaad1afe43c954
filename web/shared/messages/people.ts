import { catalogue } from './catalogue.ts';
import { people } from './en/people.ts';

export const peopleText = catalogue(people);
