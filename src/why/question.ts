import type { Lab } from '../lab/lab.ts'
import { LabMap } from '../lab/lab-map.ts'
import { formatIpv4, type Ipv4Address } from '../wire/address.ts'
import { Places } from './places.ts'

/** What the parts of an answer share while it is made. */
export interface Question {
  readonly lab: Lab
  readonly map: LabMap
  readonly places: Places
}

/** Looks at a lab as it is now. */
export function newQuestion(lab: Lab): Question {
  return { lab, map: new LabMap(lab), places: new Places(lab) }
}

/** `spine1 10.1.1.0`, or the address alone when nobody has it. */
export function who({ map }: Question, address: Ipv4Address): string {
  const name = map.ownerName(address)
  return name === undefined ? formatIpv4(address) : `${name} ${formatIpv4(address)}`
}

/** `1 path`, `2 paths`. */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
