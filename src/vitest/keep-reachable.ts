import { describeReport, type Fault, LoadedLab } from '../api/loaded-lab.ts'

/** The end of `expect(lab).toKeepReachable(…).during(fault)`: breaks something and measures the interruption. */
export async function keepReachable(
  lab: unknown,
  from: string,
  to: string,
  { atMost, ...rest }: { readonly atMost: string; readonly every?: string; readonly for?: string },
  fault: Fault,
  isNegated: boolean,
): Promise<void> {
  if (!(lab instanceof LoadedLab)) throw new TypeError('expected a lab from loadLab()')
  const report = await lab.check('loss', { from, to, 'at-most': atMost, during: fault, ...rest })
  if (report.holds === isNegated)
    throw new Error(isNegated ? `expected not: ${report.expected}` : describeReport(report, lab.origin))
}
