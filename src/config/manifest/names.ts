import { parseIpv4, parsePrefix } from '../../wire/address.ts'

/** Texts and rules of k8s.io/apimachinery pkg/util/validation/validation.go; each returns what is wrong, or nothing. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

/** Names of most objects. */
export function checkSubdomain(text: string): string | undefined {
  if (text.length > 253) return 'must be no more than 253 characters'
  if (new RegExp(`^${SUBDOMAIN}$`).test(text)) return undefined
  return (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
    `with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`
  )
}

/** Names of services. */
export function checkLabel1035(text: string): string | undefined {
  if (text.length > 63) return 'must be no more than 63 characters'
  if (new RegExp(`^${LABEL_1035}$`).test(text)) return undefined
  return (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end " +
    `with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${LABEL_1035}')`
  )
}

/** Names of namespaces, containers and ports of services. */
export function checkLabel1123(text: string): string | undefined {
  if (text.length > 63) return 'must be no more than 63 characters'
  if (new RegExp(`^${LABEL}$`).test(text)) return undefined
  return (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
    `alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`
  )
}

export function checkLabelValue(text: string): string | undefined {
  if (text.length > 63) return 'must be no more than 63 characters'
  if (new RegExp(`^${LABEL_VALUE}$`).test(text)) return undefined
  return (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
    `with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`
  )
}

/** Keys of labels and annotations: `prefix/name`. */
export function checkQualifiedName(text: string): string | undefined {
  const slash = text.indexOf('/')
  const name = text.slice(slash + 1)
  if (slash >= 0 && checkSubdomain(text.slice(0, slash)) !== undefined)
    return `prefix part ${checkSubdomain(text.slice(0, slash))}`
  if (name.length > 63) return 'name part must be no more than 63 characters'
  if (new RegExp(`^${QUALIFIED}$`).test(name)) return undefined
  return (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
    `character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`
  )
}

/** An IPv4 address. Differs from Kubernetes: IPv6 is refused, as it is not modelled. */
export function checkIp(text: string): string | undefined {
  if (parseIpv4(text) !== undefined) return undefined
  if (text.includes(':')) return 'IPv6 is not modelled'
  return 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
}

/** `10.0.5.0/24`. Differs from Kubernetes: IPv6 is refused, as it is not modelled. */
export function checkCidr(text: string): string | undefined {
  if (text.includes('/') && parsePrefix(text) !== undefined) return undefined
  if (text.includes(':')) return 'IPv6 is not modelled'
  return 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
}
