import { useState } from 'preact/hooks';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { type ApiDocument, contentOf, type Operation, resolve } from './document.ts';
import { exampleOf } from './example.ts';
import { t } from './messages.ts';
import { type Filled, requestOf } from './request.ts';

interface TryItProps {
  readonly document: ApiDocument;
  readonly operation: Operation;
  readonly token: string;
  readonly onToken: (token: string) => void;
}

interface ShownResponse {
  readonly status: number;
  readonly text: string;
  readonly token: string | undefined;
}

async function readResponse(response: Response): Promise<ShownResponse> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('json'))
    return { status: response.status, text, token: undefined };
  const value = JSON.parse(text) as { accessToken?: string; access_token?: string };
  return {
    status: response.status,
    text: JSON.stringify(value, null, 2),
    token: value.accessToken ?? value.access_token,
  };
}

/** Form for one operation: sends it to this server and shows the response. */
export function TryIt({ document, operation, token, onToken }: TryItProps) {
  const body = contentOf(operation.requestBody?.content);
  const isJson = body?.type.includes('json') === true;
  const [filled, setFilled] = useState<Filled>(() => ({
    parameters: {},
    fields: {},
    json: body && isJson ? JSON.stringify(exampleOf(document, body.schema), null, 2) : '',
  }));
  const [answer, setAnswer] = useState<ShownResponse>();
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(async () => {
      const { url, init } = requestOf(operation, filled, token);
      setAnswer(await readResponse(await fetch(url, init)));
    });
  };
  const set = (part: 'parameters' | 'fields', name: string, value: string | File) =>
    setFilled((before) => ({ ...before, [part]: { ...before[part], [name]: value } }));
  return (
    <form class="stack try" onSubmit={submit}>
      {operation.parameters?.map(({ name, in: place, required }) => (
        <label class="field" key={name}>
          {name} <small>{place}</small>
          <input required={required === true} onInput={(event) => set('parameters', name, event.currentTarget.value)} />
        </label>
      ))}
      {isJson && (
        <label class="field">
          {t.body}
          <textarea
            rows={6}
            spellcheck={false}
            value={filled.json}
            onInput={(event) => setFilled({ ...filled, json: event.currentTarget.value })}
          />
        </label>
      )}
      {body &&
        !isJson &&
        Object.entries(resolve(document, body.schema).properties ?? {}).map(([name, property]) => (
          <label class="field" key={name}>
            {name} <small>{t.body}</small>
            {property.format === 'binary' ? (
              <input type="file" onChange={(event) => set('fields', name, event.currentTarget.files?.[0] ?? '')} />
            ) : (
              <input onInput={(event) => set('fields', name, event.currentTarget.value)} />
            )}
          </label>
        ))}
      <div class="row">
        <button class="primary small" disabled={busy}>
          {t.send}
        </button>
        {answer?.token && (
          <button type="button" class="small" onClick={() => onToken(answer.token ?? '')}>
            {t.useToken}
          </button>
        )}
      </div>
      <Problem>{error}</Problem>
      {answer && (
        <div role="status">
          <p class={`badge ${answer.status < 400 ? 'low' : 'medium'}`}>{answer.status}</p>
          {answer.text && <pre>{answer.text}</pre>}
        </div>
      )}
    </form>
  );
}
