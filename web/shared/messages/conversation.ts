import { catalogue } from './catalogue.ts';
import { conversation } from './en/conversation.ts';

export const talk = catalogue(conversation);
