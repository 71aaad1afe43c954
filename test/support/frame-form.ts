import type { Api } from './api.ts';

/** A multipart body with the file as sent by browsers and scripts. */
export function frameForm(jpeg: Uint8Array, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'frame.jpg');
  return form;
}

export const postFrame = (api: Api, sessionId: string, jpeg: Uint8Array) =>
  api.send('POST', `/api/cv/analyze-frame?sessionId=${sessionId}`, { body: frameForm(jpeg) });
