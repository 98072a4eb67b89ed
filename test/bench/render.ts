import { BENCHMARKS } from './benchmarks.ts'
import { growth } from './growth.ts'
import type { RealComparison } from './real-comparison.ts'
import type { Result, ResultFile } from './results.ts'

type Row = readonly string[]

const HEAD: Row = [
  'size',
  'phase',
  's',
  'cpu s',
  'per cpu s',
  'events',
  'events/cpu s',
  'prefix updates',
  'paths',
  'B/path',
  'peak MB',
]

/** A table for a terminal. */
export function renderText(file: ResultFile): string {
  const rows = [
    ['benchmark', ...HEAD],
    ...file.results.flatMap(result => rowsOf(result).map(row => [result.benchmark, ...row])),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const lines = rows.map(row =>
    row.map((cell, at) => (at < 3 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
  )
  const failed = file.failures.map(one => `${one.benchmark} ${one.size}: ${one.message}`)
  return [...lines, '', ...growthRows(file.results).map(row => `growth of ${row.join(' ')}`), ...failed, ''].join('\n')
}

/** docs/benchmarks.md */
export function renderMarkdown(file: ResultFile, real?: RealComparison): string {
  const { machine } = file
  const memory = Math.round(machine.memoryBytes / 2 ** 30)
  return [
    '# Benchmarks',
    '',
    `Written by \`npm run bench -- --markdown docs/benchmarks.md\`: do not edit. Measured on ${machine.processor}, ${machine.cores} cores, ${memory} GiB, ` +
      `${machine.system}, Node ${machine.node}; one process per size, one thread. Seconds are of the wall clock; "per cpu s" counts the ` +
      "benchmark's unit; B/path is the heap that a settled lab holds beyond the deployed one, divided by the BGP paths of all " +
      'its routers: tables of bgpd, zebra and kernel and what peers were told.' +
      loadText(file),
    ...BENCHMARKS.flatMap(({ name, what, unit }) => {
      const results = file.results.filter(result => result.benchmark === name)
      if (results.length === 0) return []
      return [
        '',
        `## ${name}`,
        '',
        `${capital(what)}. Unit: ${unit}.`,
        '',
        ...markdownTable(HEAD, results.flatMap(rowsOf)),
      ]
    }),
    ...(real === undefined ? [] : ['', ...renderReal(real)]),
    '',
    '## Growth',
    '',
    'Processor time ~ work ^ exponent over the sizes of a series; 1 means that each piece costs the same at any size.',
    '',
    ...markdownTable(['benchmark', 'series', 'phase', 'sizes', 'exponent'], growthRows(file.results)),
    ...(file.failures.length === 0 ? [] : ['', '## Not finished', '']),
    ...file.failures.map(one => `- ${one.benchmark}, ${one.size}: ${one.message}`),
    '',
  ].join('\n')
}

/** The comparison with real routers, as lines of Markdown. */
export function renderReal({ rows, load }: RealComparison): string[] {
  const milliseconds = (seconds: number): string => count(seconds * 1000)
  return [
    '## Against real FRR',
    '',
    'The same files on FRR 8.4.4 in network namespaces of this machine, all daemons started at once, and in drylab, from the ' +
      'files to the last route in a kernel; then `spine1:eth1` goes down (`npm run bench:frr`). Milliseconds; cold is the ' +
      `first run of a process, warm the shortest of the 30 after it, cpu the processor time of that one. Load average of the machine: ${load.toFixed(1)}.`,
    '',
    ...markdownTable(
      ['size', 'phase', 'routes', 'FRR', 'cold', 'warm', 'cpu', 'faster cold', 'faster warm', 'faster by cpu'],
      rows.map(({ size, phase, routes, real, cold, warm }) => {
        const own = [cold.seconds, warm.seconds, warm.processorSeconds ?? warm.seconds]
        const faster = own.map(seconds => `${count(real / seconds)} ×`)
        return [size, phase, count(routes), milliseconds(real), ...own.map(milliseconds), ...faster]
      }),
    ),
  ]
}

/**
 * Seconds of two files side by side, and how many times less the second took: of the processor, or of the wall clock where
 * the first file has no other.
 */
export function renderComparison(before: ResultFile, after: ResultFile): string {
  const old = new Map(
    before.results.flatMap(result => result.samples.map(sample => [keyOf(result, sample.phase), { result, sample }])),
  )
  const lines: string[] = []
  for (const result of after.results) {
    for (const sample of result.samples) {
      const one = old.get(keyOf(result, sample.phase))
      if (one === undefined) continue
      const isOfProcessor = one.sample.processorSeconds !== undefined
      const [then, now] = [one.sample, sample].map(
        each => (isOfProcessor && each.processorSeconds) || each.seconds,
      ) as [number, number]
      const bytes =
        bytesPerPath(one.sample) === '' ? '' : `  B/path ${bytesPerPath(one.sample)} → ${bytesPerPath(sample)}`
      const memory = `peak ${megabytes(one.result)} → ${megabytes(result)} MB`
      const seconds = `${digits(then)} → ${digits(now)} s`
      lines.push(`${keyOf(result, sample.phase)}: ${seconds}  × ${(then / now).toFixed(2)}  ${memory}${bytes}`)
    }
  }
  return `${lines.join('\n')}\n`
}

/** What else ran, when it was enough to matter. */
function loadText({ results }: ResultFile): string {
  const loads = results.map(result => result.load ?? 0)
  const most = Math.max(...loads)
  return most < 2
    ? ''
    : ` Other programs ran meanwhile: load average up to ${most.toFixed(1)}, so "s" is longer than it need be.`
}

function rowsOf(result: Result): Row[] {
  return result.samples.map((sample, index) => {
    const { seconds, processorSeconds = seconds, amount, events, prefixUpdates, paths } = sample
    return [
      result.size,
      sample.phase,
      digits(seconds),
      digits(processorSeconds),
      count(amount / processorSeconds),
      events === undefined ? '' : count(events),
      events === undefined ? '' : count(events / processorSeconds),
      prefixUpdates === undefined ? '' : count(prefixUpdates),
      paths === undefined ? '' : count(paths),
      bytesPerPath(sample),
      index === 0 ? megabytes(result) : '',
    ]
  })
}

function growthRows(results: readonly Result[]): Row[] {
  return growth(results).map(one => [one.benchmark, one.series, one.phase, String(one.sizes), one.exponent.toFixed(2)])
}

function keyOf({ benchmark, size }: Result, phase: string): string {
  return `${benchmark} ${size} ${phase}`
}

function bytesPerPath({ heapBytes, paths }: Result['samples'][number]): string {
  return heapBytes === undefined || paths === undefined || paths === 0 ? '' : count(heapBytes / paths)
}

function megabytes({ peakBytes }: Result): string {
  return count(peakBytes / 1e6)
}

function markdownTable(head: Row, rows: readonly Row[]): string[] {
  const line = (row: Row): string => `| ${row.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at < 2 ? '---' : '---:'))), ...rows.map(line)]
}

function digits(seconds: number): string {
  return seconds >= 100 ? seconds.toFixed(0) : seconds.toPrecision(3)
}

function count(value: number): string {
  return (value >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString('en')
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1)
}
