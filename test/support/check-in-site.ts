import type { CheckInPictureKind } from '../../protocol/check-in-bounds.ts';
import type { CheckIn, CheckInListItem, MyCheckIn } from '../../protocol/http/check-in.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Answer } from './openapi.ts';
import type { Api } from './api.ts';
import { frameForm } from './frame-form.ts';
import { jpeg } from './pictures.ts';

/** Steps of a check-in, by the routes that people use. */

const at = ({ id }: Pick<Exam, 'id'>) => `/api/exams/${id}/check-in`;

export const myCheckIn = (student: Api, exam: Pick<Exam, 'id'>): Promise<MyCheckIn> => student.get(at(exam));
export const openCheckIn = (student: Api, exam: Pick<Exam, 'id'>): Promise<MyCheckIn> => student.post(at(exam));
export const withdraw = (student: Api, exam: Pick<Exam, 'id'>): Promise<MyCheckIn> =>
  student.request('DELETE', at(exam));
export const leave = (student: Api, exam: Pick<Exam, 'id'>): Promise<MyCheckIn> => student.post(`${at(exam)}/leave`);
export const submit = (student: Api, exam: Pick<Exam, 'id'>, incomplete = false): Promise<MyCheckIn> =>
  student.post(`${at(exam)}/submit`, { incomplete });
export const remove = (student: Api, exam: Pick<Exam, 'id'>, kind: CheckInPictureKind): Promise<MyCheckIn> =>
  student.request('DELETE', `${at(exam)}/pictures?kind=${kind}`);

let drawn = 0;

export const sendPicture = (
  student: Api,
  exam: Pick<Exam, 'id'>,
  kind: CheckInPictureKind,
  bytes: Uint8Array = jpeg(++drawn),
): Promise<Answer> => student.send('POST', `${at(exam)}/pictures?kind=${kind}`, { body: frameForm(bytes) });

/** @throws Error unless the picture was taken */
export async function take(
  student: Api,
  exam: Pick<Exam, 'id'>,
  kind: CheckInPictureKind,
  bytes?: Uint8Array,
): Promise<MyCheckIn> {
  const { status, body } = await sendPicture(student, exam, kind, bytes);
  if (status !== 201) throw Object.assign(new Error(`${status} ${JSON.stringify(body)}`), body);
  return body as MyCheckIn;
}

/** The look at the room. @param clock moved on between two pictures */
export async function takeRoom(
  student: Api,
  exam: Pick<Exam, 'id'>,
  clock: { now: number },
  pictures = 10,
): Promise<void> {
  for (let i = 0; i < pictures; i++) {
    await take(student, exam, 'room');
    clock.now += 2000;
  }
}

/** A student in the waiting room with photo and document. */
export async function comeIn(student: Api, exam: Pick<Exam, 'id'>): Promise<NonNullable<MyCheckIn['checkIn']>> {
  const { wants } = await openCheckIn(student, exam);
  if (wants?.photo) await take(student, exam, 'photo');
  if (wants?.document) await take(student, exam, 'document');
  return (await submit(student, exam)).checkIn!;
}

export const readCheckIn = (staff: Api, id: string): Promise<CheckIn> => staff.get<CheckIn>(`/api/check-ins/${id}`);

export const listed = async (staff: Api, query = ''): Promise<CheckInListItem[]> =>
  (await staff.get<{ items: CheckInListItem[] }>(`/api/check-ins${query}`)).items;

type Decision = 'admit' | 'hold' | 'refuse' | 'reopen';

/** @param more a revision by default the present one, and a reason */
export async function decide(
  staff: Api,
  id: string,
  decision: Decision,
  more: { revision?: number; reason?: string; retake?: CheckInPictureKind[] } = {},
): Promise<CheckIn> {
  const revision = more.revision ?? (await readCheckIn(staff, id)).revision;
  const reason = decision === 'admit' ? {} : { reason: 'Please look into the camera' };
  return staff.post<CheckIn>(`/api/check-ins/${id}/decision`, { decision, revision, ...reason, ...more });
}

/** Bytes of a picture, for staff or for its student. */
export async function pictureBytes(
  api: Api,
  path: string,
): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(api.url + path, {
    headers: { authorization: `Bearer ${api.tokens?.accessToken}` },
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

export const staffPicture = (checkIn: string, picture: string): string =>
  `/api/check-ins/${checkIn}/pictures/${picture}`;
export const ownPicture = (exam: Pick<Exam, 'id'>, picture: string): string => `${at(exam)}/pictures/${picture}`;
