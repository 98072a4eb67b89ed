import { FilterError } from './filter-error.ts'
import type { FilteredPacket, Test } from './test-tree.ts'

/** A number computed from a packet: unsigned, 32 bits. */
export interface Arithmetic {
  /** Set when it does not hang on the packet. */
  readonly constant: number | undefined
  /** What must hold before it is computed: the protocol whose bytes it reads. */
  readonly guard: Test | undefined
  readonly value: (packet: FilteredPacket) => number
}

export function constant(value: number): Arithmetic {
  return { constant: value, guard: undefined, value: () => value }
}

/** The length of the packet on the wire. */
export const PACKET_LENGTH: Arithmetic = { constant: undefined, guard: undefined, value: packet => packet.wireBytes }

/** Two numbers joined by an operator. @throws FilterError for divisions by zero and long shifts that show at once */
export function combine(operator: string, left: Arithmetic, right: Arithmetic): Arithmetic {
  if (right.constant === 0 && operator === '/') throw new FilterError('division by zero')
  if (right.constant === 0 && operator === '%') throw new FilterError('modulus by zero')
  if (right.constant !== undefined && right.constant > 31 && (operator === '<<' || operator === '>>')) {
    throw new FilterError('shift by more than 31 bits')
  }
  const guard = joinGuards(left.guard, right.guard)
  const apply = OPERATORS[operator]!
  if (left.constant !== undefined && right.constant !== undefined && guard === undefined) {
    return constant(apply(left.constant, right.constant, NO_PACKET))
  }
  const value = (packet: FilteredPacket): number => apply(left.value(packet), right.value(packet), packet)
  return { constant: undefined, guard, value }
}

function joinGuards(left: Test | undefined, right: Test | undefined): Test | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return { kind: 'and', left, right }
}

const NO_PACKET: FilteredPacket = { bytes: new Uint8Array(), wireBytes: 0, isOutgoing: false, isRefused: false }

type Operator = (left: number, right: number, packet: FilteredPacket) => number

/** A division by zero that shows only with the packet refuses it. */
function divide(apply: (left: number, right: number) => number): Operator {
  return (left, right, packet) => {
    if (right !== 0) return apply(left, right)
    packet.isRefused = true
    return 0
  }
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': (left, right) => (left + right) >>> 0,
  '-': (left, right) => (left - right) >>> 0,
  '*': (left, right) => Math.imul(left, right) >>> 0,
  '/': divide((left, right) => Math.floor(left / right)),
  '%': divide((left, right) => left % right),
  '&': (left, right) => (left & right) >>> 0,
  '|': (left, right) => (left | right) >>> 0,
  '^': (left, right) => (left ^ right) >>> 0,
  '<<': (left, right) => (right > 31 ? 0 : (left << right) >>> 0),
  '>>': (left, right) => (right > 31 ? 0 : left >>> right),
}

/** A comparison as a test. */
export function relation(operator: string, left: Arithmetic, right: Arithmetic): Test {
  const compare = COMPARISONS[operator]!
  const guard = joinGuards(left.guard, right.guard)
  const isConstant = left.constant !== undefined && right.constant !== undefined
  const test: Test = isConstant
    ? { kind: 'constant', value: compare(left.constant!, right.constant!) }
    : { kind: 'computed', holds: packet => compare(left.value(packet), right.value(packet)) }
  return guard === undefined ? test : { kind: 'and', left: guard, right: test }
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
}
