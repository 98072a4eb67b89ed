/** A packet that a filter looks at. Loads behind its end reject it at once, as a BPF program does. */
export interface FilteredPacket {
  readonly bytes: Uint8Array
  /** Length on the wire. */
  readonly wireBytes: number
  /** Captured live on its way out. */
  readonly isOutgoing: boolean
  /** Set by a load behind the end. */
  isRefused: boolean
}

/** A compiled test. `equals` tests at a fixed place are kept apart so that contradictions can be found. */
export type Test =
  | { readonly kind: 'and' | 'or'; readonly left: Test; readonly right: Test }
  | { readonly kind: 'not'; readonly of: Test }
  | { readonly kind: 'constant'; readonly value: boolean }
  | {
      readonly kind: 'equals'
      readonly at: number
      readonly size: 1 | 2 | 4
      readonly mask: number
      readonly value: number
      /** Counted from behind the IPv4 header that starts here, instead of from the start. */
      readonly behindIpv4: number | undefined
    }
  | { readonly kind: 'computed'; readonly holds: (packet: FilteredPacket) => boolean }

/** Both hold. */
export function and(left: Test, right: Test): Test {
  return { kind: 'and', left, right }
}

/** One of the two holds. */
export function or(left: Test, right: Test): Test {
  return { kind: 'or', left, right }
}

/** The test does not hold. */
export function not(of: Test): Test {
  return { kind: 'not', of }
}

/** Whether the bytes at a fixed place, masked, equal a value. */
export function equals(at: number, size: 1 | 2 | 4, value: number, mask = 0xffffffff): Test {
  return { kind: 'equals', at, size, mask, value: value >>> 0, behindIpv4: undefined }
}

/** Whether two bytes behind an IPv4 header equal a value. @param headerAt where the header starts */
export function equalsBehindIpv4(headerAt: number, at: number, value: number): Test {
  return { kind: 'equals', at, size: 2, mask: 0xffffffff, value, behindIpv4: headerAt }
}

/** Where an IPv4 header ends. */
export function endOfIpv4Header(packet: FilteredPacket, headerAt: number): number {
  return headerAt + 4 * (load(packet, headerAt, 1) & 15)
}

/** A test by a function, of which `isSatisfiable` knows nothing. */
export function computed(holds: (packet: FilteredPacket) => boolean): Test {
  return { kind: 'computed', holds }
}

/** A big-endian number of the packet; behind the end the packet is refused and the number is 0. */
export function load(packet: FilteredPacket, at: number, size: number): number {
  const { bytes } = packet
  if (at + size > bytes.length) {
    packet.isRefused = true
    return 0
  }
  let value = 0
  for (let index = 0; index < size; index += 1) value = value * 0x100 + bytes[at + index]!
  return value
}

/** Turns the tree into one function. */
export function compileTest(test: Test): (packet: FilteredPacket) => boolean {
  switch (test.kind) {
    case 'and': {
      const [left, right] = [compileTest(test.left), compileTest(test.right)]
      return packet => left(packet) && right(packet)
    }
    case 'or': {
      const [left, right] = [compileTest(test.left), compileTest(test.right)]
      return packet => left(packet) || right(packet)
    }
    case 'not': {
      const inner = compileTest(test.of)
      return packet => !inner(packet)
    }
    case 'constant':
      return () => test.value
    case 'equals': {
      const { at, size, mask, value, behindIpv4 } = test
      if (behindIpv4 !== undefined) {
        return packet => load(packet, endOfIpv4Header(packet, behindIpv4) + at, size) === value
      }
      return packet => (load(packet, at, size) & mask) >>> 0 === value
    }
    case 'computed':
      return test.holds
  }
}

type Known = ReadonlyMap<string, number | 'other'>

/** Fields are tried one after the other; beyond this many steps an expression counts as possible. */
const STEPS_MAX = 5000

/** Whether some packet could pass, as far as tests at fixed places tell: libpcap's optimizer refuses `ip and arp`. */
export function isSatisfiable(test: Test): boolean {
  const values = new Map<string, Set<number>>()
  collect(test, values)
  const fields = [...values.keys()]
  let steps = 0
  const search = (known: Known): boolean => {
    steps += 1
    const verdict = evaluate(test, known)
    if (verdict !== undefined || steps > STEPS_MAX) return verdict ?? true
    const field = fields.find(one => !known.has(one))
    if (field === undefined) return true
    return [...values.get(field)!, 'other' as const].some(value => search(new Map([...known, [field, value]])))
  }
  return search(new Map())
}

function fieldKey(test: Extract<Test, { kind: 'equals' }>): string {
  return `${test.behindIpv4}:${test.at}:${test.size}:${test.mask}`
}

function collect(test: Test, values: Map<string, Set<number>>): void {
  if (test.kind === 'and' || test.kind === 'or') {
    collect(test.left, values)
    collect(test.right, values)
  } else if (test.kind === 'not') collect(test.of, values)
  else if (test.kind === 'equals') {
    const key = fieldKey(test)
    values.set(key, (values.get(key) ?? new Set()).add(test.value))
  }
}

/** True, false, or undefined when it hangs on what is not known yet. */
function evaluate(test: Test, known: Known): boolean | undefined {
  switch (test.kind) {
    case 'and':
    case 'or': {
      const ends = test.kind === 'or'
      const left = evaluate(test.left, known)
      if (left === ends) return ends
      const right = evaluate(test.right, known)
      if (right === ends) return ends
      return left === undefined || right === undefined ? undefined : !ends
    }
    case 'not': {
      const inner = evaluate(test.of, known)
      return inner === undefined ? undefined : !inner
    }
    case 'constant':
      return test.value
    case 'equals': {
      const value = known.get(fieldKey(test))
      return value === undefined ? undefined : value === test.value
    }
    case 'computed':
      return undefined
  }
}
