import type { Field, ObjectSchema, Schema } from './schema.ts'

/** One thing the API server would say about an object, or that we say about ourselves (`unmodelled`). */
export interface ManifestIssue {
  /**
   * `unknown-field`: strict decoding fails. `wrong-type`: decoding fails. `invalid`: validation fails.
   * `unmodelled`: accepted, without effect here.
   */
  readonly kind: 'unknown-field' | 'wrong-type' | 'invalid' | 'unmodelled'
  /** Keys and indices from the root of the object. */
  readonly path: readonly (string | number)[]
  /** As the API server words it, the path included. */
  readonly message: string
}

/** Builtin types are decoded by Go, custom resources checked against an OpenAPI schema; the texts differ. */
export type Flavour = 'builtin' | 'custom'

type Path = readonly (string | number)[]

/**
 * Checks an object against its schema.
 *
 * Texts: k8s.io/apimachinery pkg/util/validation/field/errors.go, kube-openapi pkg/validation, encoding/json.
 */
export function validateAgainst(schema: ObjectSchema, value: unknown, flavour: Flavour): ManifestIssue[] {
  const validator = new Validator(flavour)
  validator.visit(schema, value, [], '')
  return validator.issues
}

class Validator {
  readonly issues: ManifestIssue[] = []
  readonly #flavour: Flavour

  constructor(flavour: Flavour) {
    this.#flavour = flavour
  }

  /** @param struct Go struct that holds the value, for decoding errors */
  visit(schema: Schema, value: unknown, path: Path, struct: string): void {
    if (value === null || value === undefined) return
    switch (schema.type) {
      case 'any':
        return
      case 'object':
        if (isObject(value)) this.#visitObject(schema, value, path)
        else this.#wrongType(value, path, struct, 'object', `v1.${schema.struct}`)
        return
      case 'map':
        if (!isObject(value)) this.#wrongType(value, path, struct, 'object', 'map[string]string')
        else
          for (const [key, item] of Object.entries(value)) this.#visitMapItem(schema.of, item, [...path, key], struct)
        return
      case 'list':
        this.#visitList(schema, value, path, struct)
        return
      case 'string':
        this.#visitText(schema, value, path, struct)
        return
      case 'integer':
        this.#visitInteger(schema, value, path, struct)
        return
      case 'boolean':
        if (typeof value !== 'boolean') this.#wrongType(value, path, struct, 'boolean', 'bool')
        return
      case 'integer-or-string':
        if (typeof value !== 'string' && !Number.isInteger(value)) {
          this.#wrongType(value, path, struct, 'integer', 'intstr.IntOrString')
        }
    }
  }

  /** Decoding errors of map values name the map, not the key. */
  #visitMapItem(schema: Schema, value: unknown, path: Path, struct: string): void {
    if (schema.type === 'string' && typeof value !== 'string' && value !== null) {
      const fieldPath = this.#flavour === 'builtin' ? path.slice(0, -1) : path
      this.#wrongType(value, fieldPath, struct, 'string', 'string', path)
    } else this.visit(schema, value, path, struct)
  }

  #visitObject(schema: ObjectSchema, value: Record<string, unknown>, path: Path): void {
    for (const [name, item] of Object.entries(value)) {
      const field: Field | undefined = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined
      if (field === undefined) {
        this.#add('unknown-field', [...path, name], `unknown field "${formatPath([...path, name])}"`)
      } else {
        if (field.effect === 'unmodelled')
          this.#add('unmodelled', [...path, name], `"${formatPath([...path, name])}" is not modelled`)
        this.visit(field.schema, item, [...path, name], schema.struct)
      }
    }
    for (const [name, field] of Object.entries(schema.fields)) {
      const isMissing = value[name] === undefined || value[name] === null || value[name] === ''
      if (field.isRequired && isMissing) {
        this.#add('invalid', [...path, name], `${formatPath([...path, name])}: Required value`)
      }
    }
  }

  #visitList(schema: Schema & { type: 'list' }, value: unknown, path: Path, struct: string): void {
    if (!Array.isArray(value)) {
      this.#wrongType(value, path, struct, 'array', `[]${schema.element}`)
      return
    }
    for (const [index, item] of value.entries()) this.visit(schema.of, item, [...path, index], struct)
    if (value.length < (schema.minimumItems ?? 0)) {
      const text = formatPath(path)
      const tooFew = `${text}: Invalid value: ${value.length}: ${text} in body should have at least ${schema.minimumItems} items`
      this.#add('invalid', path, this.#flavour === 'builtin' ? `${text}: Required value` : tooFew)
    }
  }

  #visitText(schema: Schema & { type: 'string' }, value: unknown, path: Path, struct: string): void {
    if (typeof value !== 'string') {
      this.#wrongType(value, path, struct, 'string', 'string')
      return
    }
    if (schema.oneOf !== undefined && !schema.oneOf.includes(value)) {
      const supported = [...schema.oneOf].map(one => `"${one}"`)
      if (this.#flavour === 'builtin') supported.sort()
      this.#add(
        'invalid',
        path,
        `${formatPath(path)}: Unsupported value: "${value}": supported values: ${supported.join(', ')}`,
      )
    }
    const wrong = schema.check?.(value)
    if (wrong !== undefined) this.#add('invalid', path, `${formatPath(path)}: Invalid value: "${value}": ${wrong}`)
  }

  #visitInteger(schema: Schema & { type: 'integer' }, value: unknown, path: Path, struct: string): void {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      this.#wrongType(value, path, struct, 'integer', schema.goType)
      return
    }
    const { minimum, maximum } = schema
    const isLow = minimum !== undefined && value < minimum
    const isHigh = maximum !== undefined && value > maximum
    if (!isLow && !isHigh) return
    const text = formatPath(path)
    const custom = isLow ? `greater than or equal to ${minimum}` : `less than or equal to ${maximum}`
    const builtin =
      maximum === undefined
        ? `must be greater than or equal to ${minimum}`
        : `must be between ${minimum} and ${maximum}, inclusive`
    const wrong = this.#flavour === 'builtin' ? builtin : `${text} in body should be ${custom}`
    this.#add('invalid', path, `${text}: Invalid value: ${value}: ${wrong}`)
  }

  #wrongType(value: unknown, path: Path, struct: string, openApiType: string, goType: string, at: Path = path): void {
    const text = formatPath(path)
    if (this.#flavour === 'custom') {
      const message = `${text}: Invalid value: "${openApiName(value)}": ${text} in body must be of type ${openApiType}: "${openApiName(value)}"`
      this.#add('invalid', at, message)
      return
    }
    const goPath = path.filter(step => typeof step === 'string').join('.')
    this.#add(
      'wrong-type',
      at,
      `json: cannot unmarshal ${goName(value)} into Go struct field ${struct}.${goPath} of type ${goType}`,
    )
  }

  #add(kind: ManifestIssue['kind'], path: Path, message: string): void {
    this.issues.push({ kind, path, message })
  }
}

/** `spec.ports[0].port` */
function formatPath(path: readonly (string | number)[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function goName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function openApiName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
