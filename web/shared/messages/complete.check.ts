/** Compiled, never run: a translation that is not complete, or differs in a parameter, must not compile. */

import { catalogue } from './catalogue.ts';

const english = { title: 'Exams', count: (count: number) => `${count} exams` };

catalogue(english, { de: async () => ({ title: 'Prüfungen', count: (count) => `${count} Prüfungen` }) });

// @ts-expect-error a message is missing
catalogue(english, { de: async () => ({ title: 'Prüfungen' }) });

// @ts-expect-error a message takes another parameter
catalogue(english, { de: async () => ({ title: 'Prüfungen', count: (name: string) => name }) });
