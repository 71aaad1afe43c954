export { Invigil } from './invigil.ts';
export { Invigil as default } from './invigil.ts';
