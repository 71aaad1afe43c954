import { contentOf, type Operation } from './document.ts';
import { at } from '../shared/base-path.ts';

/** The user's input: parameters by name, form fields by name, or the text of a JSON body. */
export interface Filled {
  readonly parameters: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string | File>>;
  readonly json: string;
}

/** Request of an operation; empty fields are not sent. */
export function requestOf(
  operation: Operation,
  { parameters, fields, json }: Filled,
  token: string,
): { readonly url: string; readonly init: RequestInit } {
  const headers = new Headers({ accept: 'application/json' });
  if (token) headers.set('authorization', `Bearer ${token}`);
  const query = new URLSearchParams();
  let path = operation.path;
  for (const { name, in: place } of operation.parameters ?? []) {
    const value = parameters[name] ?? '';
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value === '') continue;
    else if (place === 'query') query.set(name, value);
    else headers.set(name, value);
  }
  const init: RequestInit = { method: operation.method, headers, cache: 'no-store' };
  const type = contentOf(operation.requestBody?.content)?.type;
  if (type?.includes('json') && json.trim() !== '') {
    headers.set('content-type', type);
    init.body = json;
  } else if (type && !type.includes('json')) {
    const form = type.startsWith('multipart') ? new FormData() : new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) if (value !== '') form.set(name, value as string);
    init.body = form;
  }
  return { url: at(query.size > 0 ? `${path}?${query}` : path), init };
}
