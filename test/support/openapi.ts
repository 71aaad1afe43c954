import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** One operation of the document: expected request and possible responses. */
export interface Operation {
  readonly method: string;
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly security: readonly Record<string, unknown>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: unknown;
  }[];
  readonly requestBody?: {
    readonly description: string;
    readonly required: boolean;
    readonly content: Record<string, { schema: unknown }>;
  };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, { schema: unknown }> }
  >;
}

export interface Answer {
  readonly status: number;
  /** With its parameters, as received; empty without a body. */
  readonly contentType: string;
  /** Parsed JSON, or the text of another type; undefined without a body. */
  readonly body: unknown;
}

type Document = { readonly paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>> } & Record<
  string,
  unknown
>;

const pointer = (...keys: string[]) =>
  keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

function matcher(path: string): RegExp {
  const literal = path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, '[^/]+');
  // `/exams/` is also reached as `/exams`.
  return new RegExp(`^${literal.length > 1 && literal.endsWith('/') ? `${literal}?` : literal}$`);
}

/**
 * Checks a server against its own /openapi.json: every response must be documented there and have the documented shape.
 */
export class ApiContract {
  readonly document: Document;
  readonly operations: readonly Operation[];
  readonly #matchers: readonly { readonly pattern: RegExp; readonly operation: Operation }[];
  readonly #ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }));

  constructor(document: Document) {
    this.document = document;
    this.#ajv.addSchema(document, 'https://api.example/openapi.json');
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
    );
    this.#matchers = this.operations
      // Literal paths come before those with parameters, as in the router.
      .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)
      .map((operation) => ({ operation, pattern: matcher(operation.path) }));
  }

  /** Contract of a running server; fetched once. */
  static of(url: string): Promise<ApiContract> {
    let contract = contracts.get(url);
    if (!contract) {
      contract = fetch(`${url}/openapi.json`).then(async (response) => ApiContract.#ofText(await response.text()));
      contracts.set(url, contract);
      contract.catch(() => contracts.delete(url));
    }
    return contract;
  }

  /** Servers of one process mostly have the same document, and to compile its schemas takes long. */
  static #ofText(text: string): ApiContract {
    let contract = contractsByText.get(text);
    if (!contract) contractsByText.set(text, (contract = new ApiContract(JSON.parse(text) as Document)));
    return contract;
  }

  /** @param path without its query */
  find(method: string, path: string): Operation | undefined {
    const wanted = method === 'HEAD' ? 'GET' : method;
    return this.#matchers.find(({ pattern, operation }) => operation.method === wanted && pattern.test(path))
      ?.operation;
  }

  /** @throws Error naming the operation and the mismatch of this response */
  check(method: string, path: string, answer: Answer): void {
    const operation = this.find(method, path);
    if (!operation) {
      // Without a route, only a problem response is valid.
      if (path.startsWith('/api/') || answer.status >= 400)
        this.#validate(`${method} ${path}`, 'https://api.example/openapi.json#/components/schemas/Problem', answer);
      return;
    }
    const name = `${operation.method} ${operation.path}`;
    const response = operation.responses[answer.status];
    if (!response)
      throw new Error(
        `${name} answered ${answer.status}, which /openapi.json does not name: ${JSON.stringify(answer.body)}`,
      );
    if (method === 'HEAD') return;
    const type = answer.contentType.split(';')[0] ?? '';
    if (!response.content) {
      if (answer.body !== undefined)
        throw new Error(`${name} answered ${answer.status} with a body, which /openapi.json does not name`);
      return;
    }
    if (!response.content[type])
      throw new Error(
        `${name} answered ${answer.status} as ${type || 'nothing'}; /openapi.json names ${Object.keys(response.content).join(', ')}`,
      );
    const schema = pointer(
      'paths',
      operation.path,
      operation.method.toLowerCase(),
      'responses',
      String(answer.status),
      'content',
      type,
      'schema',
    );
    this.#validate(name, `https://api.example/openapi.json#${schema}`, answer);
  }

  #validate(name: string, schema: string, { status, body }: Answer): void {
    const validate = this.#ajv.getSchema(schema);
    if (!validate) throw new Error(`${name}: /openapi.json has no schema at ${schema}`);
    if (validate(body)) return;
    const faults = this.#ajv.errorsText(validate.errors, { dataVar: 'body' });
    throw new Error(
      `${name} answered ${status} with a shape that does not match /openapi.json: ${faults}\n${JSON.stringify(body)}`,
    );
  }
}

const contracts = new Map<string, Promise<ApiContract>>();
const contractsByText = new Map<string, ApiContract>();
