/** What FRR puts into JSON outputs. Members that are undefined are left out. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Text as json-c prints it without options: no blanks. */
export function jsonPlain(value: Json): string {
  return JSON.stringify(value)
}

/**
 * Text as json-c prints it with JSON_C_TO_STRING_PRETTY: two blanks of indentation, none behind colons; empty objects and
 * arrays take two lines.
 */
export function jsonPretty(value: Json, indent = ''): string {
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map(item => `${inner}${jsonPretty(item, inner)}`)
    return items.length === 0 ? `[\n${indent}]` : `[\n${items.join(',\n')}\n${indent}]`
  }
  if (typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value as { readonly [key: string]: Json | undefined }).flatMap(([key, member]) =>
    member === undefined ? [] : [`${inner}${JSON.stringify(key)}:${jsonPretty(member, inner)}`],
  )
  return members.length === 0 ? `{\n${indent}}` : `{\n${members.join(',\n')}\n${indent}}`
}
