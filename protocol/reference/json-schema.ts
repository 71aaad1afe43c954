import { z } from 'zod';
import { ConsoleMessage } from '../console.ts';
import { Analysis, Code, ConsoleDown, EndReason, ExamDown, SessionView, Throttle } from '../down.ts';
import { Event, Risk } from '../events.ts';
import { ExamMessage, Hello, Signal, State } from '../exam.ts';

/** The part of JSON Schema that the messages need. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** Schemas that others refer to by name. */
export const SHARED = {
  Analysis,
  EndReason,
  ErrorCode: Code,
  Event,
  Risk,
  SessionView,
  Throttle,
  Hello,
  Signal,
  State,
};

/** Messages from clients as they are before parsing, messages from the server as they are after. */
export const UNIONS = [
  { name: 'ExamMessage', schema: ExamMessage, io: 'input', from: 'exam client', to: 'server' },
  { name: 'ExamDown', schema: ExamDown, io: 'output', from: 'server', to: 'exam client' },
  { name: 'ConsoleMessage', schema: ConsoleMessage, io: 'input', from: 'console', to: 'server' },
  { name: 'ConsoleDown', schema: ConsoleDown, io: 'output', from: 'server', to: 'console' },
] as const;

/** A registry of its own: names are not part of the wire (see version.test.ts). */
const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(SHARED)) names.add(schema, { id });

/** JSON Schema with shared schemas under `$defs`, and with the descriptions of the source. */
export const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(schema, {
    io,
    metadata: names,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const description = z.globalRegistry.get(zodSchema)?.description;
      if (description !== undefined) jsonSchema.description = description;
    },
  }) as JsonSchema;
