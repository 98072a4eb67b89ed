import { hash32, type Random } from '../../sim/random.ts'

/** Letters and digits without vowels and look-alikes. Source: k8s.io/apimachinery pkg/util/rand. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** The random end of a generated name: `k8x2d`. */
export function randomSuffix(random: Random, length = 5): string {
  return Array.from({ length }, () => ALPHABET[random.integer(0, ALPHABET.length)]!).join('')
}

/**
 * Hash of a pod template as a name part: `7c79c4bf97`. The form is that of `rand.SafeEncodeString(fmt.Sprint(hash))`.
 * Differs from Kubernetes: the hash is taken over JSON, not over Go's dump of the struct, so it has other values.
 */
export function templateHash(template: unknown): string {
  const decimal = String(hash32(JSON.stringify(template)))
  return [...decimal].map(digit => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]!).join('')
}
