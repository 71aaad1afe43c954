import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { page } from './lists.ts';
import { text } from './text.ts';

/** The organisation of every installation: exams and people are its own unless a request names another. */
export const DEFAULT_ORGANISATION = '00000000-0000-7000-8000-000000000001';

export const OrganisationId = Id.describe('For admins; default: the own organisation.');

export const OrganisationBody = z.object({ name: text(200) });
export type OrganisationBody = z.output<typeof OrganisationBody>;

/** Owner of exams and people. */
export const Organisation = z.object({ id: Id, name: z.string(), createdAt: Timestamp }).meta({ id: 'Organisation' });
export type Organisation = z.infer<typeof Organisation>;
export const OrganisationPage = page(Organisation);
