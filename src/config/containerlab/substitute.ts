/**
 * Environment references of a containerlab file: `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:=default}`, `$VAR`, and
 * `$$` for a dollar. An unset variable without a default becomes empty, as containerlab's envsubst does.
 *
 * Source: containerlab manual, topo-def-file, "Environment variables"; the a8m/envsubst package it uses.
 */
export function substituteEnvironment(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:(\$)|\{([A-Za-z_]\w*)(?:(:?[-=])([^}]*))?\}|([A-Za-z_]\w*))/g,
    (
      _all,
      dollar: string | undefined,
      braced: string | undefined,
      operator: string | undefined,
      fallback: string | undefined,
      bare: string | undefined,
    ) => {
      if (dollar !== undefined) return '$'
      const value = environment.get((braced ?? bare)!)
      const isMissing = value === undefined || (operator?.startsWith(':') === true && value === '')
      return isMissing ? (fallback ?? '') : value
    },
  )
}

/** Values of the magic variables for one node. */
export interface MagicVariables {
  readonly nodeName: string
  readonly nodeFolder: string
  readonly topologyFolder: string
  readonly labFolderName: string
}

/** Replaces `__clabNodeName__` and its relatives. Source: containerlab manual, topo-def-file, "Magic variables". */
export function substituteMagic(text: string, magic: MagicVariables): string {
  return text
    .replaceAll('__clabNodeName__', magic.nodeName)
    .replaceAll('__clabNodeDir__', magic.nodeFolder)
    .replaceAll('__clabDir__', magic.topologyFolder)
    .replaceAll('__clabLabName__', magic.labFolderName)
}
