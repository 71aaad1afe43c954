type Plain = string | number | boolean | null;

/** Values of an entry's `changes`: before and after. */
export type Changes = Readonly<Record<string, readonly [Plain, Plain]>>;

const plain = (value: Plain | Date | undefined): Plain =>
  value instanceof Date ? value.toISOString() : (value ?? null);

/**
 * Pure: payload of what differs, `{ changes: { room: ['H1', 'H2'] } }`; empty if nothing does.
 * @param before undefined: the object is new
 */
export function changed<Field extends string>(
  before: Readonly<Record<Field, Plain | Date>> | undefined,
  after: Readonly<Record<Field, Plain | Date>>,
): { readonly changes?: Changes } {
  const changes = Object.fromEntries(
    (Object.keys(after) as Field[])
      .map((field) => [field, [plain(before?.[field]), plain(after[field])]] as const)
      .filter(([, [from, to]]) => from !== to),
  );
  return Object.keys(changes).length > 0 ? { changes } : {};
}
