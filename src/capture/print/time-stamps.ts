/** How -t, -tt … write the time. */
export type TimeStyle = 'clock' | 'none' | 'seconds' | 'since-previous' | 'date' | 'since-first'

/** An instant: whole seconds since 1970 and nanoseconds. */
export interface Instant {
  readonly seconds: number
  readonly nanoseconds: number
}

/** Writes the time column of a run of tcpdump. Times of day are in UTC, as in containers. Source: ts_print of util-print.c. */
export class TimeStamps {
  readonly #style: TimeStyle
  readonly #digits: 6 | 9
  #reference: number | undefined

  /** @param digits 6, or 9 for --time-stamp-precision=nano */
  constructor(style: TimeStyle, digits: 6 | 9) {
    this.#style = style
    this.#digits = digits
  }

  text(instant: Instant): string {
    const unit = this.#digits === 9 ? 1 : 1000
    const fraction = Math.floor(instant.nanoseconds / unit)
    const fractionText = (value: number): string => `.${String(value).padStart(this.#digits, '0')}`
    switch (this.#style) {
      case 'none':
        return ''
      case 'seconds':
        return instant.seconds >= 2 ** 31 ? `${OUT_OF_RANGE} ` : `${instant.seconds}${fractionText(fraction)} `
      case 'clock':
      case 'date': {
        if (instant.seconds >= 2 ** 31) return `${OUT_OF_RANGE} `
        const iso = new Date(instant.seconds * 1000).toISOString()
        const date = this.#style === 'date' ? `${iso.slice(0, 10)} ` : ''
        return `${date}${iso.slice(11, 19)}${fractionText(fraction)} `
      }
      default:
        return this.#difference(instant.seconds, fraction, fractionText)
    }
  }

  /** Since the previous or the first packet: a blank or a minus sign, then a time of day. */
  #difference(seconds: number, fraction: number, fractionText: (value: number) => string): string {
    const perSecond = 10 ** this.#digits
    // seconds since 1970 with nine digits behind them are beyond exact doubles: count from the first packet's second
    this.#baseSeconds ??= seconds
    const now = (seconds - this.#baseSeconds) * perSecond + fraction
    const reference = this.#reference ?? now
    if (this.#style === 'since-previous' || this.#reference === undefined) this.#reference = now
    const distance = Math.abs(now - reference)
    const whole = new Date(Math.floor(distance / perSecond) * 1000).toISOString().slice(11, 19)
    return `${now < reference ? '-' : ' '}${whole}${fractionText(distance % perSecond)} `
  }

  #baseSeconds: number | undefined
}

const OUT_OF_RANGE = '[Error converting time]'
