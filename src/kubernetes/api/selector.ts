import type { LabelSelector, LabelSelectorRequirement } from '../../model/kubernetes-object.ts'

type Labels = Readonly<Record<string, string>> | undefined

/** Whether the labels satisfy the selector. An empty selector matches everything; what undefined means is the caller's. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return (
    matchesLabels(selector.matchLabels ?? {}, labels) && (selector.matchExpressions ?? []).every(r => meets(r, labels))
  )
}

/** Whether all these labels are there with these values: `spec.selector` of a Service. */
export function matchesLabels(wanted: Readonly<Record<string, string>>, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value)
}

/** Source: k8s.io/apimachinery pkg/labels/selector.go `Requirement.Matches`: NotIn also holds when the key is absent. */
function meets(requirement: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels?.[requirement.key]
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && (requirement.values ?? []).includes(value)
    case 'NotIn':
      return value === undefined || !(requirement.values ?? []).includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}

/** Text form of `-l`: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Undefined when it cannot be parsed. */
export function parseSelector(text: string): LabelSelector | undefined {
  const matchExpressions: LabelSelectorRequirement[] = []
  for (const part of splitRequirements(text)) {
    const requirement = parseRequirement(part)
    if (requirement === undefined) return undefined
    matchExpressions.push(requirement)
  }
  return { matchExpressions }
}

function splitRequirements(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(part => part !== '')
}

const KEY = '[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?'
const SET_FORM = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^)]*)\\)$`)
const EQUAL_FORM = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([A-Za-z0-9_.-]*)$`)
const EXISTS_FORM = new RegExp(`^(!?)\\s*(${KEY})$`)

function parseRequirement(text: string): LabelSelectorRequirement | undefined {
  const set = SET_FORM.exec(text)
  if (set !== null) {
    const values = set[4]!.split(',').map(value => value.trim())
    return { key: set[1]!, operator: set[3] === 'in' ? 'In' : 'NotIn', values }
  }
  const equal = EQUAL_FORM.exec(text)
  if (equal !== null) return { key: equal[1]!, operator: equal[3] === '!=' ? 'NotIn' : 'In', values: [equal[4]!] }
  const exists = EXISTS_FORM.exec(text)
  if (exists !== null) return { key: exists[2]!, operator: exists[1] === '!' ? 'DoesNotExist' : 'Exists' }
  return undefined
}

/** As `kubectl describe` prints a selector: `app=nginx,tier in (a,b)`; `<none>` when it is empty. */
export function formatSelector(selector: LabelSelector | undefined): string {
  const parts = Object.entries(selector?.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    if (operator === 'Exists') parts.push(key)
    else if (operator === 'DoesNotExist') parts.push(`!${key}`)
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${[...(values ?? [])].sort().join(',')})`)
  }
  return parts.length === 0 ? '<none>' : parts.join(',')
}
