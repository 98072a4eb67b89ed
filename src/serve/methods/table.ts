import type { Method } from '../method.ts'
import * as capture from './capture.ts'
import * as lab from './lab.ts'
import * as node from './node.ts'

/** Every method that a lab answers, one line each; `server.methods` and `lab.cancel` are the server's own. */
export const METHODS: Readonly<Record<string, Method>> = {
  'lab.load': lab.load,
  'lab.run': lab.run,
  'lab.fault': lab.fault,
  'lab.check': lab.check,
  'lab.why': lab.why,
  'lab.snapshot': lab.snapshot,
  'lab.close': lab.close,
  'node.exec': node.exec,
  'capture.start': capture.start,
  'capture.stop': capture.stop,
}
