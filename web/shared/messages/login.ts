import { catalogue } from './catalogue.ts';
import { login } from './en/login.ts';

export const loginText = catalogue(login);
