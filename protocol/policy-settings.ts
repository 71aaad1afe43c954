import { z } from 'zod';
import { Policy } from './policy.ts';

/** One setting of a policy, for forms. */
export const PolicySetting = z
  .object({
    path: z.string().describe('Names of the fields, separated by dots: `holds.noFace`.'),
    title: z.string(),
    description: z.string().describe('Effect in plain words.'),
    type: z.enum(['number', 'integer', 'boolean', 'choice', 'text', 'weights']),
    default: z
      .union([z.string(), z.number(), z.boolean(), z.null(), z.record(z.string(), z.number())])
      .describe('Null: none. Of weights: by event type.'),
    minimum: z.number().nullable(),
    maximum: z.number().nullable(),
    /** Of a choice: its values. Of weights: the event types with a default. */
    values: z.array(z.string()),
  })
  .meta({ id: 'PolicySetting' });
export type PolicySetting = z.infer<typeof PolicySetting>;
export const PolicySettings = z.object({ items: z.array(PolicySetting) });

/** The parts of a JSON Schema that describe a setting. */
interface Shape {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape;
}

/** Every setting of a policy with its default, range and effect, from the schema itself. */
export function policySettings(): PolicySetting[] {
  const shape = z.toJSONSchema(Policy, { io: 'input', reused: 'inline' }) as Shape;
  return settingsOf(shape, Policy.parse({}), []);
}

function settingsOf(shape: Shape, defaults: unknown, path: readonly string[]): PolicySetting[] {
  if (shape.properties)
    return Object.entries(shape.properties).flatMap(([name, inner]) =>
      settingsOf(inner, (defaults as Record<string, unknown> | undefined)?.[name], [...path, name]),
    );
  const range = shape.additionalProperties ?? shape;
  return [
    {
      path: path.join('.'),
      title: shape.title ?? '',
      description: shape.description ?? '',
      type: typeOf(shape),
      default: (defaults ?? null) as PolicySetting['default'],
      minimum: range.minimum ?? null,
      maximum: range.maximum ?? null,
      values: [...(shape.enum ?? (shape.additionalProperties ? Object.keys(defaults as object) : []))],
    },
  ];
}

function typeOf({ type, enum: choices }: Shape): PolicySetting['type'] {
  if (choices) return 'choice';
  if (type === 'object') return 'weights';
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer' || type === 'boolean') return type;
  throw new Error(`no form for a setting of the type ${type}`);
}
