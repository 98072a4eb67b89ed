interface Bases {
  sequence: number
  acknowledgment: number
}

/** What a segment's numbers become. */
export interface RelativeNumbers {
  readonly sequence: number
  readonly acknowledgment: number
  /** Subtracted from SACK edges. */
  readonly sackBase: number
}

/** One end of a connection as tcpdump tells them apart. */
interface End {
  /** In byte order, so that text compares as the bytes do. */
  readonly address: string
  readonly port: number
}

/**
 * The numbers from which tcpdump counts, one entry per pair of ends, whatever the direction. An entry starts with the first
 * segment with ACK, and again with each SYN that has ACK; such a segment is printed with its absolute numbers.
 */
export class TcpConversations {
  readonly #bases = new Map<string, Bases>()

  relate(source: End, destination: End, isSyn: boolean, sequence: number, acknowledgment: number): RelativeNumbers {
    const isReversed =
      source.port > destination.port || (source.port === destination.port && source.address > destination.address)
    const [low, high] = isReversed ? [destination, source] : [source, destination]
    const key = `${low.address}.${low.port} ${high.address}.${high.port}`
    const known = this.#bases.get(key)
    if (known === undefined || isSyn) {
      const bases = isReversed
        ? { acknowledgment: sequence, sequence: subtract(acknowledgment, 1) }
        : { sequence, acknowledgment: subtract(acknowledgment, 1) }
      this.#bases.set(key, bases)
      return { sequence, acknowledgment, sackBase: isReversed ? bases.sequence : bases.acknowledgment }
    }
    const [own, other] = isReversed ? [known.acknowledgment, known.sequence] : [known.sequence, known.acknowledgment]
    return { sequence: subtract(sequence, own), acknowledgment: subtract(acknowledgment, other), sackBase: other }
  }
}

function subtract(a: number, b: number): number {
  return (a - b) >>> 0
}
