/**
 * Parts of a list from right to left, separated outside of quoted strings. Read from the right, since that end is the
 * proxy's: an unbalanced quote further left is the client's.
 */
function* partsFromRight(text: string, separator: string): Generator<string> {
  let end = text.length;
  let quoted = false;
  for (let at = text.length - 1; at >= 0; at--) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    else if (sign === separator && !quoted) {
      yield text.slice(at + 1, end).trim();
      end = at;
    }
  }
  yield text.slice(0, end).trim();
}

/** Value of a parameter of one element, unquoted; undefined if it is absent, repeated, or in a malformed element. */
function parameter(element: string, name: string): string | undefined {
  let found: string | undefined;
  for (const pair of partsFromRight(element, ';')) {
    const match = /^([\w!#$%&'*+.^`|~-]+)=(?:"([^"\\]*)"|([^\s",;=]*))$/.exec(pair);
    if (!match) return undefined;
    if (match[1]!.toLowerCase() !== name) continue;
    if (found !== undefined) return undefined;
    found = match[2] ?? match[3];
  }
  return found;
}

/**
 * Nodes in the `for` of a `Forwarded` header (RFC 7239), nearest first: an address, `unknown` or `_hidden`, with a port
 * if the proxy adds one; empty for an element without.
 * @param header lines of the header, joined by commas
 */
export function* forwardedFor(header: string): Generator<string> {
  // Ports may be obfuscated: `192.0.2.43:_a1`.
  for (const element of partsFromRight(header, ',')) yield (parameter(element, 'for') ?? '').replace(/:_[\w.-]+$/, '');
}

/** `proto` of the nearest element of a `Forwarded` header, lower case; undefined if it has none. */
export function forwardedProto(header: string): string | undefined {
  for (const nearest of partsFromRight(header, ',')) return parameter(nearest, 'proto')?.toLowerCase();
  return undefined;
}
