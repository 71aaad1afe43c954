import { searchText } from '../../../protocol/search-text.ts';
import type { PolicySetting } from '../../../protocol/policy-settings.ts';

/** One value of a profile, with its text and range. */
export interface Setting {
  /** Names of the fields that lead to it. */
  readonly keys: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'choice' | 'text';
  readonly default: string | number | boolean | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** Of a choice. */
  readonly values: readonly string[];
  /** Meaning of no value, in words. */
  readonly none?: string;
  /** Left out of the content while it has its default. */
  readonly optional: boolean;
}

/** Settings by subject, in the order of a form. */
export interface SettingGroup {
  readonly title: string;
  readonly hint: string;
  /** Closed at first: many values that few people change. */
  readonly folded?: boolean;
  readonly settings: readonly Setting[];
}

/** Pure: settings with all words in title, explanation or subject. */
export const settingsLike = (groups: readonly SettingGroup[], words: readonly string[]): readonly Setting[] =>
  groups.flatMap(({ title: subject, settings }) =>
    settings.filter(({ title, description }) => {
      const text = searchText(`${subject} ${title} ${description}`);
      return words.every((word) => text.includes(word));
    }),
  );

export type Value = string | number | boolean | null;
/** Values as a form holds them, by the joined keys of their settings; numbers are typed text. */
export type SettingsDraft = Readonly<Record<string, string | boolean>>;

export const idOf = ({ keys }: Pick<Setting, 'keys'>): string => keys.join('.');

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Pure: the value of a setting in the content of a profile; its default if the content has none. */
export function valueOf({ keys, default: standard }: Setting, content: unknown): Value {
  let value: unknown = content;
  for (const key of keys) value = isFields(value) ? value[key] : undefined;
  return (value as Value | undefined) ?? standard;
}

export const draftOf = (settings: readonly Setting[], content: unknown): SettingsDraft =>
  Object.fromEntries(
    settings.map((setting) => {
      const value = valueOf(setting, content);
      return [idOf(setting), typeof value === 'boolean' ? value : String(value ?? '')];
    }),
  );

function read({ type, default: standard, optional }: Setting, typed: string | boolean): Value | undefined {
  if (typeof typed === 'boolean') return optional && typed === standard ? undefined : typed;
  const text = typed.trim();
  // An empty text with a default is not the default.
  if (type === 'text') return text || (typeof standard === 'string' ? '' : null);
  if (text === '') return undefined;
  return type === 'choice' ? text : Number(text);
}

/** Pure: content with the values of a draft. Fields without a setting stay as they are in `before`. */
export function contentOf(settings: readonly Setting[], draft: SettingsDraft, before: object): object {
  const content = structuredClone(before) as Record<string, unknown>;
  for (const setting of settings) {
    const value = read(setting, draft[idOf(setting)] ?? '');
    const path = setting.keys.slice(0, -1);
    const last = setting.keys.at(-1)!;
    let fields = content;
    for (const key of path) {
      if (!isFields(fields[key]) && value === undefined) break;
      fields[key] ??= {};
      fields = fields[key] as Record<string, unknown>;
    }
    if (value === undefined) delete fields[last];
    else fields[last] = value;
  }
  return content;
}

/** Pure: a setting for each weight, and for each that the content has besides. */
export function weightsIn(
  keys: readonly string[],
  types: readonly string[],
  content: unknown,
  about: (type: string) => Pick<Setting, 'title' | 'description' | 'default' | 'minimum' | 'maximum' | 'none'>,
): Setting[] {
  let stored: unknown = content;
  for (const key of keys) stored = isFields(stored) ? stored[key] : undefined;
  const all = new Set([...types, ...Object.keys(isFields(stored) ? stored : {})]);
  return [...all].map((type) => ({
    ...about(type),
    keys: [...keys, type],
    type: 'number',
    values: [],
    optional: false,
  }));
}

/** Pure: settings of a policy as the server describes them, each weight by itself. */
export function policySettingsOf(
  described: readonly PolicySetting[],
  content: unknown,
  /** Event types besides those with a default. */
  signals: readonly string[],
  weightTexts: (eventType: string, path: string) => Partial<Pick<Setting, 'title' | 'description' | 'none'>>,
): Setting[] {
  return described.flatMap(({ path, type, default: standard, ...setting }): Setting[] => {
    const keys = path.split('.');
    if (type === 'weights') {
      const weights = standard as Readonly<Record<string, number>>;
      return weightsIn(keys, [...setting.values, ...signals], content, (event) => ({
        ...setting,
        ...weightTexts(event, path),
        default: weights[event] ?? null,
      }));
    }
    return [{ ...setting, keys, type, default: standard as Value, optional: false }];
  });
}
